import type { CampaignSummary } from '@tablecast/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import {
  Archive,
  ArchiveRestore,
  FileJson,
  FileLock,
  FileText,
  Library as LibraryIcon,
  Pencil,
  Upload,
} from 'lucide-react'
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { queries } from '../../../queries.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Confirm, Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'
import { useNotify } from '../../../ui/toast.tsx'
import { ImportDialog } from './ImportDialog.tsx'

/** All campaigns of the room: create, open, close, rename, take in and out. */
export function Library({ roomId, activeId }: { roomId: string; activeId: string | null }) {
  const { data, refetch, error, isLoading } = useQuery(queries.campaign.list.queryOptions({ roomId }))
  const notify = useNotify()
  const [isArchiveShown, setIsArchiveShown] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<{ file: File | null; choice: number } | null>(null)
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => refetch(),
    onError: (failure) => notify('That did not work', messageOf(failure)),
  })
  const campaigns = data?.campaigns ?? []
  const shown = campaigns.filter(({ archived }) => archived === isArchiveShown)
  const archivedCount = campaigns.filter(({ archived }) => archived).length
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
          <LibraryIcon size={17} aria-hidden="true" /> <span className="max-sm:sr-only">Campaigns</span>
        </Button>
      }
    >
      <Problem text={error ? messageOf(error) : null} />
      {isLoading && <p className="text-soft">Loading…</p>}
      {!isLoading && shown.length === 0 && (
        <p className="text-soft mb-3">
          {isArchiveShown ? 'The archive is empty.' : 'No campaign yet. Create one, or import it from a file.'}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {shown.map((campaign) => (
          <CampaignRow
            key={campaign.id}
            roomId={roomId}
            campaign={{ ...campaign, active: campaign.id === activeId }}
            hasOther={activeId !== null}
            act={act.mutate}
          />
        ))}
      </ul>
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
          accept=".json,.md,.markdown,.txt,application/json,text/markdown"
          aria-label="File to import"
          className="hidden"
          onChange={choose}
        />
        <Button onClick={() => file.current?.click()}>
          <Upload size={16} aria-hidden="true" /> Import
        </Button>
        {(archivedCount > 0 || isArchiveShown) && (
          <Button look="quiet" onClick={() => setIsArchiveShown(!isArchiveShown)}>
            {isArchiveShown ? 'Back to the campaigns' : `Archive (${archivedCount})`}
          </Button>
        )}
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

type RowProps = {
  roomId: string
  campaign: CampaignSummary
  hasOther: boolean
  act: (work: () => Promise<unknown>) => void
}

function CampaignRow({ roomId, campaign, hasOther, act }: RowProps) {
  const { id, name, active, archived } = campaign
  const [isRenaming, setIsRenaming] = useState(false)
  const download = (format: 'json' | 'markdown', audience: 'dm' | 'player') =>
    act(async () => {
      const asked = { roomId, campaignId: id, format, audience }
      const { fileName, mediaType, text } = await api.campaign.export.query(asked)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text], { type: mediaType }))
      link.download = fileName
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 1_000)
    })
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const next = textOf(new FormData(event.currentTarget), 'name')
    act(() => api.campaign.rename.mutate({ roomId, campaignId: id, key: newKey(), name: next }))
    setIsRenaming(false)
  }
  return (
    <li className={`rounded-xl border p-3 ${active ? 'border-accent' : 'border-line'}`}>
      {isRenaming ? (
        <form className="flex gap-2" onSubmit={rename}>
          <input
            name="name"
            aria-label={`New name of ${name}`}
            required
            maxLength={60}
            defaultValue={name}
            className="input"
          />
          <Button look="primary" type="submit">
            Rename
          </Button>
        </form>
      ) : (
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name} {active && <span className="text-good text-xs font-normal">on the table</span>}
        </p>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-1">
        {active ? (
          <Confirm
            title={`Close ${name}?`}
            text="Players will see that no campaign is active. Nothing is lost."
            action="Deactivate"
            danger
            onConfirm={() => act(() => api.campaign.deactivate.mutate({ roomId, key: newKey() }))}
            trigger={<Button look="danger">Deactivate campaign</Button>}
          />
        ) : (
          !archived && (
            <Confirm
              title={hasOther ? `Switch to ${name}?` : `Open ${name}?`}
              text={
                hasOther
                  ? 'Players leave the campaign that is open and see this one at once.'
                  : 'Players see it at once.'
              }
              action={hasOther ? 'Switch' : 'Activate'}
              onConfirm={() => act(() => api.campaign.activate.mutate({ roomId, campaignId: id, key: newKey() }))}
              trigger={<Button aria-label={`Activate ${name}`}>Activate</Button>}
            />
          )
        )}
        <span className="grow" />
        <IconButton label={`Rename ${name}`} onClick={() => setIsRenaming(!isRenaming)}>
          <Pencil size={16} />
        </IconButton>
        <IconButton label={`Export ${name} as JSON (for the DM)`} onClick={() => download('json', 'dm')}>
          <FileJson size={16} />
        </IconButton>
        <IconButton label={`Export ${name} as Markdown (for the DM)`} onClick={() => download('markdown', 'dm')}>
          <FileLock size={16} />
        </IconButton>
        <IconButton label={`Export ${name} for players, as Markdown`} onClick={() => download('markdown', 'player')}>
          <FileText size={16} />
        </IconButton>
        {!active && (
          <IconButton
            label={archived ? `Take ${name} out of the archive` : `Archive ${name}`}
            onClick={() =>
              act(() => api.campaign.archive.mutate({ roomId, campaignId: id, key: newKey(), archived: !archived }))
            }
          >
            {archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
          </IconButton>
        )}
      </div>
    </li>
  )
}
