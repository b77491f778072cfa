// The fields of a fighter beside those that every character has. All of it is optional, so campaigns from before it open.
import { Id, StoredLine, Timestamp } from '@tablecast/text'
import { z } from 'zod'
import { NewUse, Use } from './uses.ts'

const Name = StoredLine(60)
export const ConditionName = StoredLine(40)
/** Characters in a campaign. */
export const MAX_CHARACTERS = 100
export const MAX_CONDITIONS = 20
const MAX_USES = 20

/** Where a fighter's stat block is kept: in the product, or in the room's own rows. */
export const BlockReference = z.object({
  source: z.enum(['built-in', 'room']),
  id: Id,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BlockReference = z.infer<typeof BlockReference>

export const UntilSave = z.object({
  kind: z.literal('save'),
  ability: z.enum(['str', 'dex', 'con', 'int', 'wis', 'cha']),
  dc: z.int().min(1).max(99),
})

/**
 * When a condition ends: at the start or end of the turn of the fighter `of` in `round`, or when the bearer saves. A save is asked
 * for at the end of each of the bearer's turns.
 */
export const Until = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('turn'), at: z.enum(['start', 'end']), of: Id, round: z.int().min(0).max(99_999) }),
  UntilSave,
])
export type Until = z.infer<typeof Until>

/** Stands beside `conditions`, which stays a list of words. */
export const Duration = z.object({ condition: ConditionName, until: Until })
export type Duration = z.infer<typeof Duration>

/** A fighter at 0 hit points. A monster is `defeated`; a player's character is `dying` and makes death saves. */
export const Downed = z.object({
  state: z.enum(['dying', 'stable', 'dead', 'defeated']),
  successes: z.int().min(0).max(3),
  failures: z.int().min(0).max(3),
})
export type Downed = z.infer<typeof Downed>

const Side = z.enum(['party', 'foe'])
export type Side = z.infer<typeof Side>

/** `ready` keeps the place in the order; `delayed` is skipped until the fighter enters again. */
const Waiting = z.enum(['ready', 'delayed'])

/**
 * The new fields of a character. Null means the same as a missing field: a patch can set null, but can't remove a field.
 * Players may see `side`, `downed` and `concentration` of a visible character, and nothing else of these.
 */
export const fighterFields = {
  block: BlockReference.nullish(),
  /** The name without a number. */
  creature: Name.nullish(),
  /** The number in the DM's list: 5 of “Goblin 5”. */
  number: z.int().min(1).max(999).nullish(),
  /** The players' name for this creature, until the DM reveals the real one. */
  alias: Name.nullish(),
  /** The number that players see, in order of appearance. It never counts creatures that they have not seen. */
  appearance: z.int().min(1).max(999).nullish(),
  side: Side.nullish(),
  level: z.int().min(1).max(20).nullish(),
  xp: z.int().min(0).max(1_000_000).nullish(),
  initiativeBonus: z.int().min(-99).max(99).nullish(),
  /** Fighters of a group share an initiative. */
  group: Id.nullish(),
  durations: z.array(Duration).max(MAX_CONDITIONS).nullish(),
  downed: Downed.nullish(),
  concentration: z.object({ on: Name }).nullish(),
  uses: z.array(Use).max(MAX_USES).nullish(),
  waiting: Waiting.nullish(),
}

/** The fight that is on: a new optional field of the campaign. The order, the round and the acting fighter stay in `turn`. DM's eyes only. */
export const Encounter = z.object({
  id: Id,
  name: StoredLine(120),
  startedAt: Timestamp,
  /** Fighters whose initiative is still to be rolled. */
  awaiting: z.array(Id).max(MAX_CHARACTERS),
  /** Foes who were defeated and then removed from the fight. */
  fallen: z.array(z.object({ name: Name, xp: z.int().min(0).max(1_000_000) })).max(500),
})
export type Encounter = z.infer<typeof Encounter>

const FighterFields = z.object(fighterFields)

/** The fields of today, as `contracts` has them. */
type Character = {
  id: string
  name: string
  kind: 'pc' | 'npc' | 'monster'
  hp: HitPoints
  hpVisible: boolean
  armourClass: number | null
  conditions: string[]
  initiative: number | null
  ownerId: string | null
  visible: boolean
  dmNotes: string
}

export type HitPoints = { current: number; max: number; temp: number }
export type Fighter = Character & z.infer<typeof FighterFields>
export type Turn = { round: number; order: string[]; current: string | null }

/** The part of a campaign that operations read and change. */
export type FightState = { characters: Fighter[]; turn: Turn; encounter?: Encounter | null | undefined }

/** A creature to be made, once or several times. `hp`: a number, or dice that are rolled for each. */
export const NewFighter = z.object({
  name: Name,
  count: z.int().min(1).max(50).default(1),
  kind: z.enum(['pc', 'npc', 'monster']).default('monster'),
  side: Side.optional(),
  alias: Name.optional(),
  block: BlockReference.optional(),
  hp: z.union([z.int().min(0).max(9_999), z.string().min(1).max(60)]),
  armourClass: z.int().min(0).max(99).nullable().default(null),
  initiativeBonus: z.int().min(-99).max(99).default(0),
  xp: z.int().min(0).max(1_000_000).default(0),
  visible: z.boolean().default(true),
  hpVisible: z.boolean().default(false),
  /** All of `count` share one initiative. */
  sharesInitiative: z.boolean().default(false),
  surprised: z.boolean().default(false),
  uses: z.array(NewUse).max(MAX_USES).default([]),
})
export type NewFighter = z.infer<typeof NewFighter>
