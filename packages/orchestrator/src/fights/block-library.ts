// The stat blocks of a room: searched, read, added and removed by its DMs.
import { contentHash, MAX_BLOCKS, type StatBlock } from '@tablecast/bestiary'
import {
  type BlockAddress,
  type BlockAnswer,
  type BlockHeading,
  type BlocksFound,
  type PutBlocksAnswer,
  TablecastError,
} from '@tablecast/contracts'
import type { Repositories, Store } from '@tablecast/store'
import type { CampaignChanges } from '../campaign-changes.ts'
import type { ChangeRequest } from '../room-change.ts'
import { headingOf, searchHeadings, type StoredHeading } from './block-heading.ts'
import type { BlockShelf } from './block-shelf.ts'

export type BlockLibraryDeps = { store: Store; changes: CampaignChanges; shelf: BlockShelf }

export class BlockLibrary {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #shelf: BlockShelf

  constructor({ store, changes, shelf }: BlockLibraryDeps) {
    this.#store = store
    this.#changes = changes
    this.#shelf = shelf
  }

  /** The built-in creatures and the room's own. */
  search(roomId: string, query: string, limit: number): Promise<BlocksFound> {
    return this.#store.read(async (tables) => searchHeadings(await this.headings(tables, roomId), query, limit))
  }

  async headings({ statBlocks }: Repositories, roomId: string): Promise<BlockHeading[]> {
    const builtIn = await this.#shelf.builtIn()
    const own = await statBlocks.list(roomId)
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
  async put(asked: ChangeRequest & { blocks: readonly StatBlock[] }): Promise<PutBlocksAnswer> {
    const rows = await Promise.all(asked.blocks.map(toRow))
    return this.#changes.run('statBlocks.put', asked, async ({ tables, room, at }) => {
      await store(tables, room.id, rows, at)
      return { references: rows.map(({ id, hash }) => ({ source: 'room', id, hash })) }
    })
  }

  remove(asked: ChangeRequest & { ids: readonly string[] }): Promise<{ removed: number }> {
    return this.#changes.run('statBlocks.remove', asked, async ({ tables, room }) => ({
      removed: await tables.statBlocks.remove(room.id, asked.ids),
    }))
  }
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
  { statBlocks }: Repositories,
  roomId: string,
  rows: readonly BlockRow[],
  at: string,
): Promise<void> {
  const ids = [...new Set(rows.map(({ id }) => id))]
  if (ids.length < rows.length)
    throw new TablecastError('VALIDATION_FAILED', 'Two of these stat blocks have the same id.')
  const known = await statBlocks.find(roomId, ids)
  if ((await statBlocks.count(roomId)) + ids.length - known.length > MAX_BLOCKS)
    throw new TablecastError(
      'VALIDATION_FAILED',
      `A room holds at most ${MAX_BLOCKS.toLocaleString('en')} stat blocks. Remove some first.`,
    )
  await statBlocks.put(roomId, rows, at)
}
