// The report about a campaign in JSON: the preview shows it before the import, and the import answers the same.
import {
  bytesOf,
  CampaignDocument,
  type ImportReport,
  MAX_PAGES,
  normalizeLine,
  type Page,
  TablecastError,
} from '@tablecast/contracts'
import { countsOf, pagesSentence, ReportNotes, MAX_NAMES_SHOWN, reportState } from '@tablecast/narrator'
import { checkDocument, checkedEntries, type EntrySlices } from './document.ts'

/** Throws VALIDATION_FAILED with words for the person who chose the file. */
export function readDocument(file: unknown): CampaignDocument {
  const { format, formatVersion } = isRecord(file) ? file : {}
  if (format !== 'tablecast-campaign')
    throw refusal('This is not a campaign. Choose a file that was exported here, or a scenario in Markdown.')
  if (typeof formatVersion === 'number' && formatVersion > 1)
    throw refusal(`A newer Tablecast exported this file (form ${formatVersion}). This one reads form 1.`)
  const parsed = CampaignDocument.safeParse(file)
  if (!parsed.success) {
    const where = placeOf(parsed.error.issues[0]?.path ?? [])
    throw refusal(`The file is damaged, or was changed by hand. Look at: ${where}.`, parsed.error.issues.slice(0, 10))
  }
  return checkDocument(parsed.data)
}

/** The fields in which a file differs from the document that was read from it. `entries`: the number of entries. */
export type Comparison = { changed: Fields; unknown: Fields; entries: number }

/** Reads the long entries too. Throws VALIDATION_FAILED as the import does. */
export async function compareFile(
  file: unknown,
  document: CampaignDocument,
  longEntries: EntrySlices | null,
): Promise<Comparison> {
  const found: Differences = { changed: new Fields(), unknown: new Fields() }
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
  reportState(notes, state)
  const [toFit, notKnown] = ['fields that were changed to fit', 'fields that this Tablecast does not know']
  for (const field of changed.named) notes.changed(changed.sentence(toFit), field)
  for (const field of unknown.named) notes.leftOut(unknown.sentence(notKnown), field)
  for (const { name: who, ownerId } of state.characters)
    if (ownerId !== null && !memberIds.has(ownerId))
      notes.changed('Played by somebody who is not at this table, until you choose another player', who)
  const counts = countsOf({ state, pages, entries })
  const report = { ...notes.report({ name, state, pages }), counts }
  if (entries > 0) report.kept.push(`The story so far: ${entries.toLocaleString('en')} entries.`)
  if (pages.length > 0) report.kept.push(pagesSentence('', counts))
  return report
}

/** Throws VALIDATION_FAILED for more pages, or more bytes of pages, than a campaign may hold. */
export function mustFit(pages: readonly Page[], maxBytes: number): void {
  if (pages.length > MAX_PAGES)
    throw refusal(
      `A campaign holds at most ${MAX_PAGES.toLocaleString('en')} pages, and this file has ${pages.length.toLocaleString('en')}. Import the adventure in parts.`,
    )
  const bytes = pages.reduce((sum, { text }) => sum + bytesOf(text), 0)
  if (bytes > maxBytes)
    throw refusal(
      `The pages of a campaign hold at most ${inWords(maxBytes)}, and this file has ${inWords(bytes)}. Import the adventure in parts.`,
    )
}

const refusal = (message: string, issues?: unknown) =>
  new TablecastError('VALIDATION_FAILED', message, issues === undefined ? undefined : { issues })

const inWords = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`

type Differences = { changed: Fields; unknown: Fields }

/** A file may consist of unknown fields. Beyond this number the report says “more than” it. */
const MAX_FIELDS = 10_000

/** The names of fields, each once. */
class Fields {
  readonly #names = new Set<string>()
  #isFull = false

  add(path: readonly string[], remark = ''): void {
    const name = placeOf(path) + remark
    if (this.#names.size < MAX_FIELDS) this.#names.add(name)
    else if (!this.#names.has(name)) this.#isFull = true
  }

  /** A few of them if there are more than the report can count. */
  get named(): readonly string[] {
    return this.#isFull ? [...this.#names].slice(0, MAX_NAMES_SHOWN - 1) : [...this.#names]
  }

  sentence(words: string): string {
    return this.#isFull
      ? `More than ${MAX_FIELDS.toLocaleString('en')} ${words}. The first are`
      : words.charAt(0).toUpperCase() + words.slice(1)
  }
}

/**
 * Finds the fields of `before` that `after` lacks, or has with another value. Goes no deeper than `after`. Two items of a list are the same
 * if they have the same id, else if they have the same position: an item that occurs twice is read once.
 */
function compare(before: unknown, after: unknown, path: readonly string[], found: Differences): void {
  if (Array.isArray(before) && Array.isArray(after)) {
    const byId = new Map(after.map((item: unknown) => [idOf(item), item]))
    if (after.length < before.length) found.changed.add(path, ' (items that occurred twice)')
    // Without the position: one name stands for this field of every item.
    for (const [position, item] of before.entries())
      compare(item, (idOf(item) === null ? null : byId.get(idOf(item))) ?? after[position], path, found)
  } else if (isRecord(before) && isRecord(after)) {
    for (const [key, value] of Object.entries(before))
      if (Object.hasOwn(after, key)) compare(value, after[key], [...path, key], found)
      else found.unknown.add([...path, key])
  } else if (before !== after) found.changed.add(path)
}

const idOf = (item: unknown): string | null => (isRecord(item) && typeof item['id'] === 'string' ? item['id'] : null)

/** `characters › 4 › name` for `state.characters.3.name`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .filter((key) => key !== 'state')
    .map((key) => (typeof key === 'number' ? String(key + 1) : normalizeLine(String(key))))
    .join(' › ') || 'the whole file'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
