// Reads a file in Markdown as a new campaign: an export of Tablecast, or an adventure that a person wrote.
import { fitsMarkdown, MAX_SCENARIO, normalize, TablecastError } from '@tablecast/contracts'
import { readAdventure } from './scenario/adventure.ts'
import { readOwnExport } from './scenario/own-export.ts'
import type { Scenario } from './scenario/reading.ts'
import { reportNormalization } from './scenario/report-normalization.ts'

/** A book of two hundred pages; the parser takes seconds for that, and longer for what is nested deeper. */
const MOST = { characters: MAX_SCENARIO, depth: 12, weight: 100_000 }

/**
 * `newId` names what is in the lists. Throws VALIDATION_FAILED for a text with nothing in it, or too much.
 *
 * Takes seconds for a long text, and minutes for one that is made for it: a server reads it in the thread of `scenarioWorker`.
 */
export function readScenario(markdown: string, newId: () => string = () => crypto.randomUUID().slice(0, 13)): Scenario {
  const normalized = normalize(markdown.replace(/^\u{FEFF}/u, ''))
  const { text } = normalized
  if (text.length > MOST.characters) throw tooMuch()
  const own = readOwnExport(text, newId)
  // The bound protects the parser of Markdown, which does not read an export.
  if (!own && !fitsMarkdown(text, MOST)) throw tooMuch()
  return reportNormalization(own ?? readAdventure(text, newId), normalized)
}

const tooMuch = () =>
  new TablecastError(
    'VALIDATION_FAILED',
    'The text is too much to be read as a scenario: lists or quotes in each other more than twelve deep, or too many lines and marks. Import it in parts.',
  )
