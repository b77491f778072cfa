// The part of a gesture that players may see. It never points at something that fog hides from them.
import { type CampaignState, type GameMap, type MapGesture, playerView } from '@tablecast/contracts'
import { changed, FOG_BLOCK, type Fog, hiddenFog, isRevealed, readChange } from '@tablecast/maps/fog'
import type { Point } from '@tablecast/maps/grid'

export type GestureMade = {
  state: CampaignState
  /** The map that is shown. */
  map: GameMap
  fog: Fog
  gesture: MapGesture
  isByDm: boolean
  /** Whether a DM lets players see it. */
  shows: boolean
}

/** Null: players get nothing of it. A player knows nothing that others must not see, so gestures of players are for everyone. */
export function gestureForPlayers({ state, map, fog, gesture, isByDm, shows }: GestureMade): MapGesture | null {
  if (gesture.kind === 'end') return gesture
  if (gesture.kind === 'drag') return isDragSeen(state, map, fog, gesture) ? gesture : null
  if (!isByDm) return gesture
  if (!shows) return null
  // The DM chose to be followed, and the size of the map is no secret.
  if (gesture.kind === 'view') return gesture
  return placesOf(gesture).every((place) => isIn(fog, place)) ? gesture : null
}

type Drag = Extract<MapGesture, { kind: 'drag' }>

/** As for the tokens themselves: players see their own everywhere, and others where no fog is, with sight only where the party looks. */
function isDragSeen(state: CampaignState, map: GameMap, fog: Fog, { tokenId, at }: Drag): boolean {
  if (!playerView(state).tokens.some(({ id }) => id === tokenId)) return false
  return isOfPlayers(state, tokenId) || isIn(map.sight.isOn ? inSightOf(map) : fog, at)
}

function isOfPlayers({ tokens, characters }: CampaignState, tokenId: string): boolean {
  const characterId = tokens?.find(({ id }) => id === tokenId)?.characterId
  return characters.some(({ id, kind, ownerId }) => id === characterId && (kind === 'pc' || Boolean(ownerId)))
}

function placesOf(gesture: Exclude<MapGesture, { kind: 'drag' | 'view' | 'end' }>): readonly Point[] {
  switch (gesture.kind) {
    case 'pointer':
    case 'ping':
      return [gesture.at]
    case 'ruler':
      return gesture.points
    case 'area': {
      const { shape } = gesture
      if (shape.kind === 'cone') return [shape.tip]
      return [shape.kind === 'line' ? shape.from : shape.centre]
    }
  }
}

const isIn = (fog: Fog, { x, y }: Point): boolean =>
  isRevealed(fog, Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK))

const sights = new WeakMap<GameMap, Fog>()

/** The blocks that the party sees now. */
function inSightOf(map: GameMap): Fog {
  const known = sights.get(map)
  if (known) return known
  const nothing = hiddenFog(map)
  const sight = map.inSight === null ? nothing : changed(nothing, readChange(map.inSight, nothing))
  sights.set(map, sight)
  return sight
}
