// The report of an import of JSON: the parts that become a campaign, and those that do not. Made before it is stored, and after.
import {
  bytesOf,
  CampaignDocument,
  type ImportReport,
  MAX_PAGES,
  mendLine,
  type Page,
  TablecastError,
} from '@tablecast/contracts'
import { countsOf, pagesSentence, ReportNotes, tellOfState } from '@tablecast/narrator'
import { checkDocument, checkedEntries, type EntrySlices } from './document.ts'

/** Throws VALIDATION_FAILED with words for the person who chose the file. */
export function readDocument(file: unknown): CampaignDocument {
  const { format, formatVersion } = isRecord(file) ? file : {}
  if (format !== 'tablecast-campaign')
    throw refusal('This is no campaign. Choose a file that was exported here, or a scenario in Markdown.')
  if (typeof formatVersion === 'number' && formatVersion > 1)
    throw refusal(`A newer Tablecast exported this file (form ${formatVersion}). This one reads form 1.`)
  const parsed = CampaignDocument.safeParse(file)
  if (!parsed.success) {
    const where = placeOf(parsed.error.issues[0]?.path ?? [])
    throw refusal(`The file is damaged, or was changed by hand. Look at: ${where}.`, parsed.error.issues.slice(0, 10))
  }
  return checkDocument(parsed.data)
}

/** How a file and the document that was read from it differ. `entries`: how many there are. */
export type Comparison = { changed: ReadonlySet<string>; unknown: ReadonlySet<string>; entries: number }

/** Reads the entries that are apart from the document. Throws VALIDATION_FAILED as the import does. */
export async function compareFile(
  file: unknown,
  document: CampaignDocument,
  longEntries: EntrySlices | null,
): Promise<Comparison> {
  const found: Differences = { changed: new Set(), unknown: new Set() }
  compare(file, document, [], found)
  if (!longEntries) return { ...found, entries: document.entries.length }
  let entries = 0
  for await (const some of checkedEntries(longEntries, (given, entry) => compare(given, entry, ['entries'], found)))
    entries += some.length
  return { ...found, entries }
}

/** `memberIds`: the members of the room into which the document is imported. */
export function documentReport(
  { name, state, pages = [] }: CampaignDocument,
  { changed, unknown, entries }: Comparison,
  memberIds: ReadonlySet<string>,
): ImportReport {
  const notes = new ReportNotes()
  tellOfState(notes, state)
  for (const field of changed) notes.changed('Made to fit', field)
  for (const field of unknown) notes.leftOut('What this Tablecast does not know', field)
  for (const { name: who, ownerId } of state.characters)
    if (ownerId !== null && !memberIds.has(ownerId))
      notes.changed('Played by somebody who is not at this table, until you choose another player', who)
  const counts = countsOf({ state, pages, entries })
  const report = { ...notes.report({ name, state, pages }), counts }
  if (entries > 0) report.kept.push(`The story so far: ${entries.toLocaleString('en')} entries.`)
  if (pages.length > 0) report.kept.push(pagesSentence('', counts))
  return report
}

/** Throws VALIDATION_FAILED for more than the pages of one campaign may hold together. */
export function mustFit(pages: readonly Page[], maxBytes: number): void {
  if (pages.length > MAX_PAGES)
    throw refusal(
      `A campaign holds ${MAX_PAGES.toLocaleString('en')} pages, and these are ${pages.length.toLocaleString('en')}. Import the adventure in parts.`,
    )
  const bytes = pages.reduce((sum, { text }) => sum + bytesOf(text), 0)
  if (bytes > maxBytes)
    throw refusal(
      `The pages of a campaign hold ${inWords(maxBytes)} at the most, and these have ${inWords(bytes)}. Import the adventure in parts.`,
    )
}

const refusal = (message: string, issues?: unknown) =>
  new TablecastError('VALIDATION_FAILED', message, issues === undefined ? undefined : { issues })

const inWords = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`

type Differences = { changed: Set<string>; unknown: Set<string> }

/**
 * Adds the fields of `before` that `after` lacks, or has with another value. Goes no deeper than `after` does. Items of a list are the
 * same by their id, else by their position: an item that stands twice is read once.
 */
function compare(before: unknown, after: unknown, path: readonly string[], found: Differences): void {
  if (Array.isArray(before) && Array.isArray(after)) {
    const byId = new Map(after.map((item: unknown) => [idOf(item), item]))
    if (after.length < before.length) found.changed.add(`${placeOf(path)} (items that stood twice)`)
    // Of lists the fields are named, and not each position.
    for (const [position, item] of before.entries())
      compare(item, (idOf(item) === null ? null : byId.get(idOf(item))) ?? after[position], path, found)
  } else if (isRecord(before) && isRecord(after)) {
    for (const [key, value] of Object.entries(before))
      if (Object.hasOwn(after, key)) compare(value, after[key], [...path, key], found)
      else addTo(found.unknown, [...path, key])
  } else if (before !== after) addTo(found.changed, path)
}

/** A file may be made of nothing but fields that nobody knows: the report names a few of them, and how many more there are. */
const MAX_FOUND = 1_000

function addTo(places: Set<string>, path: readonly string[]): void {
  if (places.size < MAX_FOUND) places.add(placeOf(path))
}

const idOf = (item: unknown): string | null => (isRecord(item) && typeof item['id'] === 'string' ? item['id'] : null)

/** `state.characters.3.name` is said as `characters › 4 › name`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .filter((key) => key !== 'state')
    .map((key) => (typeof key === 'number' ? String(key + 1) : mendLine(String(key))))
    .join(' › ') || 'the whole file'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
