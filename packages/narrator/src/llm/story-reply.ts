// The model's answer: prose, then a line with a mark, then the changes as JSON. The prose is passed on as it comes.
import {
  type CampaignState,
  damage,
  heal,
  type RollRequest,
  type StatePatch,
  withCondition,
  withoutCondition,
} from '@tablecast/contracts'
import { readNotation, Refusal } from '@tablecast/rules'
import { z } from 'zod'
import { findNamed } from '../names.ts'
import { type Reach, reachOf } from './reach.ts'

export const STATE_MARK = '@@STATE@@'

/** Holds back what may be the beginning of the mark. */
export class StoryReader {
  #held = ''
  #state: string | null = null
  /** The prose so far, without the blanks before it. */
  prose = ''

  /** Takes a piece of the reply; returns the prose in it. */
  take(piece: string): string {
    if (this.#state !== null) {
      this.#state += piece
      return ''
    }
    const text = this.#held + piece
    const mark = text.indexOf(STATE_MARK)
    if (mark >= 0) {
      this.#held = ''
      this.#state = text.slice(mark + STATE_MARK.length)
      return this.#tell(text.slice(0, mark).trimEnd())
    }
    const safe = text.length - beginningOfMark(text)
    this.#held = text.slice(safe)
    return this.#tell(text.slice(0, safe))
  }

  /** No more comes: the rest of the prose. */
  end(): string {
    const rest = this.#state === null ? this.#held.trimEnd() : ''
    this.#held = ''
    return this.#tell(rest)
  }

  /** The text after the mark; null when there was no mark. */
  get state(): string | null {
    return this.#state?.trim() || null
  }

  #tell(text: string): string {
    const piece = this.prose === '' ? text.trimStart() : text
    this.prose += piece
    return piece
  }
}

/** The number of characters at the end of the text, with the blanks before them, that could be the beginning of the mark. */
function beginningOfMark(text: string): number {
  const bare = text.trimEnd()
  const blanks = text.length - bare.length
  if (blanks > 0) return blanks
  for (let length = Math.min(STATE_MARK.length - 1, text.length); length > 0; length--)
    if (STATE_MARK.startsWith(text.slice(-length)))
      return length + (text.slice(0, -length).length - text.slice(0, -length).trimEnd().length)
  return 0
}

const Name = z.string().trim().min(1).max(200)
const ConditionName = z.string().trim().min(1).max(40)

/** `hp`: the difference. */
const CharacterChange = z.strictObject({
  name: Name,
  hp: z.int().min(-999).max(999).optional(),
  addConditions: z.array(ConditionName).max(10).optional(),
  removeConditions: z.array(z.string()).max(10).optional(),
})

/** The fields that a model may change. All others are the DM's alone: notes, visibility, the players of characters. */
const StoryState = z.strictObject({
  scene: z.string().max(4_000).optional(),
  status: z.string().max(200).optional(),
  characters: z.array(CharacterChange).max(50).optional(),
  turn: z.strictObject({ of: Name }).optional(),
  environment: z
    .strictObject({ add: z.array(Name).max(10).optional(), remove: z.array(Name).max(10).optional() })
    .optional(),
  threats: z
    .strictObject({
      add: z
        .array(z.strictObject({ name: Name, detail: z.string().max(4_000).default('') }))
        .max(10)
        .optional(),
      remove: z.array(Name).max(10).optional(),
    })
    .optional(),
  beats: z.strictObject({ add: z.array(Name).max(10).optional(), done: z.array(Name).max(10).optional() }).optional(),
})

const RollRequests = z
  .array(
    z.object({
      who: z.string().trim().max(60),
      notation: z.string().trim().min(1).max(100),
      why: z.string().trim().max(200).default(''),
    }),
  )
  .max(8)

const Block = z.strictObject({ changes: StoryState.nullish(), rolls: RollRequests.nullish() })

export class UnfitState extends Error {}

/**
 * `newId` names new conditions, threats and beats. `audience`: with `player` the reply goes to the table; it can't name hidden things,
 * and the errors don't name them. Throws `UnfitState` with what is wrong, in words that a model understands.
 */
export function readState(
  text: string,
  state: CampaignState,
  newId: () => string,
  audience: 'dm' | 'player',
): { patch: StatePatch | null; rolls: RollRequest[] } {
  const parsed = Block.safeParse(jsonIn(text))
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'JSON'}: ${message}`)
    throw new UnfitState(issues.join('; '))
  }
  const { changes, rolls } = parsed.data
  for (const { notation } of rolls ?? []) assertDice(notation)
  const patch = changes ? patchFrom(changes, state.turn, reachOf(state, audience), newId) : null
  return { patch, rolls: rolls ?? [] }
}

/** Players are asked for these rolls: what can't be rolled must not reach them. */
function assertDice(notation: string): void {
  try {
    readNotation(notation)
  } catch (error) {
    throw error instanceof Refusal ? new UnfitState(`rolls: ${error.message}`) : error
  }
}

/** Models like to wrap JSON in words or a code block. */
function jsonIn(text: string): unknown {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')]
  if (from < 0 || to < from) throw new UnfitState('there is no JSON object')
  try {
    return JSON.parse(text.slice(from, to + 1))
  } catch {
    throw new UnfitState('it is not valid JSON')
  }
}

function patchFrom(
  changes: z.infer<typeof StoryState>,
  turnNow: CampaignState['turn'],
  reach: Reach,
  newId: () => string,
): StatePatch | null {
  const patch: StatePatch = {}
  const { scene, status, characters = [], turn, environment, threats, beats } = changes
  if (scene !== undefined) patch.scene = scene
  if (status !== undefined) patch.status = status
  const changed = characterChanges(characters, reach)
  if (changed.length > 0) patch.characters = { upsert: changed }
  // Without a turn order there is no turn to give.
  if (turn && reach.acting.length > 0)
    patch.turn = {
      ...turnNow,
      round: Math.max(1, turnNow.round),
      current: named(reach.acting, turn.of, 'character in the turn order').id,
    }
  if (environment)
    patch.environment = {
      upsert: (environment.add ?? []).map((text) => ({ id: newId(), text, visible: true })),
      remove: (environment.remove ?? []).map((text) => named(reach.environment, text, 'condition').id),
    }
  if (threats)
    patch.threats = {
      upsert: (threats.add ?? []).map((threat) => ({ id: newId(), ...threat, visible: true })),
      remove: (threats.remove ?? []).map((text) => named(reach.threats, text, 'threat').id),
    }
  if (beats)
    patch.beats = {
      upsert: [
        ...(beats.add ?? []).map((text) => ({ id: newId(), text, done: false, visible: true })),
        ...(beats.done ?? []).map((text) => ({ id: named(reach.beats, text, 'beat').id, done: true })),
      ],
    }
  return Object.keys(patch).length > 0 ? patch : null
}

/** Follows the rules of the commands. A character that is named twice changes twice. */
function characterChanges(requested: z.infer<typeof CharacterChange>[], reach: Reach): CharacterFields[] {
  const changed = new Map<string, CharacterFields>()
  for (const { name, hp: by = 0, addConditions = [], removeConditions = [] } of requested) {
    const known = named(reach.characters, name, 'character')
    const fields = changed.get(known.id) ?? { id: known.id }
    if (by !== 0) {
      if (!reach.hasHitPoints.has(known.id))
        throw new UnfitState(`the hit points of ${known.name} are the DM’s: leave them out`)
      const hp = fields.hp ?? known.hp
      fields.hp = by < 0 ? damage(hp, -by) : heal(hp, by)
    }
    if (addConditions.length + removeConditions.length > 0) {
      const kept = removeConditions.reduce(withoutCondition, fields.conditions ?? known.conditions)
      fields.conditions = addConditions.reduce(withCondition, kept)
    }
    changed.set(known.id, fields)
  }
  return [...changed.values()].filter(({ hp, conditions }) => hp !== undefined || conditions !== undefined)
}

type Character = CampaignState['characters'][number]
type CharacterFields = { id: string; hp?: Character['hp']; conditions?: Character['conditions'] }

function named<T extends { id: string; name?: string; text?: string }>(
  items: readonly T[],
  text: string,
  what: string,
): T {
  try {
    return (
      items.find(({ id }) => id === text) ?? findNamed(items, ({ name, text: own }) => name ?? own ?? '', text, what)
    )
  } catch (error) {
    throw new UnfitState(error instanceof Error ? error.message : `there is no ${what} of that name`)
  }
}
