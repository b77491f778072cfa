import { MoreHorizontal } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { usePart } from '../../../ui/use-part.tsx'
import type { EntryMenuProps } from './StoryEntry.tsx'

const loadTools = () => import('./EntryTools.tsx').then(({ EntryTools }) => EntryTools)

/** Opens the tools of an entry, for its author and the DM. The arrow keys go from one entry to the next. */
export function EntryMenu({ entry, place }: EntryMenuProps) {
  const { Part, want, problem } = usePart(loadTools)
  const [isOpen, setIsOpen] = useState(false)
  const isMine = entry.author.id === place.myId
  if (!place.isDm && (!isMine || entry.withdrawn)) return null
  // An undo is taken back by a redo.
  if (entry.withdrawn && !entry.deleted) return null
  const toggle = () => {
    if (!Part) want()
    setIsOpen(!isOpen)
  }
  const name = entry.author.name
  return (
    <>
      <IconButton
        label={isMine ? 'Change your entry' : `Change the entry of ${name}`}
        aria-expanded={isOpen}
        data-entry-menu=""
        className="relative z-1 float-right -mr-2 max-md:-my-1 md:!min-h-9 md:!w-9"
        onClick={toggle}
        onKeyDown={goOn}
      >
        <MoreHorizontal size={17} aria-hidden="true" />
      </IconButton>
      {isOpen && Part && <Part entry={entry} place={place} onClose={() => setIsOpen(false)} />}
      {problem}
    </>
  )
}

function goOn(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const log = event.currentTarget.closest('[role=log]')
  const all = [...(log?.querySelectorAll<HTMLButtonElement>('[data-entry-menu]') ?? [])]
  const next = all[all.indexOf(event.currentTarget) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
