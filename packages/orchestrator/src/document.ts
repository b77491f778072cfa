// A campaign as one document: JSON to move it, Markdown to read it.
import {
  type Audience,
  CampaignDocument,
  type CampaignExport,
  isEqual,
  isUnique,
  keyedLists,
  MAX_ENTRIES,
  MAX_MAP_PIXELS,
  NarrativeEntry,
  playerView,
  TablecastError,
  healState,
  withoutNames,
} from '@tablecast/contracts'
import type { CampaignRow, Repositories } from '@tablecast/store'
import { exportedParts } from './fights/travel.ts'
import { exportedFogs } from './maps/travel.ts'
import { markdownForDm, markdownForPlayers } from './markdown.ts'
import { exportedSheets } from './sheets/travel.ts'

const PAGE = 500

export type ExportChoice = { format: 'json' | 'markdown'; audience: Audience }

/** JSON is the whole campaign, and so for the DM alone. Throws BAD_REQUEST when it is asked for players. */
export async function exportCampaign(
  tables: Repositories,
  campaign: CampaignRow,
  { format, audience }: ExportChoice,
  at: string,
): Promise<CampaignExport> {
  const { name, state } = campaign
  if (format === 'json' && audience !== 'dm')
    throw new TablecastError('BAD_REQUEST', 'JSON holds the whole campaign, for the DM: choose Markdown for players.')
  const entries = await allEntries(tables, campaign.id, audience)
  const file = fileNameOf(name)
  const pages = audience === 'dm' ? await tables.pages.all(campaign.id) : []
  if (format === 'json') {
    const document: CampaignDocument = {
      format: 'tablecast-campaign',
      formatVersion: 1,
      audience: 'dm',
      exportedAt: at,
      name,
      // A file goes from hand to hand: no address in it may open a picture.
      state: withoutNames(state),
      entries,
      // A document without pages stays the same as older servers wrote it.
      ...(pages.length > 0 && { pages }),
      ...(await exportedParts(tables, campaign)),
      ...(await exportedSheets(tables, campaign)),
      ...(await exportedFogs(tables, campaign)),
    }
    return { fileName: `${file}.json`, mediaType: 'application/json', text: JSON.stringify(document, null, 2) }
  }
  return audience === 'dm'
    ? { fileName: `${file}.md`, mediaType: 'text/markdown', text: markdownForDm({ name, state, entries, pages }) }
    : {
        fileName: `${file}-for-players.md`,
        mediaType: 'text/markdown',
        text: markdownForPlayers(name, playerView(state), entries),
      }
}

async function allEntries(tables: Repositories, campaignId: string, audience: Audience): Promise<NarrativeEntry[]> {
  const pages: NarrativeEntry[][] = []
  for (let before: string | undefined; ;) {
    const page = await tables.entries.page(campaignId, audience, { before, limit: PAGE })
    pages.push(page.entries)
    before = page.entries[0]?.id
    if (!page.more || before === undefined) break
  }
  return pages.toReversed().flat()
}

/** In letters and digits of any script. */
const fileNameOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '') || 'campaign'

/**
 * Throws VALIDATION_FAILED for a document whose parts don't fit together. The same item several times over, as an export of an older
 * version may have it, is taken as one; two that differ and have one id are refused.
 */
export function checkDocument(given: CampaignDocument): CampaignDocument {
  const parsed = CampaignDocument.parse(given)
  const document = { ...parsed, state: healState(parsed.state) }
  const { state, entries, pages = [], encounters = [], statBlocks = [], sheets = [] } = document
  const isAmbiguous = keyedLists.some((field) => {
    const kept = new Map<string, object>(state[field].map((item) => [item.id, item]))
    return parsed.state[field].some((item) => !isEqual(item, kept.get(item.id)))
  })
  const { pictures, handouts, maps, tokens, areas, requests } = parsed.state
  const lists = [entries, pages, encounters, statBlocks, sheets, requests, pictures, handouts, maps, tokens, areas]
  const others: readonly { id: string }[][] = lists.map((list) => list ?? [])
  if (isAmbiguous || !others.every((items) => isUnique(items.map(({ id }) => id))))
    throw new TablecastError('VALIDATION_FAILED', 'The file holds the same item twice. Export the campaign again.')
  if (maps?.some(({ width, height }) => width * height > MAX_MAP_PIXELS))
    throw new TablecastError('VALIDATION_FAILED', 'A map in the file has too many pixels. Export the campaign again.')
  const known = new Set(state.characters.map(({ id }) => id))
  const turn = [...state.turn.order, ...(state.turn.current === null ? [] : [state.turn.current])]
  if (turn.some((id) => !known.has(id)))
    throw new TablecastError(
      'VALIDATION_FAILED',
      'The turn order names a character that is not in the file. Export the campaign again.',
    )
  return document
}

/** The entries of a campaign that are too many to be held at once. They can be gone through again. */
export type EntrySlices = { slices(): AsyncIterable<readonly unknown[]> }

/**
 * Throws VALIDATION_FAILED for the first value that is no entry, and for an entry whose id occurred before. Calls `compare` with each value
 * and the entry that was read from it.
 */
export async function* checkedEntries(
  entries: EntrySlices,
  compare: (given: unknown, entry: NarrativeEntry) => void = () => {},
): AsyncGenerator<NarrativeEntry[]> {
  const known = new Set<string>()
  let count = 0
  for await (const slice of entries.slices()) {
    yield slice.map((value) => {
      const entry = NarrativeEntry.safeParse(value)
      if (!entry.success) throw notAnEntry(count, entry.error.issues)
      if (known.has(entry.data.id))
        throw new TablecastError('VALIDATION_FAILED', 'The file holds the same item twice. Export the campaign again.')
      known.add(entry.data.id)
      count += 1
      if (count > MAX_ENTRIES)
        throw new TablecastError(
          'VALIDATION_FAILED',
          `A story holds at most ${MAX_ENTRIES.toLocaleString('en')} entries. Import fewer.`,
        )
      compare(value, entry.data)
      return entry.data
    })
  }
}

function notAnEntry(index: number, issues: readonly { path: PropertyKey[]; message: string }[]): TablecastError {
  return new TablecastError(
    'VALIDATION_FAILED',
    `Entry ${(index + 1).toLocaleString('en')} of the story is damaged, or was changed by hand. Export the campaign again.`,
    { issues: issues.slice(0, 10).map((issue) => ({ ...issue, path: ['document', 'entries', index, ...issue.path] })) },
  )
}
