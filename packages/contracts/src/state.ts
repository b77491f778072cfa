// The state of a campaign, as its DM sees it.
import { Encounter, fighterFields, MAX_CHARACTERS } from '@tablecast/rules/fighter'
import { z } from 'zod'
import { frozen } from './frozen.ts'
import { Id, Timestamp } from './ids.ts'
import { GameMap, MapArea, MapTile, MAX_AREAS, MAX_MAPS, MAX_TILES, MAX_TOKENS, ShownMapId, Token } from './maps.ts'
import type { ListPatch, Patch } from './patch.ts'
import { Handout, MAX_HANDOUTS, MAX_PICTURES, Picture, Portrait, Presented, ScenePicture } from './pictures.ts'
import { Line, normalizeText, Prose, StoredLine } from './text.ts'
import { CharacterRequest, MAX_REQUESTS, SheetReference } from './sheets.ts'
import { isUnique } from './unique-ids.ts'

const ShortLine = Line(200)
const Text = Prose(4_000)
/** For text that the server wrote itself. An import may contain it too. */
const Anything = z.string().overwrite(normalizeText)

export const HitPoints = z.object({
  current: z.int().min(-9_999).max(9_999),
  max: z.int().min(0).max(9_999),
  temp: z.int().min(0).max(9_999),
})
export type HitPoints = z.infer<typeof HitPoints>

const CharacterKind = z.enum(['pc', 'npc', 'monster'])
export type CharacterKind = z.infer<typeof CharacterKind>

/**
 * `visible`: players see the character. `hpVisible`: players see its hit points; without it only hurt, bloodied, down. Older states have no
 * fields of fighters.
 */
export const Character = z.object({
  id: Id,
  name: StoredLine(60),
  kind: CharacterKind,
  hp: HitPoints,
  hpVisible: z.boolean(),
  armourClass: z.int().min(0).max(99).nullable(),
  conditions: z.array(StoredLine(40)).max(20),
  initiative: z.number().min(-99).max(999).nullable(),
  ownerId: Id.nullable(),
  visible: z.boolean(),
  dmNotes: Text,
  portrait: Portrait.nullish(),
  sheet: SheetReference.nullish(),
  ...fighterFields,
})
export type Character = z.infer<typeof Character>

/** `order` and `current` are character ids. `round` is 0 outside of combat. */
const Turn = z.object({ round: z.int().min(0).max(9_999), order: z.array(Id).max(100), current: Id.nullable() })
/** @public docs/protocols.md names it. */
export type Turn = z.infer<typeof Turn>

export const Condition = z.object({ id: Id, text: StoredLine(200), visible: z.boolean() })
export type Condition = z.infer<typeof Condition>

export const Threat = z.object({ id: Id, name: StoredLine(200), detail: Text, visible: z.boolean() })
export type Threat = z.infer<typeof Threat>

export const Beat = z.object({ id: Id, text: StoredLine(200), done: z.boolean(), visible: z.boolean() })
export type Beat = z.infer<typeof Beat>

/** The fields that are lists of items with an id. */
export const keyedLists = ['characters', 'environment', 'threats', 'beats'] as const

/** The most items of each list. */
const MOST = { characters: MAX_CHARACTERS, environment: 50, threats: 50, beats: 200 }

/**
 * `encounter`: the fight that is on. `playersHeal`: players may heal each other's characters. `pictures`: exactly those that the scene, the
 * handouts and the portraits name. `presented`: the handout that the DM holds up. `tokens`, `areas`: of all maps. `tiles`: of the
 * map that is shown. `requests`: characters that players ask for. Older states lack all of these.
 */
export const CampaignState = z.object({
  scene: Text,
  status: ShortLine,
  characters: z.array(Character).max(MOST.characters),
  turn: Turn,
  environment: z.array(Condition).max(MOST.environment),
  threats: z.array(Threat).max(MOST.threats),
  beats: z.array(Beat).max(MOST.beats),
  dmNotes: Prose(20_000),
  encounter: Encounter.nullish(),
  playersHeal: z.boolean().nullish(),
  pictures: z.array(Picture).max(MAX_PICTURES).nullish(),
  handouts: z.array(Handout).max(MAX_HANDOUTS).nullish(),
  scenePicture: ScenePicture.nullish(),
  presented: Presented.nullish(),
  maps: z.array(GameMap).max(MAX_MAPS).nullish(),
  shownMap: ShownMapId.nullish(),
  tokens: z.array(Token).max(MAX_TOKENS).nullish(),
  areas: z.array(MapArea).max(MAX_AREAS).nullish(),
  tiles: z.array(MapTile).max(MAX_TILES).nullish(),
  requests: z.array(CharacterRequest).max(MAX_REQUESTS).nullish(),
})
export type CampaignState = z.infer<typeof CampaignState>

/**
 * The version of the state that this server writes. It grows with each change that an older server must not overwrite. A server refuses
 * to change a campaign whose state has a newer version.
 */
export const STATE_VERSION = 1

/** The objects that a schema has accepted. They are frozen. */
type Accepted = WeakSet<object>

/** The schema, which freezes what it accepts, and accepts that again without a look at it. */
const checkedOnce = <T extends object>(schema: z.ZodType<T>, accepted: Accepted = new WeakSet()): z.ZodType<T> =>
  z.unknown().transform((given, context): T => {
    if (isAccepted<T>(accepted, given)) return given
    const parsed = schema.safeParse(given)
    if (!parsed.success) return refused(given, parsed.error, context)
    const item = frozen(parsed.data)
    accepted.add(item)
    return item
  })

/** A list of at most `most` items that are checked once: a change of one character does not check the others. */
function listCheckedOnce<T extends object>(schema: z.ZodType<T>, most: number): z.ZodType<T[]> {
  const accepted: Accepted = new WeakSet()
  const item = checkedOnce(schema, accepted)
  const list = z.array(item).max(most)
  /** The newest accepted list, by its last item. A change of another item leaves only that one to be looked up. */
  const newest = new WeakMap<object, readonly T[]>()
  /** The schema of a list takes much longer for each item, also for an accepted one. Null: something is to be refused. */
  const acceptedItems = (given: readonly unknown[]): T[] | null => {
    const last: unknown = given.at(-1)
    const before = isObject(last) ? newest.get(last) : undefined
    const items: T[] = []
    for (const [at, one] of given.entries()) {
      const known = before?.[at]
      if (known !== undefined && known === one) {
        items.push(known)
        continue
      }
      if (isAccepted<T>(accepted, one)) {
        items.push(one)
        continue
      }
      const parsed = item.safeParse(one)
      if (!parsed.success) return null
      items.push(parsed.data)
    }
    const newLast = items.at(-1)
    // A copy: the caller may write into its list.
    if (newLast) newest.set(newLast, [...items])
    return items
  }
  return z.unknown().transform((given, context): T[] => {
    const quickly = Array.isArray(given) && given.length <= most ? acceptedItems(given) : null
    if (quickly) return quickly
    const parsed = list.safeParse(given)
    return parsed.success ? parsed.data : refused(given, parsed.error, context)
  })
}

const isAccepted = <T extends object>(accepted: Accepted, given: unknown): given is T =>
  isObject(given) && accepted.has(given)

const isObject = (given: unknown): given is object => typeof given === 'object' && given !== null

function refused(given: unknown, { issues }: z.ZodError, context: z.RefinementCtx): never {
  for (const issue of issues) {
    // The issue brings its own code; the types let an issue of any shape through as `custom` alone.
    const own: Record<string, unknown> = { ...issue }
    context.issues.push({ code: 'custom', input: given, ...own })
  }
  return z.NEVER
}

/** Keeps fields that this version does not know, because a newer server may need them again. The items of its lists are frozen. */
export const StoredState: z.ZodType<CampaignState> = CampaignState.loose().extend({
  characters: listCheckedOnce(
    Character.loose().extend({
      hp: HitPoints.loose(),
      portrait: Portrait.loose().nullish(),
      sheet: SheetReference.loose().nullish(),
    }),
    MOST.characters,
  ),
  turn: checkedOnce(Turn.loose()),
  environment: listCheckedOnce(Condition.loose(), MOST.environment),
  threats: listCheckedOnce(Threat.loose(), MOST.threats),
  beats: listCheckedOnce(Beat.loose(), MOST.beats),
  encounter: checkedOnce(Encounter).nullish(),
  // The whole lists stay the same objects while nobody changes a picture.
  pictures: checkedOnce(listCheckedOnce(Picture.loose(), MAX_PICTURES)).nullish(),
  handouts: checkedOnce(listCheckedOnce(Handout.loose(), MAX_HANDOUTS)).nullish(),
  scenePicture: checkedOnce(ScenePicture.loose()).nullish(),
  presented: checkedOnce(Presented.loose()).nullish(),
  maps: checkedOnce(listCheckedOnce(GameMap.loose(), MAX_MAPS)).nullish(),
  shownMap: checkedOnce(ShownMapId.loose()).nullish(),
  tokens: checkedOnce(listCheckedOnce(Token.loose(), MAX_TOKENS)).nullish(),
  areas: checkedOnce(listCheckedOnce(MapArea.loose(), MAX_AREAS)).nullish(),
  tiles: checkedOnce(listCheckedOnce(MapTile.loose(), MAX_TILES)).nullish(),
  requests: checkedOnce(listCheckedOnce(CharacterRequest.loose(), MAX_REQUESTS)).nullish(),
})

export const emptyState: CampaignState = {
  scene: '',
  status: '',
  characters: [],
  turn: { round: 0, order: [], current: null },
  environment: [],
  threats: [],
  beats: [],
  dmNotes: '',
  encounter: null,
  playersHeal: false,
  pictures: [],
  handouts: [],
  scenePicture: null,
  presented: null,
  maps: [],
  shownMap: null,
  tokens: [],
  areas: [],
  tiles: [],
  requests: [],
}

const ONCE = 'each id may stand once'

/** `most`: the most items of the list. */
const listPatch = <S extends z.ZodRawShape>(item: z.ZodObject<S>, most: number) => {
  const ids = z.array(Id).max(most).refine(isUnique, ONCE)
  return z.strictObject({
    upsert: z
      .array(item.partial().extend({ id: Id }))
      .max(most)
      .refine((items) => isUnique(items.map((item: object) => 'id' in item && item.id)), ONCE)
      .optional(),
    remove: ids.optional(),
    order: ids.optional(),
  })
}

/**
 * An edit: the changed fields of the state. The schema does not check whether new list items are complete and ids are known. Applying
 * the patch does. Pictures change by operations alone: nobody but the server chooses the name of a picture.
 * Sheets and requests change by operations, too.
 */
export const StatePatch = z.strictObject({
  scene: CampaignState.shape.scene.optional(),
  status: CampaignState.shape.status.optional(),
  characters: listPatch(Character.omit({ portrait: true, sheet: true }), MOST.characters).optional(),
  turn: Turn.extend({ order: Turn.shape.order.refine(isUnique, ONCE) }).optional(),
  environment: listPatch(Condition, MOST.environment).optional(),
  threats: listPatch(Threat, MOST.threats).optional(),
  beats: listPatch(Beat, MOST.beats).optional(),
  dmNotes: CampaignState.shape.dmNotes.optional(),
  encounter: CampaignState.shape.encounter,
  playersHeal: CampaignState.shape.playersHeal,
})
export type StatePatch = Patch<CampaignState>
export type CharacterPatch = ListPatch<Character>

const EntryKind = z.enum(['narration', 'player', 'roll', 'system', 'whisper'])
/** @public docs/protocols.md names it. */
export type EntryKind = z.infer<typeof EntryKind>

/** A dice roll as people see it: notation `2d6+3`, output `2d6+3: [4, 2]+3 = 9`. */
export const Roll = z.object({ notation: Anything, output: Anything, total: z.number(), label: Anything })
export type Roll = z.infer<typeof Roll>

/**
 * One piece of the story. Ids are random, so that they do not reveal the number of hidden entries.
 * `audience: 'dm'` never leaves the DMs' stream; `'member'` is a whisper between the DMs and that one `member`.
 * `withdrawn`: taken back by an undo, or `deleted` by its author or a DM. Only DMs get its words then, and `takenBackBy`, the name of
 * the person who did it: see `withoutWords`. `editedBy`: the name of the person who changed the words last.
 */
export const NarrativeEntry = z.object({
  id: Id,
  at: Timestamp,
  kind: EntryKind,
  author: z.object({ id: Id, name: Anything, role: z.enum(['dm', 'player', 'system']) }),
  text: Anything,
  rolls: z.array(Roll),
  audience: z.enum(['all', 'dm', 'member']),
  member: z.object({ id: Id, name: Anything }).optional(),
  withdrawn: z.boolean(),
  deleted: z.boolean().optional(),
  takenBackBy: Anything.optional(),
  editedBy: Anything.optional(),
  /** True for a line of a fight that a page may fold: who moved in the order, what a turn ran. */
  isBookkeeping: z.boolean().optional(),
  /** True for a line for DMs whose next entry tells players the same, in the names that they know. A DM reads one of the two. */
  hasPlayersForm: z.boolean().optional(),
  /** The turn of a fight in which it was written: entries of one turn have the same text. It tells nothing of the fighter. */
  turn: z.string().max(40).optional(),
  /** The handout that was shown. A page draws it while the reader may see it. */
  picture: z.object({ handoutId: Id }).optional(),
})
export type NarrativeEntry = z.infer<typeof NarrativeEntry>
