import { inOneForm, type NarrativeEntry } from '@tablecast/contracts'
import { ChevronDown, Dices, EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { canFold } from './entry-kinds.ts'

type Props = {
  entries: readonly NarrativeEntry[]
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  /** Each entry by itself, for a reader who unfolds the line. */
  children: ReactNode
}

/** A turn of a fight as one line, which grows while the turn lasts. Unfolded it has each entry with its dice and tools. */
export function TurnLine({ entries, isOpen, onOpen, children }: Props) {
  const isFolded = !isOpen
  const lines = inOneForm(entries)
  const told = lines.filter((entry) => !canFold(entry))
  const more = lines.length - told.length
  return (
    <article
      aria-label="A turn of the fight"
      className="border-line text-soft flex items-start gap-2 border-l-2 border-dotted pl-4 text-sm"
    >
      {isFolded ? (
        <p className="min-w-0 grow [overflow-wrap:anywhere]">
          {told.map((entry) => (
            <Sentence key={entry.id} entry={entry} />
          ))}
          {told.length === 0 && (more === 1 ? 'A line of bookkeeping' : `${more} lines of bookkeeping`)}
        </p>
      ) : (
        <div className="flex min-w-0 grow flex-col gap-3">{children}</div>
      )}
      <button
        type="button"
        aria-expanded={isOpen}
        aria-label={isOpen ? 'Fold this turn' : 'Show each line of this turn'}
        title={isOpen ? 'Fold this turn' : 'Show each line of this turn'}
        className="hover:text-ink -my-1 inline-flex size-7 shrink-0 items-center justify-center rounded"
        onClick={() => onOpen(isFolded)}
      >
        <ChevronDown size={15} aria-hidden="true" className={isOpen ? 'rotate-180' : ''} />
      </button>
    </article>
  )
}

function Sentence({ entry }: { entry: NarrativeEntry }) {
  const { id, text, rolls, audience, withdrawn, hasPlayersForm } = entry
  const isTakenBack = withdrawn && text === ''
  return (
    <span data-testid="entry" data-entry={id} data-kind="bookkeeping" className="arrive">
      {audience === 'dm' && !hasPlayersForm && (
        <span className="text-warn" title="Only DMs see this">
          <EyeOff size={13} aria-hidden="true" className="mr-1 inline align-[-2px]" />
          <span className="sr-only">Only DMs see this: </span>
        </span>
      )}
      <span className={withdrawn ? 'line-through opacity-60' : ''}>{isTakenBack ? 'Taken back.' : text}</span>
      {rolls.map((roll, index) => (
        <span key={index} title={roll.output} className="bg-raised ml-1 rounded px-1.5 py-0.5 whitespace-nowrap">
          <Dices size={13} aria-hidden="true" className="text-accent inline align-[-2px]" /> {roll.notation}{' '}
          <strong>{roll.total}</strong>
        </span>
      ))}{' '}
    </span>
  )
}
