// The view of each role, built field by field. So only the DM gets a field that this file does not name.
import { bandOf, type Band, type Downed, isNamedAlike, namesOfVisible, type Side, sideOf } from '@tablecast/rules'
import { DM_TURN } from './dm-turn.ts'
import { frozen, onceForFrozen } from './frozen.ts'
import { initialsOf } from './initials.ts'
import { isEqual } from './patch.ts'
import { isPortraitShown, type Picture, type Portrait, type Presented } from './pictures.ts'
import type { MapTile } from './maps.ts'
import { type PlayerArea, type PlayerToken, type ShownMap, shownOnMap } from './shown-map.ts'
import {
  findPicture,
  handoutsForEveryone,
  type ShownHandout,
  type ShownPicture,
  shownPicture,
  shownPresented,
  shownScenePicture,
  type ShownScenePicture,
} from './shown-pictures.ts'
import type {
  Beat,
  CampaignState,
  Character,
  CharacterKind,
  Condition,
  HitPoints,
  NarrativeEntry,
  Threat,
} from './state.ts'

/** Stands in for hit points that only the DM may see. */
export type Health = Band

/** `name`: the alias while there is one; the numbers of equal names count only what players have seen. */
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
  /** “G1” of “Goblin 1”. */
  initials: string
  side: Side
  downed: Downed | null
  concentration: { on: string } | null
  portrait: ShownPortrait | null
}

/** @public docs/protocols.md names it. */
export type ShownPortrait = ShownPicture & Pick<Portrait, 'crop'>

/**
 * The fight that is on. `awaiting`: visible characters whose initiative is still to be rolled.
 * @public docs/protocols.md names it.
 */
export type PlayerEncounter = { awaiting: string[] }

/**
 * `current`: the id of a visible character, `DM_TURN` during the turn of a hidden one, or null outside of turns.
 * @public docs/protocols.md names it.
 */
export type PlayerTurn = { round: number; order: string[]; current: string | null }

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
  encounter: PlayerEncounter | null
  playersHeal: boolean
  scenePicture: ShownScenePicture | null
  /** The handouts that are shown to everyone. Those for one member alone are in the member's view. */
  handouts: ShownHandout[]
  presented: Presented | null
  map: ShownMap | null
  tokens: PlayerToken[]
  areas: PlayerArea[]
  tiles: MapTile[]
}

/** The views of frozen states. */
const views = new WeakMap<CampaignState, Omit<Seen, 'characters'> & { view: PlayerView }>()

/**
 * A pure function of the state. A patch for players is the difference of two views, so it can hold nothing else. The views of two
 * frozen states share the parts of what both states share. `before`: an earlier state with a view. It saves a look at each of the
 * characters that both share, and changes nothing in the answer.
 */
export function playerView(state: CampaignState, before?: CampaignState): PlayerView {
  const known = views.get(state)
  if (known) return known.view
  const { characters, seen, places } = patchedCharacters(state, before) ?? visibleCharacters(state)
  const { pictures } = state
  const handouts = handoutsForEveryone(state.handouts, pictures)
  const view: PlayerView = {
    scene: state.scene,
    status: state.status,
    characters,
    turn: playerTurn(state.turn, seen),
    environment: visibleConditions(state.environment),
    threats: visibleThreats(state.threats),
    beats: visibleBeats(state.beats),
    encounter: state.encounter ? { awaiting: state.encounter.awaiting.filter((id) => seen.includes(id)) } : null,
    playersHeal: state.playersHeal ?? false,
    scenePicture: shownScenePicture(state.scenePicture, pictures),
    handouts,
    presented: shownPresented(state.presented, handouts),
    ...shownOnMap(state, seen),
  }
  if (!Object.isFrozen(state)) return view
  // One view for both states where players see no difference, so that what is known of it stays known.
  const last = before && views.get(before)?.view
  const kept = last && isEqual(last, view) ? last : frozen(view)
  views.set(state, { view: kept, seen, places })
  return kept
}

const visibleConditions = onceForFrozen((conditions: readonly Condition[]): PlayerCondition[] =>
  conditions.filter(({ visible }) => visible).map(({ id, text }) => ({ id, text })),
)
const visibleThreats = onceForFrozen((threats: readonly Threat[]): PlayerThreat[] =>
  threats.filter(({ visible }) => visible).map(({ id, name, detail }) => ({ id, name, detail })),
)
const visibleBeats = onceForFrozen((beats: readonly Beat[]): PlayerBeat[] =>
  beats.filter(({ visible }) => visible).map(({ id, text, done }) => ({ id, text, done })),
)

/**
 * `seen`: the ids of the characters that players see. `places`: the place of each character of the state among them, or `HIDDEN`. A look at
 * the character itself would cost as much as all else, because a long list is spread over memory.
 */
type Seen = { characters: PlayerCharacter[]; seen: readonly string[]; places: Int32Array }

const HIDDEN = -1

function visibleCharacters(state: CampaignState): Seen {
  const visible: Character[] = []
  const places = new Int32Array(state.characters.length)
  // A filter takes ten times as long on a frozen list.
  for (const [at, character] of state.characters.entries())
    places[at] = character.visible ? visible.push(character) - 1 : HIDDEN
  const names = namesOfVisible(visible)
  const characters = visible.map((one, at) => playerCharacter(one, names[at] ?? '', pictureOf(one, state)))
  return {
    // Of a frozen list it is remembered that its ids are unique.
    characters: Object.isFrozen(state) ? frozen(characters) : characters,
    seen: visible.map(({ id }) => id),
    places,
  }
}

/**
 * The same, made of the view of an earlier state. Null where a character came, went, moved, or got another name or visibility, or a picture
 * came or went.
 */
function patchedCharacters(state: CampaignState, before: CampaignState | undefined): Seen | null {
  const known = before && views.get(before)
  if (!known || !Object.isFrozen(state) || state.characters.length !== before.characters.length) return null
  if (state.pictures !== before.pictures) return null
  const { view, seen, places } = known
  const characters = view.characters.slice()
  for (let at = 0; at < places.length; at++) {
    const [was, one] = [before.characters[at], state.characters[at]]
    if (one === was) continue
    if (!was || !one || !hasSamePlace(was, one)) return null
    const place = places[at] ?? HIDDEN
    const shown = view.characters[place]
    if (shown) characters[place] = playerCharacter(one, shown.name, pictureOf(one, state))
  }
  // Its items are frozen.
  Object.freeze(characters)
  return { characters, seen, places }
}

/** The picture of a portrait that players see, or null. */
const pictureOf = (one: Character, { pictures }: CampaignState): Picture | null =>
  one.portrait && isPortraitShown(one) ? findPicture(pictures, one.portrait.pictureId) : null

const hasSamePlace = (was: Character, one: Character): boolean =>
  was.id === one.id && was.visible === one.visible && isNamedAlike(was, one)

/** The newest view of each frozen turn, and the ids of the characters that players saw in it. */
const turns = new WeakMap<CampaignState['turn'], { view: PlayerTurn; seen: readonly string[] }>()

/** `seen`: the ids of the characters that players see. */
function playerTurn(turn: CampaignState['turn'], seen: readonly string[]): PlayerTurn {
  const last = turns.get(turn)
  if (last && isEqual(last.seen, seen)) return last.view
  const { round, order, current } = turn
  const known = new Set(seen)
  const view: PlayerTurn = {
    round,
    order: order.filter((id) => known.has(id)),
    current: current === null || known.has(current) ? current : DM_TURN,
  }
  if (Object.isFrozen(turn)) turns.set(turn, { view: frozen(view), seen })
  return view
}

export const isForPlayers = (entry: NarrativeEntry): boolean => entry.audience === 'all'

/** The newest view of each frozen character. */
const characterViews = new WeakMap<Character, { view: PlayerCharacter; picture: Picture | null }>()

/** `name`: as players know the character. It and the picture may change with other parts of the state. */
function playerCharacter(character: Character, name: string, picture: Picture | null): PlayerCharacter {
  const last = characterViews.get(character)
  if (last && last.view.name === name && last.picture === picture) return last.view
  const view = viewOfCharacter(character, name, picture)
  if (Object.isFrozen(character)) characterViews.set(character, { view: frozen(view), picture })
  return view
}

/** `name`: never the real name behind an alias. `picture`: null where players see no portrait. */
function viewOfCharacter(character: Character, name: string, picture: Picture | null): PlayerCharacter {
  const { id, kind, hp, hpVisible, armourClass, conditions, initiative, ownerId, portrait } = character
  return {
    id,
    name,
    kind,
    hp: hpVisible ? hp : null,
    health: bandOf(character),
    armourClass: hpVisible ? armourClass : null,
    conditions,
    initiative,
    ownerId,
    initials: initialsOf(name),
    side: sideOf(character),
    downed: character.downed ?? null,
    concentration: character.concentration ?? null,
    portrait: portrait && picture ? { ...shownPicture(picture, portrait.name), crop: portrait.crop } : null,
  }
}
