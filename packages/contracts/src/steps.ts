// The step that an undo or a redo takes next. Only DMs get it.
import { clipped, quoted } from './short-text.ts'
import type { NarrativeEntry } from './state.ts'

export type StepPerson = { id: string; name: string }

/**
 * `step`: its number, which a call names. `by`: the DM who made the step. For an undo that is the author of the change or of its redo,
 * for a redo the author of the undo. `of`: the author of the change itself. Both are null if the author is unknown. `changes`: the
 * changes of the state in words, without a full stop; they may hold secrets. `entryIds`: its first entries in the story.
 */
export type Step = { step: number; by: StepPerson | null; of: StepPerson | null; changes: string; entryIds: string[] }

type Told = Pick<Step, 'of' | 'changes' | 'entryIds'>

/** “your change: Mira’s hit points 12 → 7”, if the reader made the change. `entries`: the entries that the page has. */
export const stepInWords = (step: Told, entries: readonly NarrativeEntry[], readerId: string): string =>
  `${changeOf(step.of, readerId)}: ${whatChanged(step, entries)}`

export function whatChanged({ changes, entryIds }: Told, entries: readonly NarrativeEntry[]): string {
  const ids = new Set(entryIds)
  // The entry of a command describes the same changes.
  const texts = entries.filter(({ id, kind }) => ids.has(id) && (kind !== 'system' || changes === '')).map(entryInWords)
  return [...texts, changes].filter((part) => part !== '').join('; ') || 'words in the story'
}

const changeOf = (of: StepPerson | null, readerId: string): string => {
  if (of === null) return 'an earlier change'
  return of.id === readerId ? 'your change' : `${of.name}’s change`
}

function entryInWords({ kind, text, rolls, member }: NarrativeEntry): string {
  if (kind === 'whisper') return `a whisper between ${member?.name ?? 'a player'} and the DM`
  const [roll] = rolls
  if (kind === 'roll' && roll) return `a roll of ${clipped(roll.label || roll.notation)}`
  return quoted(text)
}

/** Adds a full stop if there is none. */
export const asSentence = (words: string): string => (/[.!?…]”?$/.test(words) ? words : `${words}.`)
