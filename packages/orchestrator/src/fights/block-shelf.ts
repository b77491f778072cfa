// The stat blocks that a room can use: the built-in ones, and its own.
import { contentHash, StatBlock } from '@tablecast/bestiary'
import type { BlockAddress, BlockAnswer } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'

/** The built-in creatures, by id. */
export type BuiltInBlocks = ReadonlyMap<string, BlockAnswer>

/** Finds stat blocks by their addresses. A block that is gone is missing in the answer. */
export class BlockShelf {
  readonly #load: () => Promise<readonly StatBlock[]>
  #builtIn: Promise<BuiltInBlocks> | null = null

  /** `load`: the built-in creatures, which are read when the first of them is needed. */
  constructor(load: () => Promise<readonly StatBlock[]>) {
    this.#load = load
  }

  builtIn(): Promise<BuiltInBlocks> {
    this.#builtIn ??= this.#load().then(
      async (blocks) =>
        new Map(
          await Promise.all(
            blocks.map(async (block): Promise<[string, BlockAnswer]> => {
              const reference = { source: 'built-in' as const, id: block.id, hash: await contentHash(block) }
              return [block.id, { reference, block }]
            }),
          ),
        ),
    )
    return this.#builtIn
  }

  /** By the very objects that were asked for. */
  async find<A extends BlockAddress>(
    { statBlocks }: Repositories,
    roomId: string,
    addresses: readonly A[],
  ): Promise<ReadonlyMap<A, BlockAnswer>> {
    const found = new Map<A, BlockAnswer>()
    const builtIn = addresses.some(({ source }) => source === 'built-in') ? await this.builtIn() : new Map()
    const ids = new Set(addresses.flatMap(({ source, id }) => (source === 'room' ? [id] : [])))
    const own = new Map((await statBlocks.find(roomId, [...ids])).map((row) => [row.id, row]))
    for (const address of addresses) {
      const known = address.source === 'built-in' ? builtIn.get(address.id) : answerOf(own.get(address.id))
      if (known) found.set(address, known)
    }
    return found
  }
}

function answerOf(row: { id: string; hash: string; text: string } | undefined): BlockAnswer | null {
  if (!row) return null
  return { reference: { source: 'room', id: row.id, hash: row.hash }, block: StatBlock.parse(JSON.parse(row.text)) }
}
