// The campaign as its DM sees it.
import { z } from 'zod'
import { Id, Timestamp } from './ids.ts'
import type { ListPatch, Patch } from './patch.ts'

const Line = z.string().max(200)
const Text = z.string().max(4_000)

export const HitPoints = z.object({
  current: z.int().min(-9_999).max(9_999),
  max: z.int().min(0).max(9_999),
  temp: z.int().min(0).max(9_999),
})
export type HitPoints = z.infer<typeof HitPoints>

/** `visible`: players know of them. `hpVisible`: players see the numbers; without it only hurt, bloodied, down. */
export const Character = z.object({
  id: Id,
  name: z.string().trim().min(1).max(60),
  kind: z.enum(['pc', 'npc', 'monster']),
  hp: HitPoints,
  hpVisible: z.boolean(),
  armourClass: z.int().min(0).max(99).nullable(),
  conditions: z.array(z.string().trim().min(1).max(40)).max(20),
  initiative: z.number().min(-99).max(999).nullable(),
  ownerId: Id.nullable(),
  visible: z.boolean(),
  dmNotes: Text,
})
export type Character = z.infer<typeof Character>

/** `order` and `current` are character ids; `round` is 0 out of combat. */
export const Turn = z.object({ round: z.int().min(0).max(9_999), order: z.array(Id).max(100), current: Id.nullable() })
export type Turn = z.infer<typeof Turn>

export const Condition = z.object({ id: Id, text: Line.min(1), visible: z.boolean() })
export type Condition = z.infer<typeof Condition>

export const Threat = z.object({ id: Id, name: Line.min(1), detail: Text, visible: z.boolean() })
export type Threat = z.infer<typeof Threat>

export const Beat = z.object({ id: Id, text: Line.min(1), done: z.boolean(), visible: z.boolean() })
export type Beat = z.infer<typeof Beat>

/** How long the lists of a campaign may be. */
const longest = { characters: 100, environment: 50, threats: 50, beats: 200 }

export const CampaignState = z.object({
  scene: Text,
  status: Line,
  characters: z.array(Character).max(longest.characters),
  turn: Turn,
  environment: z.array(Condition).max(longest.environment),
  threats: z.array(Threat).max(longest.threats),
  beats: z.array(Beat).max(longest.beats),
  dmNotes: z.string().max(20_000),
})
export type CampaignState = z.infer<typeof CampaignState>

export const emptyState: CampaignState = {
  scene: '',
  status: '',
  characters: [],
  turn: { round: 0, order: [], current: null },
  environment: [],
  threats: [],
  beats: [],
  dmNotes: '',
}

/** Of a list of so many items no more can be changed: what is longer is refused before each of it is looked at. */
const listPatch = <S extends z.ZodRawShape>(item: z.ZodObject<S>, max: number) =>
  z.strictObject({
    upsert: z
      .array(item.partial().extend({ id: Id }))
      .max(max)
      .optional(),
    remove: z.array(Id).max(max).optional(),
    order: z.array(Id).max(max).optional(),
  })

/** An edit: the changed fields of the state. Whether a new list item is whole shows when the result is parsed. */
export const StatePatch = z.strictObject({
  scene: CampaignState.shape.scene.optional(),
  status: CampaignState.shape.status.optional(),
  characters: listPatch(Character, longest.characters).optional(),
  turn: Turn.optional(),
  environment: listPatch(Condition, longest.environment).optional(),
  threats: listPatch(Threat, longest.threats).optional(),
  beats: listPatch(Beat, longest.beats).optional(),
  dmNotes: CampaignState.shape.dmNotes.optional(),
})
export type StatePatch = Patch<CampaignState>
export type CharacterPatch = ListPatch<Character>

export const EntryKind = z.enum(['narration', 'player', 'roll', 'system', 'whisper'])
export type EntryKind = z.infer<typeof EntryKind>

/** A dice roll as it is shown: notation `2d6+3`, output `2d6+3: [4, 2]+3 = 9`. */
export const Roll = z.object({ notation: z.string(), output: z.string(), total: z.number(), label: z.string() })
export type Roll = z.infer<typeof Roll>

/**
 * One piece of the story. Ids are random, so that they tell nothing of entries in between that were withheld.
 * `audience: 'dm'` never leaves the DMs' stream; `'member'` is a whisper between the DMs and that one `member`.
 * `withdrawn`: taken back by an undo.
 */
export const NarrativeEntry = z.object({
  id: Id,
  at: Timestamp,
  kind: EntryKind,
  author: z.object({ id: Id, name: z.string(), role: z.enum(['dm', 'player', 'system']) }),
  text: z.string(),
  rolls: z.array(Roll),
  audience: z.enum(['all', 'dm', 'member']),
  member: z.object({ id: Id, name: z.string() }).optional(),
  withdrawn: z.boolean(),
})
export type NarrativeEntry = z.infer<typeof NarrativeEntry>
