import type { LibraryItem } from '@tablecast/contracts'
import { Archive, ArchiveRestore, Copy, FileImage, FileJson, FileLock, FileText, Pencil, Trash2 } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { api, newKey } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { textOf } from '../../../../ui/form.ts'
import { saveAs } from '../../../../ui/save-as.ts'
import { exportArchive } from '../campaign-archive.ts'
import { campaignFacts } from './campaign-facts.ts'
import { DuplicateForm } from './DuplicateForm.tsx'

type Props = {
  roomId: string
  campaign: LibraryItem
  hasOther: boolean
  act: (work: () => Promise<unknown>) => void
  onDelete: (campaign: LibraryItem) => void
}

/** One campaign: its facts, and everything that can be done with it. */
export function CampaignRow({ roomId, campaign, hasOther, act, onDelete }: Props) {
  const { id, name, active, archived } = campaign
  const [form, setForm] = useState<'rename' | 'duplicate' | null>(null)
  const toggle = (next: 'rename' | 'duplicate') => setForm(form === next ? null : next)
  const download = (format: 'json' | 'markdown', audience: 'dm' | 'player') =>
    act(async () => {
      const asked = { roomId, campaignId: id, format, audience }
      const { fileName, mediaType, text } = await api.campaign.export.query(asked)
      saveAs(fileName, new Blob([text], { type: mediaType }))
    })
  const downloadArchive = () =>
    act(async () => {
      const { fileName, content } = await exportArchive(roomId, id)
      saveAs(fileName, content)
    })
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const next = textOf(new FormData(event.currentTarget), 'name')
    act(() => api.campaign.rename.mutate({ roomId, campaignId: id, key: newKey(), name: next }))
    setForm(null)
  }
  return (
    <li className={`rounded-xl border p-3 ${active ? 'border-accent' : 'border-line'}`}>
      {form === 'rename' ? (
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
      <p className="text-soft text-xs [overflow-wrap:anywhere]">{campaignFacts(campaign)}</p>
      {form === 'duplicate' && (
        <DuplicateForm roomId={roomId} campaign={campaign} act={act} onDone={() => setForm(null)} />
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-1">
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
        <Tool label={`Rename ${name}`} words="Rename" onClick={() => toggle('rename')}>
          <Pencil size={16} aria-hidden="true" />
        </Tool>
        <Tool label={`Duplicate ${name}`} words="Duplicate" onClick={() => toggle('duplicate')}>
          <Copy size={16} aria-hidden="true" />
        </Tool>
        {!active && (
          <Tool
            label={archived ? `Take ${name} out of the archive` : `Archive ${name}`}
            words={archived ? 'Take out' : 'Archive'}
            onClick={() =>
              act(() => api.campaign.archive.mutate({ roomId, campaignId: id, key: newKey(), archived: !archived }))
            }
          >
            {archived ? <ArchiveRestore size={16} aria-hidden="true" /> : <Archive size={16} aria-hidden="true" />}
          </Tool>
        )}
        {!active && (
          <Tool label={`Delete ${name}`} words="Delete" onClick={() => onDelete(campaign)}>
            <Trash2 size={16} aria-hidden="true" />
          </Tool>
        )}
      </div>
      <div className="text-soft flex flex-wrap items-center gap-x-1 text-sm">
        <span aria-hidden="true">Export</span>
        <Tool label={`Export ${name} with pictures (for the DM)`} words="With pictures" onClick={downloadArchive}>
          <FileImage size={16} aria-hidden="true" />
        </Tool>
        <Tool label={`Export ${name} as JSON (for the DM)`} words="JSON" onClick={() => download('json', 'dm')}>
          <FileJson size={16} aria-hidden="true" />
        </Tool>
        <Tool
          label={`Export ${name} as Markdown (for the DM)`}
          words="Markdown"
          onClick={() => download('markdown', 'dm')}
        >
          <FileLock size={16} aria-hidden="true" />
        </Tool>
        <Tool
          label={`Export ${name} for players, as Markdown`}
          words="For players"
          onClick={() => download('markdown', 'player')}
        >
          <FileText size={16} aria-hidden="true" />
        </Tool>
      </div>
    </li>
  )
}

type ToolProps = { label: string; words: string; onClick: () => void; children: ReactNode }

/** A picture with its word. `label` also names the campaign. */
const Tool = ({ label, words, onClick, children }: ToolProps) => (
  <Button look="quiet" aria-label={label} className="!gap-1.5 !px-2 text-sm" onClick={onClick}>
    {children} {words}
  </Button>
)
