// The stat blocks of a room: searched, read, added and removed by its DMs.
import type { Imported } from '@tablecast/bestiary/import'
import { contentHash, indexBlocks, type SearchIndex, type StatBlock } from '@tablecast/bestiary'
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
import { planOf, reportOf, withRoomIds } from './import-creatures.ts'
import { orRefused } from './refusal.ts'
import { headingOf, searchHeadings, type StoredHeading } from './block-heading.ts'
import type { BlockShelf } from './block-shelf.ts'
import type { FightLimits } from './fight-limits.ts'

const MAX_INDEXES = 16

type ListedBlock = { id: string; hash: string; heading: string }
type RoomIndex = { fingerprint: string; index: SearchIndex<BlockHeading> }

export type BlockLibraryDeps = { store: Store; changes: CampaignChanges; shelf: BlockShelf; limits: FightLimits }

export class BlockLibrary {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #shelf: BlockShelf
  readonly #limits: FightLimits
  /** Folding 5,000 names takes longer than a keystroke, so the rooms that searched last keep their index. */
  readonly #indexes = new Map<string, RoomIndex>()

  constructor({ store, changes, shelf, limits }: BlockLibraryDeps) {
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

  /** Throws VALIDATION_FAILED where the room would hold too many. */
  async put(request: ChangeRequest & { blocks: readonly StatBlock[] }): Promise<PutBlocksAnswer> {
    const rows = await Promise.all(request.blocks.map(toRow))
    return this.#changes.run('statBlocks.put', request, async ({ tables, room, at }) => {
      await store(tables, room.id, rows, { at, limits: this.#limits })
      return { references: rows.map(({ id, hash }) => ({ source: 'room', id, hash })) }
    })
  }

  /** The report that an import of this text would return. Stores nothing. Throws VALIDATION_FAILED. */
  async previewImport(roomId: string, text: string): Promise<CreaturesReport> {
    const read = await readCreatures(text)
    return this.#store.read(async (tables) => reportOf(read, await knownIds(tables, roomId)))
  }

  /** Stores the creatures of the text in the room, and its encounters in the campaign. Throws as `put`. */
  async import(
    request: ChangeRequest & { text: string; campaignId?: string | null | undefined },
  ): Promise<CreaturesReport> {
    const read = await readCreatures(request.text)
    const rows = await Promise.all(read.creatures.map(toRow))
    return this.#changes.run('statBlocks.import', request, async ({ tables, room, at, newId }) => {
      const report = reportOf(read, await knownIds(tables, room.id))
      await store(tables, room.id, rows, { at, limits: this.#limits })
      if (!request.campaignId) return { ...report, encounters: [] }
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      const plans = read.encounters.map((one) => ({ id: newId(), name: one.name, plan: planOf(one) }))
      await insertEncounters(tables, campaign.id, plans, { at, limits: this.#limits })
      return report
    })
  }

  remove(request: ChangeRequest & { ids: readonly string[] }): Promise<{ removed: number }> {
    return this.#changes.run('statBlocks.remove', request, async ({ tables, room }) => ({
      removed: await tables.statBlocks.remove(room.id, request.ids),
    }))
  }
}

const knownIds = async ({ statBlocks }: Repositories, roomId: string): Promise<ReadonlySet<string>> =>
  new Set((await statBlocks.list(roomId)).map(({ id }) => id))

/** The reader is loaded with the first import. */
async function readCreatures(text: string): Promise<Imported> {
  const { read } = await import('@tablecast/bestiary/import')
  return withRoomIds(orRefused('VALIDATION_FAILED', () => read(text)))
}

export type BlockRow = { id: string; heading: string; hash: string; text: string }

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
