// The stat blocks of a room: searched, read, added and removed by its DMs.
import type { Imported } from '@tablecast/bestiary/import'
import { contentHash, indexBlocks, type SearchIndex, StatBlock } from '@tablecast/bestiary'
import {
  type BlockAddress,
  type BlockAnswer,
  type BlockHeading,
  type BlocksFound,
  type CreaturesReport,
  type PutBlocksAnswer,
  TablecastError,
} from '@tablecast/contracts'
import type { Repositories, Store } from '@tablecast/store'
import type { CampaignChanges } from '../campaign-changes.ts'
import { campaignIn } from '../reading.ts'
import type { ChangeRequest } from '../room-change.ts'
import { insertEncounters } from './encounters.ts'
import type { CreatureSource, ReadCreatures } from './creature-source.ts'
import { chosenSheets, type NamedPlan, planOf, reportOf, withRoomIds, withSheets } from './import-creatures.ts'
import { headingOf, searchHeadings, type StoredHeading } from './block-heading.ts'
import type { BlockShelf } from './block-shelf.ts'
import type { FightLimits } from './fight-limits.ts'

const MAX_INDEXES = 16
const EXPORTED_AT_ONCE = 200
/** Characters of the stat blocks of one export, as JSON. */
const MAX_EXPORT = 20_000_000

type ListedBlock = { id: string; hash: string; heading: string }
type RoomIndex = { fingerprint: string; index: SearchIndex<BlockHeading> }

export type BlockLibraryDeps = {
  store: Store
  changes: CampaignChanges
  shelf: BlockShelf
  limits: FightLimits
  readCreatures: ReadCreatures
}

export class BlockLibrary {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #shelf: BlockShelf
  readonly #limits: FightLimits
  readonly #read: ReadCreatures
  /** Folding 5,000 names takes longer than a keystroke, so the rooms that searched last keep their index. */
  readonly #indexes = new Map<string, RoomIndex>()

  constructor({ store, changes, shelf, limits, readCreatures }: BlockLibraryDeps) {
    this.#read = readCreatures
    this.#store = store
    this.#changes = changes
    this.#shelf = shelf
    this.#limits = limits
  }

  /** The built-in creatures and the room's own. */
  search(roomId: string, query: string, limit: number): Promise<BlocksFound> {
    return this.#store.read(async (tables) => searchHeadings(await this.#indexOf(tables, roomId), query, limit))
  }

  /** Another node may have changed the blocks, so their fingerprint says whether the index is still theirs. */
  async #indexOf(tables: Repositories, roomId: string): Promise<SearchIndex<BlockHeading>> {
    const fingerprint = await tables.statBlocks.fingerprint(roomId)
    const known = this.#indexes.get(roomId)
    this.#indexes.delete(roomId)
    const current =
      known?.fingerprint === fingerprint
        ? known
        : { fingerprint, index: indexBlocks(await this.headings(tables, roomId)) }
    this.#indexes.set(roomId, current)
    const [oldest] = this.#indexes.keys()
    if (this.#indexes.size > MAX_INDEXES && oldest !== undefined) this.#indexes.delete(oldest)
    return current.index
  }

  async headings({ statBlocks }: Repositories, roomId: string): Promise<BlockHeading[]> {
    return this.#headingsOf(await statBlocks.list(roomId))
  }

  async #headingsOf(own: readonly ListedBlock[]): Promise<BlockHeading[]> {
    const builtIn = await this.#shelf.builtIn()
    return [
      ...own.map(({ id, hash, heading }) => ({
        source: 'room' as const,
        id,
        hash,
        // Our own text.
        ...(JSON.parse(heading) as StoredHeading),
      })),
      ...[...builtIn.values()].map(({ reference, block }) => ({ ...reference, ...headingOf(block) })),
    ]
  }

  /** Throws NOT_FOUND. */
  get(roomId: string, address: BlockAddress): Promise<BlockAnswer> {
    return this.#store.read(async (tables) => {
      const found = (await this.#shelf.find(tables, roomId, [address])).get(address)
      if (!found) throw new TablecastError('NOT_FOUND', 'This stat block is not there any more.')
      return found
    })
  }

  /** The room's own stat blocks. Throws NOT_FOUND where there are none, VALIDATION_FAILED for more than one file can hold. */
  all(roomId: string): Promise<StatBlock[]> {
    return this.#store.read(async ({ statBlocks }) => {
      const ids = (await statBlocks.list(roomId)).map(({ id }) => id)
      if (ids.length === 0) throw new TablecastError('NOT_FOUND', 'This room has no creatures of its own yet.')
      const blocks: StatBlock[] = []
      let length = 0
      // In parts, so that a room full of long blocks is refused before all of them are in memory.
      for (let at = 0; at < ids.length; at += EXPORTED_AT_ONCE)
        for (const { text } of await statBlocks.find(roomId, ids.slice(at, at + EXPORTED_AT_ONCE))) {
          length += text.length
          if (length > MAX_EXPORT)
            throw new TablecastError('VALIDATION_FAILED', 'This room has more creatures than one file can hold.')
          blocks.push(StatBlock.parse(JSON.parse(text)))
        }
      return blocks
    })
  }

  /** Throws VALIDATION_FAILED where the room would hold too many. */
  async put(request: ChangeRequest & { blocks: readonly StatBlock[] }): Promise<PutBlocksAnswer> {
    const rows = await Promise.all(request.blocks.map(toRow))
    return this.#changes.run('statBlocks.put', request, async ({ tables, room, at }) => {
      await store(tables, room.id, rows, { at, limits: this.#limits })
      return { references: rows.map(({ id, hash }) => ({ source: 'room', id, hash })) }
    })
  }

  /** The report that an import of these files would return. Stores nothing. Throws VALIDATION_FAILED. */
  async previewImport({
    roomId,
    userId,
    ...source
  }: { roomId: string; userId: string } & CreatureSource): Promise<CreaturesReport> {
    const read = withRoomIds(await this.#read(source, userId))
    const rows = await toRows(read.creatures)
    return this.#store.read(async (tables) => {
      const plans = await this.#plansOf(tables, roomId, read)
      return reportOf(read, plans, await hashesOf(tables, roomId, rows))
    })
  }

  /** Stores the creatures of the files in the room, and their encounters in the campaign. Throws as `put`. */
  async import(
    request: ChangeRequest & CreatureSource & { campaignId?: string | null | undefined; sheets: readonly number[] },
  ): Promise<CreaturesReport> {
    const read = withRoomIds(await this.#read(request, request.caller.userId))
    const rows = await toRows(read.creatures)
    const sheets = await Promise.all(
      [...chosenSheets(read, request.sheets)].map(async ([place, sheet]) => ({ place, row: await toRow(sheet) })),
    )
    return this.#changes.run('statBlocks.import', request, async ({ tables, room, at, newId }) => {
      const plans = await this.#plansOf(tables, room.id, read)
      const report = withSheets(
        reportOf(read, plans, await hashesOf(tables, room.id, rows)),
        new Map(sheets.map(({ place, row: { id, hash } }) => [place, { source: 'room', id, hash }])),
      )
      await store(tables, room.id, [...rows, ...sheets.map(({ row }) => row)], { at, limits: this.#limits })
      if (!request.campaignId) return { ...report, encounters: [] }
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      const made = plans.map(({ name, plan }) => ({ id: newId(), name, plan }))
      await insertEncounters(tables, campaign.id, made, { at, limits: this.#limits })
      return report
    })
  }

  /** Creatures that an encounter only names are looked for in the room, and then among the built-in ones. */
  async #plansOf(tables: Repositories, roomId: string, { encounters }: Imported): Promise<NamedPlan[]> {
    const isNaming = encounters.some(({ fighters }) =>
      fighters.some(({ creature, figures }) => creature === null && figures),
    )
    const headings = isNaming ? await this.headings(tables, roomId) : []
    const byName = new Map(headings.toReversed().map((heading) => [heading.name.toLowerCase(), heading]))
    return encounters.map((encounter) =>
      planOf(encounter, (name) => {
        const heading = byName.get(name.toLowerCase())
        return heading && { source: heading.source, id: heading.id }
      }),
    )
  }

  remove(request: ChangeRequest & { ids: readonly string[] }): Promise<{ removed: number }> {
    return this.#changes.run('statBlocks.remove', request, async ({ tables, room }) => ({
      removed: await tables.statBlocks.remove(room.id, request.ids),
    }))
  }
}

async function hashesOf(
  { statBlocks }: Repositories,
  roomId: string,
  rows: readonly BlockRow[],
): Promise<{ known: ReadonlyMap<string, string>; hashes: ReadonlyMap<string, string> }> {
  const known = (await statBlocks.list(roomId)).map(({ id, hash }) => [id, hash] as const)
  return { known: new Map(known), hashes: new Map(rows.map(({ id, hash }) => [id, hash])) }
}

export type BlockRow = { id: string; heading: string; hash: string; text: string }

/** One after the other: the hashes are made elsewhere, so that others have their turn between two of 5,000. */
async function toRows(blocks: readonly StatBlock[]): Promise<BlockRow[]> {
  const rows: BlockRow[] = []
  for (const block of blocks) rows.push(await toRow(block))
  return rows
}

export const toRow = async (block: StatBlock): Promise<BlockRow> => ({
  id: block.id,
  heading: JSON.stringify(headingOf(block)),
  hash: await contentHash(block),
  text: JSON.stringify(block),
})

/** Throws VALIDATION_FAILED where the room would hold too many. */
export async function store(
  tables: Repositories,
  roomId: string,
  rows: readonly BlockRow[],
  { at, limits }: { at: string; limits: FightLimits },
): Promise<void> {
  const ids = [...new Set(rows.map(({ id }) => id))]
  if (ids.length < rows.length)
    throw new TablecastError('VALIDATION_FAILED', 'Two of these stat blocks have the same id.')
  const known = await tables.statBlocks.find(roomId, ids)
  await limits.assertRoomForBlocks(tables, roomId, ids.length - known.length)
  await tables.statBlocks.put(roomId, rows, at)
}
