// A map in the shape in which both a DM's page and a player's page draw it.
import type { GameMap, MapGrid, MapTile, PlayerView } from '@tablecast/contracts'
import { levelsOf, type TilePlace } from '@tablecast/maps/tiles'

/** Places and lengths are pixels of the map's picture. */
export type TableMap = {
  id: string
  title: string
  width: number
  height: number
  grid: MapGrid
  levels: number
  isLocked: boolean
  /** Blocks of fog that the party sees now, as a written change of an empty fog; null where sight is off. */
  inSight: string | null
  /** The address of a tile; null for a tile without a visible pixel. */
  addressOf: (place: TilePlace) => string | null
}

const tileId = ({ level, column, row }: TilePlace): string => `${level}-${column}-${row}`
const tileAddress = (campaignId: string, mapId: string, id: string, name: string): string =>
  `/media/${campaignId}/map/${mapId}/${id}/${name}.webp`

/** A DM's tiles are whole. */
export function mapOfDms(campaignId: string, map: GameMap): TableMap {
  const { id, title, width, height, grid, isLocked, name } = map
  return {
    id,
    title,
    width,
    height,
    grid,
    isLocked,
    levels: levelsOf(map),
    // The DM sees everything, and the fog is drawn over it.
    inSight: null,
    addressOf: (place) => tileAddress(campaignId, id, tileId(place), name),
  }
}

const namesOf = (tiles: readonly MapTile[]): ReadonlyMap<string, string> =>
  new Map(tiles.map(({ id, name }) => [id, name]))

export function mapOfPlayers(campaignId: string, { map, tiles }: Pick<PlayerView, 'map' | 'tiles'>): TableMap | null {
  if (!map) return null
  const { id, title, width, height, grid, isLocked, isSightOn, inSight } = map
  const names = namesOf(tiles)
  return {
    id,
    title,
    width,
    height,
    grid,
    isLocked,
    levels: levelsOf(map),
    inSight: isSightOn ? (inSight ?? '') : null,
    addressOf: (place) => {
      const name = names.get(tileId(place))
      return name === undefined ? null : tileAddress(campaignId, id, tileId(place), name)
    },
  }
}

/** A small picture of the whole map, for DMs. */
export const thumbnailOf = (campaignId: string, map: GameMap): string =>
  tileAddress(campaignId, map.id, tileId({ level: levelsOf(map) - 1, column: 0, row: 0 }), map.name)
