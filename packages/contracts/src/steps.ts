// The step that an undo or a redo takes next: which, whose, and what it changed. Only DMs are sent one.
import { clipped, quoted } from './short-text.ts'
import type { NarrativeEntry } from './state.ts'

export type StepPerson = { id: string; name: string }

/**
 * `step`: its number, to say in a call which step is meant. `by`: the DM who made the step: for an undo the author of the change (or
 * of its redo), for a redo the author of the undo. `of`: the author of the change itself. Both are null when nobody knows any more.
 * `changes`: what it changed in the state, in words without a full stop; it may hold secrets. `entryIds`: the first of its entries in
 * the story.
 */
export type Step = { step: number; by: StepPerson | null; of: StepPerson | null; changes: string; entryIds: string[] }

type Told = Pick<Step, 'of' | 'changes' | 'entryIds'>

/** “your change: Mira’s hit points 12 → 7”, as that reader says it. `entries`: among them those of the step, as far as they are known. */
export const stepInWords = (step: Told, entries: readonly NarrativeEntry[], readerId: string): string =>
  `${changeOf(step.of, readerId)}: ${whatChanged(step, entries)}`

export function whatChanged({ changes, entryIds }: Told, entries: readonly NarrativeEntry[]): string {
  const ids = new Set(entryIds)
  // A command writes its own line of the story, which says the same as its changes.
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

/** With a full stop, unless the words end with one. */
export const asSentence = (words: string): string => (/[.!?…]”?$/.test(words) ? words : `${words}.`)
