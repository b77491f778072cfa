// The views of each role. Deny by default: a view is built field by field, so a field that is not named here goes to the DM alone.
import type { Character, CampaignState, CharacterKind, HitPoints, NarrativeEntry } from './state.ts'
import type { Role } from './room.ts'

export type Audience = 'dm' | 'player'

/** Owner and co-DMs are the DM audience; players, spectators and whatever else may come are not. */
export const audienceOf = (role: Role): Audience => (role === 'owner' || role === 'dm' ? 'dm' : 'player')

/** How hurt someone looks, where the numbers are the DM's. */
export type Health = 'unhurt' | 'hurt' | 'bloodied' | 'down'

export type PlayerCharacter = {
  id: string
  name: string
  kind: CharacterKind
  hp: HitPoints | null
  health: Health
  armourClass: number | null
  conditions: string[]
  initiative: number | null
  ownerId: string | null
}

/**
 * `current`: a visible character's id, `DM_TURN` while someone hidden acts, null out of turns.
 * @public docs/protocols.md names it.
 */
export type PlayerTurn = { round: number; order: string[]; current: string | null }

export const DM_TURN = '~dm'

/** @public docs/protocols.md names it. */
export type PlayerCondition = { id: string; text: string }
/** @public docs/protocols.md names it. */
export type PlayerThreat = { id: string; name: string; detail: string }
/** @public docs/protocols.md names it. */
export type PlayerBeat = { id: string; text: string; done: boolean }

/** The campaign as players and spectators see it. */
export type PlayerView = {
  scene: string
  status: string
  characters: PlayerCharacter[]
  turn: PlayerTurn
  environment: PlayerCondition[]
  threats: PlayerThreat[]
  beats: PlayerBeat[]
}

/** Pure: the same state gives the same view, so a patch for players is the difference of two views and holds nothing else. */
export function playerView(state: CampaignState): PlayerView {
  const characters = state.characters.filter((character) => character.visible)
  const known = new Set(characters.map((character) => character.id))
  const { round, order, current } = state.turn
  return {
    scene: state.scene,
    status: state.status,
    characters: characters.map(playerCharacter),
    turn: {
      round,
      order: order.filter((id) => known.has(id)),
      current: current === null || known.has(current) ? current : DM_TURN,
    },
    environment: state.environment.filter((condition) => condition.visible).map(({ id, text }) => ({ id, text })),
    threats: state.threats.filter((threat) => threat.visible).map(({ id, name, detail }) => ({ id, name, detail })),
    beats: state.beats.filter((beat) => beat.visible).map(({ id, text, done }) => ({ id, text, done })),
  }
}

export const isForPlayers = (entry: NarrativeEntry): boolean => entry.audience === 'all'

function playerCharacter(character: Character): PlayerCharacter {
  const { id, name, kind, hp, hpVisible, armourClass, conditions, initiative, ownerId } = character
  return {
    id,
    name,
    kind,
    hp: hpVisible ? hp : null,
    health: healthOf(hp),
    armourClass: hpVisible ? armourClass : null,
    conditions,
    initiative,
    ownerId,
  }
}

function healthOf({ current, max }: HitPoints): Health {
  if (current <= 0) return 'down'
  if (current * 2 <= max) return 'bloodied'
  return current < max ? 'hurt' : 'unhurt'
}
