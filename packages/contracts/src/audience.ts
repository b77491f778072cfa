// The view of each role, built field by field. So only the DM gets a field that this file does not name.
import type { Character, CampaignState, CharacterKind, HitPoints, NarrativeEntry } from './state.ts'
import type { Role } from './room.ts'

export type Audience = 'dm' | 'player'

/** Owner and co-DMs are the DM audience. All other roles, also later ones, are the player audience. */
export const audienceOf = (role: Role): Audience => (role === 'owner' || role === 'dm' ? 'dm' : 'player')

/** Stands in for hit points that only the DM may see. */
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
 * `current`: the id of a visible character, `DM_TURN` during the turn of a hidden one, or null outside of turns.
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

/** A pure function of the state. A patch for players is the difference of two views, so it can hold nothing else. */
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
