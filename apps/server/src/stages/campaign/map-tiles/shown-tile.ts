// Which tile an address stands for, and which of its pixels its holder may see.
import { type GameMap, Id, MapTile } from '@tablecast/contracts'
import { changed, type Fog, hiddenFog, readChange } from '@tablecast/maps/fog'
import type { MapSize } from '@tablecast/maps/grid'
import { tileName } from '@tablecast/maps/tile-name'
import { boundsOfTile, isHidden, type TileMask, TileMasks, type TilePlace } from '@tablecast/maps/tiles'
import type { PictureRow, Repositories } from '@tablecast/store'

export type TileAddress = { campaignId: string; mapId: string; tileId: string; name: string }

/**
 * `size`: of the tile. `picture`: null for a map without one. `mask`: null for DMs, who see the whole tile. `name`: null as well; otherwise it
 * stands for the visible pixels.
 */
export type ShownTile = {
  place: TilePlace
  size: MapSize
  picture: PictureRow | null
  masked: { mask: TileMask; name: string } | null
}

/** A player who was loading a tile when it changed gets it as it was. */
const GRACE_MS = 10_000
/** The most strokes that a request looks at. */
const MAX_STROKES = 100

/**
 * Finds a tile by its address. Null for an address that never was, and just so for one that is no longer, or leads to a campaign or a map that
 * players do not see now.
 */
export async function shownTile(
  tables: Pick<Repositories, 'campaigns' | 'rooms' | 'pictures' | 'maps'>,
  address: TileAddress,
  now: Date,
): Promise<ShownTile | null> {
  const place = placeOf(address)
  if (!place) return null
  const campaign = await tables.campaigns.get(address.campaignId)
  const map = campaign?.state.maps?.find(({ id }) => id === address.mapId)
  const bounds = map && boundsOfTile(map, place)
  if (!campaign || !map || !bounds) return null
  const isOfDms = address.name === map.name
  const isOpen = async () => (await tables.rooms.get(campaign.roomId))?.activeCampaignId === campaign.id
  const isShown = isOfDms || (campaign.state.shownMap?.mapId === map.id && (await isOpen()))
  if (!isShown) return null
  const mask = isOfDms ? null : await maskNamed(tables.maps, map, { address, place, now })
  if (!isOfDms && !mask) return null
  const picture = await pictureOf(tables, campaign.roomId, map)
  // The content of a picture that was removed since is gone.
  if (map.pictureId !== null && !picture) return null
  const { width, height } = bounds
  return { place, size: { width, height }, picture, masked: mask && { mask, name: address.name } }
}

function placeOf({ campaignId, mapId, tileId, name }: TileAddress): TilePlace | null {
  const ids = [Id.safeParse(campaignId), Id.safeParse(mapId), MapTile.safeParse({ id: tileId, name })]
  if (ids.some(({ success }) => !success)) return null
  const [level = -1, column = -1, row = -1] = tileId.split('-').map(Number)
  // Of `01` and `1`, one is a name of the tile.
  return tileId === `${level}-${column}-${row}` ? { level, column, row } : null
}

async function pictureOf(
  { pictures }: Pick<Repositories, 'pictures'>,
  roomId: string,
  { pictureId, width, height }: GameMap,
): Promise<PictureRow | null> {
  if (pictureId === null) return null
  const [picture] = await pictures.find(roomId, [pictureId])
  return picture?.tileLevels != null && picture.width === width && picture.height === height ? picture : null
}

type Asked = { address: TileAddress; place: TilePlace; now: Date }

/**
 * The visible pixels that a name stands for: those of the fog now, or those of a moment ago, where no pixel was hidden since. Null for any
 * other name.
 */
async function maskNamed(
  maps: Repositories['maps'],
  { id, width, height }: GameMap,
  { address: { campaignId, tileId, name }, place, now }: Asked,
): Promise<TileMask | null> {
  const row = await maps.fog(campaignId, id)
  if (!row) return null
  const empty = hiddenFog({ width, height })
  if (row.bits.length !== empty.bits.length) return null
  let fog: Fog = { ...empty, bits: row.bits }
  const present = new TileMasks(fog).maskOf(place)
  // Nothing of the tile is visible, so no part of it was visible that still is.
  if (!present || isHidden(present)) return null
  const isNamed = (mask: TileMask) => tileName(row.key, tileId, mask) === name
  if (isNamed(present)) return present
  const since = new Date(now.getTime() - GRACE_MS).toISOString()
  for (const { change } of await maps.recentStrokes(campaignId, id, since, MAX_STROKES)) {
    fog = changed(fog, readChange(change, fog))
    const mask = new TileMasks(fog).maskOf(place)
    if (mask && !isHidden(mask) && isPartOf(mask, present) && isNamed(mask)) return mask
  }
  return null
}

/** Whether each visible pixel of one mask is visible in the other. */
const isPartOf = ({ bits }: TileMask, whole: TileMask): boolean =>
  bits.every((byte, at) => (byte & ~(whole.bits[at] ?? 0)) === 0)
