// Stat blocks and the procedures that DMs read and change them with. No player receives any of this.
import { StatBlock } from '@tablecast/bestiary/stat-block'
import { BlockReference } from '@tablecast/rules/fighter'
import { z } from 'zod'
import { Id, IdempotencyKey } from './ids.ts'
import { Line } from './text.ts'

const inRoom = z.object({ roomId: Id })
const BlockId = StatBlock.shape.id

/** Stat blocks of one call. */
const MAX_BLOCKS_AT_ONCE = 100

/** Where a stat block is kept, without the hash of its content. */
export const BlockAddress = z.object({ source: BlockReference.shape.source, id: BlockId })
export type BlockAddress = z.infer<typeof BlockAddress>

/** `query`: words of the name, type, challenge and size. Empty: the first ones by name. */
export const SearchBlocksInput = inRoom.extend({
  query: Line(100).default(''),
  limit: z.int().min(1).max(100).default(30),
})
export const GetBlockInput = inRoom.extend({ block: BlockAddress })
/** A stat block with a known id is replaced. */
export const PutBlocksInput = inRoom.extend({
  key: IdempotencyKey,
  blocks: z.array(StatBlock).min(1).max(MAX_BLOCKS_AT_ONCE),
})
export const RemoveBlocksInput = inRoom.extend({
  key: IdempotencyKey,
  ids: z.array(BlockId).min(1).max(MAX_BLOCKS_AT_ONCE),
})

/** A stat block in a list of creatures, with the reference that a fighter keeps. */
export type BlockHeading = BlockReference &
  Pick<StatBlock, 'name' | 'ac' | 'hp'> & {
    type: string | null
    size: string | null
    cr: number | null
    xp: number | null
  }
/** `more`: there are others that fit. */
export type BlocksFound = { found: BlockHeading[]; more: boolean }
export type BlockAnswer = { reference: BlockReference; block: StatBlock }
export type PutBlocksAnswer = { references: BlockReference[] }
