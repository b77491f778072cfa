// A campaign as one document: JSON to move it, Markdown to read it.
import {
  CampaignDocument,
  type CampaignState,
  isEqual,
  isUnique,
  keyedLists,
  MAX_ENTRIES,
  NarrativeEntry,
  TablecastError,
  withUniqueIds,
} from '@tablecast/contracts'
import type { CampaignRow, Tables } from '@tablecast/store'

const PAGE = 500

export async function exportDocument(tables: Tables, campaign: CampaignRow, at: string): Promise<CampaignDocument> {
  const pages: NarrativeEntry[][] = []
  for (let before: string | undefined; ;) {
    const page = await tables.entries.page(campaign.id, 'dm', { before, limit: PAGE })
    pages.push(page.entries)
    before = page.entries[0]?.id
    if (!page.more || before === undefined) break
  }
  return {
    format: 'tablecast-campaign',
    formatVersion: 1,
    exportedAt: at,
    name: campaign.name,
    state: campaign.state,
    entries: pages.toReversed().flat(),
  }
}

/**
 * Throws VALIDATION_FAILED for a document whose parts don't fit together. The same item several times over, as an export of an older
 * version may have it, is taken as one; two that differ and have one id are refused.
 */
export function checkDocument(given: CampaignDocument): CampaignDocument {
  const parsed = CampaignDocument.parse(given)
  const document = { ...parsed, state: withUniqueIds(parsed.state) }
  const { state, entries } = document
  const isAmbiguous = keyedLists.some((field) => {
    const kept = new Map<string, object>(state[field].map((item) => [item.id, item]))
    return parsed.state[field].some((item) => !isEqual(item, kept.get(item.id)))
  })
  if (isAmbiguous || !isUnique(entries.map(({ id }) => id)))
    throw new TablecastError('VALIDATION_FAILED', 'an id stands twice in the document')
  const known = new Set(state.characters.map(({ id }) => id))
  const turn = [...state.turn.order, ...(state.turn.current === null ? [] : [state.turn.current])]
  if (turn.some((id) => !known.has(id)))
    throw new TablecastError('VALIDATION_FAILED', 'the turn order names a character that is not in the document')
  return document
}

/** The entries of a campaign that are too many to be held at once. They can be gone through again. */
export type EntrySlices = { slices(): AsyncIterable<readonly unknown[]> }

/** Throws VALIDATION_FAILED for the first entry that is none, and for one whose id was there before. */
export async function* checkedEntries(entries: EntrySlices): AsyncGenerator<NarrativeEntry[]> {
  const known = new Set<string>()
  let count = 0
  for await (const slice of entries.slices()) {
    yield slice.map((value) => {
      const entry = NarrativeEntry.safeParse(value)
      if (!entry.success) throw notAnEntry(count, entry.error.issues)
      if (known.has(entry.data.id)) throw new TablecastError('VALIDATION_FAILED', 'an id stands twice in the document')
      known.add(entry.data.id)
      count += 1
      if (count > MAX_ENTRIES)
        throw new TablecastError(
          'VALIDATION_FAILED',
          `document.entries: at most ${MAX_ENTRIES.toLocaleString('en')} entries`,
        )
      return entry.data
    })
  }
}

function notAnEntry(place: number, issues: readonly { path: PropertyKey[]; message: string }[]): TablecastError {
  const [issue] = issues
  const path = ['document', 'entries', place, ...(issue?.path ?? [])].join('.')
  return new TablecastError('VALIDATION_FAILED', `${path}: ${issue?.message ?? 'not valid'}`)
}

export function toMarkdown({ name, state, entries }: CampaignDocument): string {
  const told = entries.filter(({ withdrawn }) => !withdrawn)
  return [
    `# ${name}`,
    section('Scene', [state.scene, state.status && `*${state.status}*`].filter(Boolean).join('\n\n')),
    section('Characters', state.characters.map(characterLine).join('\n')),
    section('Threats', state.threats.map((threat) => listItem(threat.name, threat.detail, threat.visible)).join('\n')),
    section('Environment', state.environment.map(({ text, visible }) => listItem(text, '', visible)).join('\n')),
    section(
      'Story',
      state.beats.map(({ text, done, visible }) => listItem(`[${done ? 'x' : ' '}] ${text}`, '', visible)).join('\n'),
    ),
    section('DM notes', state.dmNotes),
    section('Chronicle', told.map(entryText).join('\n\n')),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')
}

const section = (title: string, text: string) => (text === '' ? '' : `## ${title}\n\n${text}`)

const listItem = (name: string, detail: string, visible: boolean) =>
  `- ${name}${detail ? `: ${detail}` : ''}${visible ? '' : ' (hidden)'}`

function characterLine({
  name,
  hp,
  armourClass,
  conditions,
  visible,
  dmNotes,
}: CampaignState['characters'][number]): string {
  const facts = [`HP ${hp.current}/${hp.max}`, armourClass === null ? '' : `AC ${armourClass}`, ...conditions]
  return `${listItem(`**${name}**`, facts.filter(Boolean).join(', '), visible)}${dmNotes ? `. ${dmNotes}` : ''}`
}

function entryText({ author, text, rolls, kind, audience }: NarrativeEntry): string {
  const who = kind === 'narration' || kind === 'system' ? '' : `**${author.name}:** `
  const dice = rolls.map(({ output }) => ` \`${output}\``).join('')
  return `${who}${text}${dice}${audience === 'dm' ? ' *(DMs only)*' : ''}`
}
