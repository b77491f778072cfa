import type { LibraryItem } from '@tablecast/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Library as LibraryIcon, Upload } from 'lucide-react'
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { queries } from '../../../queries.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'
import { useNotify } from '../../../ui/toast.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { CampaignRow } from './library/CampaignRow.tsx'
import { DeletedCampaigns } from './library/DeletedCampaigns.tsx'

type Shelf = 'campaigns' | 'archive' | 'deleted'

const empty: Record<Shelf, string> = {
  campaigns: 'No campaign yet. Create one, or import it from a file.',
  archive: 'The archive is empty.',
  deleted: 'Nothing was deleted in the last 30 days.',
}

/** All campaigns of the room: create, open, close, rename, duplicate, delete, take in and out. */
export function Library({ roomId, activeId }: { roomId: string; activeId: string | null }) {
  const { data, refetch, error, isLoading } = useQuery(queries.campaign.list.queryOptions({ roomId }))
  const notify = useNotify()
  const [shelf, setShelf] = useState<Shelf>('campaigns')
  const [justDeleted, setJustDeleted] = useState<LibraryItem | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<{ file: File | null; choice: number } | null>(null)
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => refetch(),
    onError: (failure) => notify('That did not work', messageOf(failure)),
  })
  const { campaigns = [], deleted = [] } = data ?? {}
  const archive = campaigns.filter(({ archived }) => archived)
  const shelves = { campaigns: campaigns.filter(({ archived }) => !archived), archive, deleted }
  const shown = shelves[shelf]
  const remove = (campaign: LibraryItem) =>
    act.mutate(async () => {
      await api.campaign.delete.mutate({ roomId, campaignId: campaign.id, key: newKey() })
      setJustDeleted(campaign)
    })
  const restore = ({ id }: LibraryItem) =>
    act.mutate(async () => {
      await api.campaign.restore.mutate({ roomId, campaignId: id, key: newKey() })
      setJustDeleted(null)
    })
  const create = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const name = textOf(new FormData(form), 'name')
    act.mutate(() => api.campaign.create.mutate({ roomId, key: newKey(), name }))
    form.reset()
  }
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [first] = event.target.files ?? []
    if (first) setChosen((before) => ({ file: first, choice: (before?.choice ?? 0) + 1 }))
    // Lets the DM choose the same file again.
    event.target.value = ''
  }
  return (
    <Dialog
      title="Campaigns"
      onOpenChange={() => void refetch()}
      trigger={
        <Button data-command="Table" data-words="library create import export activate archive rename">
          <LibraryIcon size={17} aria-hidden="true" /> Campaigns
        </Button>
      }
    >
      <Problem text={error ? messageOf(error) : null} />
      {isLoading && <p className="text-soft">Loading…</p>}
      {!isLoading && shown.length === 0 && <p className="text-soft mb-3">{empty[shelf]}</p>}
      {justDeleted && (
        <p role="status" className="bg-raised mb-2 flex flex-wrap items-center gap-2 rounded-lg p-2 text-sm">
          <span className="min-w-0 grow [overflow-wrap:anywhere]">
            {justDeleted.name} is deleted. It can be restored for 30 days.
          </span>
          <Button className="!min-h-9" onClick={() => restore(justDeleted)}>
            Undo
          </Button>
        </p>
      )}
      {shelf === 'deleted' ? (
        <DeletedCampaigns campaigns={deleted} onRestore={restore} />
      ) : (
        <ul aria-label="Campaigns" className="flex flex-col gap-2">
          {shown.map((campaign) => (
            <CampaignRow
              key={campaign.id}
              roomId={roomId}
              campaign={{ ...campaign, active: campaign.id === activeId }}
              hasOther={activeId !== null}
              act={act.mutate}
              onDelete={remove}
            />
          ))}
        </ul>
      )}
      <form className="mt-4 flex gap-2" onSubmit={create}>
        <input
          name="name"
          aria-label="Name of the new campaign"
          required
          maxLength={60}
          placeholder="A new campaign"
          className="input"
        />
        <Button look="primary" type="submit">
          Create
        </Button>
      </form>
      <div className="mt-3 flex flex-wrap justify-between gap-2">
        <input
          ref={file}
          type="file"
          accept=".json,.md,.markdown,.txt,.zip,application/json,text/markdown,application/zip"
          aria-label="File to import"
          className="hidden"
          onChange={choose}
        />
        <Button onClick={() => file.current?.click()}>
          <Upload size={16} aria-hidden="true" /> Import
        </Button>
        <div className="flex flex-wrap">
          {shelf !== 'campaigns' && (
            <Button look="quiet" onClick={() => setShelf('campaigns')}>
              Back to the campaigns
            </Button>
          )}
          {shelf !== 'archive' && archive.length > 0 && (
            <Button look="quiet" onClick={() => setShelf('archive')}>
              Archive ({archive.length})
            </Button>
          )}
          {shelf !== 'deleted' && deleted.length > 0 && (
            <Button look="quiet" onClick={() => setShelf('deleted')}>
              Deleted ({deleted.length})
            </Button>
          )}
        </div>
      </div>
      {chosen?.file && (
        <ImportDialog
          key={chosen.choice}
          roomId={roomId}
          file={chosen.file}
          choice={chosen.choice}
          onClose={() => setChosen({ ...chosen, file: null })}
          onImported={() => {
            setChosen({ ...chosen, file: null })
            void refetch()
          }}
        />
      )}
    </Dialog>
  )
}
