// Which tile an address stands for, and which of its pixels its holder may see.
import { type GameMap, Id, MapTile } from '@tablecast/contracts'
import type { MapSize } from '@tablecast/maps/grid'
import { boundsOfTile, type TileMask, type TilePlace } from '@tablecast/maps/tiles'
import type { PictureRow, Repositories } from '@tablecast/store'
import type { TileNames } from './tile-names.ts'

export type TileAddress = { campaignId: string; mapId: string; tileId: string; name: string }

/** `size`: of the tile. `picture`: null for a map without one. `mask`: null for DMs, who see the whole tile. */
export type ShownTile = { place: TilePlace; size: MapSize; picture: PictureRow | null; mask: TileMask | null }

type TileRepositories = Pick<Repositories, 'campaigns' | 'rooms' | 'pictures' | 'maps'>

/**
 * Finds a tile by its address. Null for an address that never was, and just so for one that is no longer, or leads to a campaign or a map that
 * players do not see now.
 */
export async function shownTile(
  tables: TileRepositories,
  names: TileNames,
  { campaignId, mapId, tileId, name }: TileAddress,
  now: Date,
): Promise<ShownTile | null> {
  const [isId, tile] = [Id.safeParse(campaignId).success, MapTile.safeParse({ id: tileId, name })]
  const place = placeOf(tileId)
  if (!isId || !tile.success || !place) return null
  const campaign = await tables.campaigns.get(campaignId)
  const map = campaign?.state.maps?.find(({ id }) => id === mapId)
  const bounds = map && boundsOfTile(map, place)
  if (!campaign || !map || !bounds) return null
  const { roomId, state } = campaign
  const isOfDms = name === map.name
  let mask: TileMask | null = null
  if (!isOfDms) {
    // Of a tile without a visible pixel, nothing was visible that still is.
    if (state.shownMap?.mapId !== map.id || !state.tiles?.some(({ id }) => id === tileId)) return null
    if ((await tables.rooms.get(roomId))?.activeCampaignId !== campaignId) return null
    mask = await names.find(tables.maps, { campaignId, mapId, size: map, place, tile: tile.data }, now)
    if (!mask) return null
  }
  const picture = await pictureOf(tables, roomId, map)
  // The content of a picture that was removed since is gone.
  if (map.pictureId !== null && !picture) return null
  return { place, size: { width: bounds.width, height: bounds.height }, picture, mask }
}

/** Null for a text that is not the id of a tile, such as `0-01-0`. */
function placeOf(tileId: string): TilePlace | null {
  const [level = -1, column = -1, row = -1] = tileId.split('-').map(Number)
  return tileId === `${level}-${column}-${row}` ? { level, column, row } : null
}

async function pictureOf(
  { pictures }: Pick<TileRepositories, 'pictures'>,
  roomId: string,
  { pictureId, width, height }: GameMap,
): Promise<PictureRow | null> {
  if (pictureId === null) return null
  const [picture] = await pictures.find(roomId, [pictureId])
  const isOfMap = picture && picture.tileLevels !== null && picture.width === width && picture.height === height
  return isOfMap ? picture : null
}
