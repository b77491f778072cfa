// A campaign as one document: JSON to move it, Markdown to read it.
import {
  type Audience,
  CampaignDocument,
  type CampaignExport,
  type NarrativeEntry,
  playerView,
  TablecastError,
} from '@tablecast/contracts'
import type { CampaignRow, Tables } from '@tablecast/store'
import { markdownForDm, markdownForPlayers } from './markdown.ts'

const PAGE = 500

export type ExportChoice = { format: 'json' | 'markdown'; audience: Audience }

/** JSON is the whole campaign, and so for the DM alone. Throws BAD_REQUEST when it is asked for players. */
export async function exportCampaign(
  tables: Tables,
  campaign: CampaignRow,
  { format, audience }: ExportChoice,
  at: string,
): Promise<CampaignExport> {
  const { name, state } = campaign
  if (format === 'json' && audience !== 'dm')
    throw new TablecastError('BAD_REQUEST', 'JSON holds the whole campaign, for the DM: choose Markdown for players')
  const entries = await allEntries(tables, campaign.id, audience)
  const file = fileNameOf(name)
  if (format === 'json') {
    const document: CampaignDocument = {
      format: 'tablecast-campaign',
      formatVersion: 1,
      audience: 'dm',
      exportedAt: at,
      name,
      state,
      entries,
    }
    return { fileName: `${file}.json`, mediaType: 'application/json', text: JSON.stringify(document, null, 2) }
  }
  return audience === 'dm'
    ? { fileName: `${file}.md`, mediaType: 'text/markdown', text: markdownForDm(name, state, entries) }
    : {
        fileName: `${file}-for-players.md`,
        mediaType: 'text/markdown',
        text: markdownForPlayers(name, playerView(state), entries),
      }
}

async function allEntries(tables: Tables, campaignId: string, audience: Audience): Promise<NarrativeEntry[]> {
  const pages: NarrativeEntry[][] = []
  for (let before: string | undefined; ;) {
    const page = await tables.entries.page(campaignId, audience, { before, limit: PAGE })
    pages.push(page.entries)
    before = page.entries[0]?.id
    if (!page.more || before === undefined) break
  }
  return pages.toReversed().flat()
}

const fileNameOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'campaign'

/** Throws VALIDATION_FAILED for a document whose parts don't fit together. */
export function checkDocument(document: CampaignDocument): CampaignDocument {
  const { state, entries } = CampaignDocument.parse(document)
  const twice = [state.characters, state.threats, state.beats, state.environment, entries].find(
    (items) => new Set(items.map(({ id }) => id)).size < items.length,
  )
  if (twice) throw new TablecastError('VALIDATION_FAILED', 'an id stands twice in the document')
  const known = new Set(state.characters.map(({ id }) => id))
  const turn = [...state.turn.order, ...(state.turn.current === null ? [] : [state.turn.current])]
  if (turn.some((id) => !known.has(id)))
    throw new TablecastError('VALIDATION_FAILED', 'the turn order names a character that is not in the document')
  return document
}
