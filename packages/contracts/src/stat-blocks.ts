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
  Pick<StatBlock, 'name' | 'ac' | 'hp' | 'type' | 'subtype' | 'size' | 'cr' | 'xp'>
/** `more`: there are others that fit. */
export type BlocksFound = { found: BlockHeading[]; more: boolean }
export type BlockAnswer = { reference: BlockReference; block: StatBlock }
export type PutBlocksAnswer = { references: BlockReference[] }

/** Characters of a file of another program. */
const MAX_IMPORT = 4_000_000

/** `text`: the content of a file of another program. */
export const PreviewCreaturesInput = inRoom.extend({ text: z.string().max(MAX_IMPORT) })
/** `campaignId`: of the campaign that gets the encounters of the file. Without it they are left out. */
export const ImportCreaturesInput = PreviewCreaturesInput.extend({ key: IdempotencyKey, campaignId: Id.nullish() })

/**
 * The content of a file, by name. `creatures`: stat blocks, of which `replaced` the room has already. `characters` are sheets of players; the
 * page offers them one by one. `problems`: the parts that could not be read, each with the reason.
 */
export type CreaturesReport = {
  creatures: string[]
  replaced: number
  encounters: string[]
  characters: { name: string; level: number | null; hp: number; currentHp: number; ac: number; initiative: number }[]
  problems: { name: string; reason: string }[]
}
