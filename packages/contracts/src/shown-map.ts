// The map as players see it: the one that is shown, and of it only what no fog hides.
import { withId } from '@tablecast/rules/frozen-lists'
import { frozen } from './frozen.ts'
import type { AreaShape, GameMap, MapGrid, MapTile, Token } from './maps.ts'
import type { CampaignState } from './state.ts'

/**
 * `hasPicture`: false for a map that has a grid alone. `isSightOn`: with it, `inSight` holds the blocks that the party sees now, and the other
 * revealed ones are drawn dimmed. `isLocked`: players may not move their tokens.
 */
export type ShownMap = {
  id: string
  title: string
  hasPicture: boolean
  width: number
  height: number
  grid: MapGrid
  isLocked: boolean
  isSightOn: boolean
  inSight: string | null
}

/**
 * A token that players see. Its name, portrait, conditions and health are those of the visible character; `name` is that of a thing, and empty
 * for a character.
 */
export type PlayerToken = {
  id: string
  characterId: string | null
  name: string
  x: number
  y: number
  size: number
  isLocked: boolean
}

export type PlayerArea = { id: string; shape: AreaShape; ownerId: string }

const NONE: never[] = frozen([])

export type ShownOnMap = { map: ShownMap | null; tokens: PlayerToken[]; areas: PlayerArea[]; tiles: MapTile[] }

const nothing: ShownOnMap = frozen({ map: null, tokens: NONE, areas: NONE, tiles: NONE })

/** The map that the DM shows, or null. */
export const mapShown = ({ maps, shownMap }: Pick<CampaignState, 'maps' | 'shownMap'>): GameMap | null =>
  (shownMap && maps && withId(maps, shownMap.mapId)) ?? null

type Known = { map: GameMap; tokens: unknown; areas: unknown; seen: readonly string[]; view: ShownOnMap }
/** The newest view of each frozen list of tokens. */
const views = new WeakMap<readonly Token[], Known>()

/** `seen`: the ids of the characters that players see. */
export function shownOnMap(state: CampaignState, seen: readonly string[]): ShownOnMap {
  const map = mapShown(state)
  if (!map) return nothing
  const { tokens, areas, tiles } = state
  const last = tokens ? views.get(tokens) : undefined
  if (last && last.map === map && last.areas === areas && last.seen === seen && last.view.tiles === (tiles ?? NONE))
    return last.view
  const known = new Set(seen)
  const view: ShownOnMap = {
    map: viewOfMap(map),
    tokens: (tokens ?? NONE).filter((one) => isTokenShown(one, map, known)).map(viewOfToken),
    areas: (areas ?? NONE)
      .filter((one) => one.mapId === map.id && one.visible)
      .map(({ id, shape, ownerId }) => ({ id, shape, ownerId })),
    tiles: tiles ?? NONE,
  }
  if (tokens && Object.isFrozen(tokens)) views.set(tokens, { map, tokens, areas, seen, view: frozen(view) })
  return view
}

const isTokenShown = (token: Token, map: GameMap, seen: ReadonlySet<string>): boolean =>
  token.mapId === map.id && token.visible && !token.inFog && (token.characterId === null || seen.has(token.characterId))

const viewOfMap = ({ id, title, pictureId, width, height, grid, isLocked, sight, inSight }: GameMap): ShownMap => ({
  id,
  title,
  hasPicture: pictureId !== null,
  width,
  height,
  grid,
  isLocked,
  isSightOn: sight.isOn,
  inSight: sight.isOn ? inSight : null,
})

const viewOfToken = ({ id, characterId, name, x, y, size, isLocked }: Token): PlayerToken => ({
  id,
  characterId,
  name: characterId === null ? name : '',
  x,
  y,
  size,
  isLocked,
})
