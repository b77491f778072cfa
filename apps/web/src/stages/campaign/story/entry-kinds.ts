import { type NarrativeEntry, turnLines } from '@tablecast/contracts'
import { storage } from '../../../storage.ts'

/** The entries that the story shows. */
export type Shown = 'all' | 'story' | 'bookkeeping'

/** The lines of commands and the rolls, which say what the rules did. */
export const isBookkeeping = ({ kind }: Pick<NarrativeEntry, 'kind'>): boolean => kind === 'system' || kind === 'roll'

export const isShown = (entry: Pick<NarrativeEntry, 'kind'>, shown: Shown): boolean =>
  shown === 'all' || isBookkeeping(entry) === (shown === 'bookkeeping')

/** Dice and the lines of commands have no words of a person. */
export const hasOwnWords = ({ kind }: Pick<NarrativeEntry, 'kind'>): boolean => !isBookkeeping({ kind })

export const canFold = ({ isBookkeeping: is, withdrawn }: NarrativeEntry): boolean => is === true && !withdrawn

/** Lines of a fight's turns, single entries, and runs of bookkeeping outside of a turn that a page folds. */
export function foldedRuns(entries: readonly NarrativeEntry[]): NarrativeEntry[][] {
  const runs: NarrativeEntry[][] = []
  for (const line of turnLines(entries)) {
    const last = runs.at(-1)
    const isFolded = isOutsideTurns(line) && line.every(canFold)
    if (isFolded && last && isOutsideTurns(last) && last.every(canFold)) last.push(...line)
    else runs.push(line)
  }
  return runs
}

const isOutsideTurns = ([first]: readonly NarrativeEntry[]): boolean => first?.turn === undefined

const SHOWN_KEY = 'tablecast.story.shown'

/** The device remembers the choice. */
export function readShown(): Shown {
  const value = storage.read(SHOWN_KEY)
  return value === 'story' || value === 'bookkeeping' ? value : 'all'
}

export const keepShown = (shown: Shown): void => storage.write(SHOWN_KEY, shown)
