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

/** Characters of the files of other programs, together. */
export const MAX_CREATURE_TEXT = 4_000_000
/** Characters of a ZIP file in base64: 4,500,000 bytes. */
export const MAX_CREATURE_ARCHIVE = 6_000_000
export const MAX_CREATURE_FILES = 1_000

/** A file of another program: its content, and its name or its path in a folder. */
export const CreatureFile = z.object({ path: Line(300), text: z.string().max(MAX_CREATURE_TEXT) })
export type CreatureFile = z.infer<typeof CreatureFile>

const source = {
  text: z.string().max(MAX_CREATURE_TEXT).optional(),
  files: z.array(CreatureFile).min(1).max(MAX_CREATURE_FILES).optional(),
  zip: z.base64().max(MAX_CREATURE_ARCHIVE).optional(),
}
type Source = { text?: string | undefined; files?: CreatureFile[] | undefined; zip?: string | undefined }

const isOneSource = ({ text, files = [], zip }: Source) =>
  [text, files.length > 0 ? files : undefined, zip].filter((one) => one !== undefined).length === 1 &&
  files.reduce((sum, file) => sum + file.text.length, 0) <= MAX_CREATURE_TEXT
const ONE_SOURCE =
  'Send the content of one file, several files, or one ZIP file, of at most 4,000,000 characters together.'

/** One of these: `text`, the content of a file of another program; several `files`; `zip`, a ZIP file in base64. */
export const PreviewCreaturesInput = inRoom.extend(source).refine(isOneSource, ONE_SOURCE)
/**
 * `campaignId`: of the campaign that gets the encounters of the file. Without it they are left out. `sheets`: the places in the
 * report of the characters whose sheets are stored as stat blocks.
 */
export const ImportCreaturesInput = inRoom
  .extend({
    ...source,
    key: IdempotencyKey,
    campaignId: Id.nullish(),
    sheets: z.array(z.int().min(0).max(99)).max(100).default([]),
  })
  .refine(isOneSource, ONE_SOURCE)

/** The room's own stat blocks in a format of another program. `campaignId`: of the campaign whose encounters a vault holds, too. */
export const ExportCreaturesInput = inRoom.extend({
  format: z.enum(['improved-initiative', 'vault']),
  campaignId: Id.nullish(),
})
/** A file: its text, or a ZIP file in base64. */
export type CreaturesExport = { fileName: string; text: string | null; zip: string | null }

/**
 * The content of a file, by name. `creatures`: stat blocks, of which `replaced` the room has already; `duplicates` names those, and says
 * whether the figures are the same. `characters` are sheets of players; `block` refers to a sheet that was stored. `lost`: parts of the
 * file that could not be read. `problems`: their names and reasons, and those of single figures that were left out.
 */
export type CreaturesReport = {
  creatures: string[]
  replaced: number
  duplicates: { name: string; isSame: boolean }[]
  encounters: string[]
  characters: {
    name: string
    level: number | null
    hp: number
    currentHp: number
    ac: number
    initiative: number
    block: BlockReference | null
  }[]
  lost: number
  problems: { name: string; reason: string }[]
}
