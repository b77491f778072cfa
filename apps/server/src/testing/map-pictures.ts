// Maps in tests: sending their pictures, naming them in a state, changing their fog, and loading tiles.
import { randomBytes } from 'node:crypto'
import type { CampaignState, GameMap, MapTile } from '@tablecast/contracts'
import { changed, type Fog, hiddenFog, strokeOf, writeChange } from '@tablecast/maps/fog'
import { tileName } from '@tablecast/maps/tile-name'
import { boundsOfTile, isHidden, levelsOf, TileMasks, type TilePlace } from '@tablecast/maps/tiles'
import type { Repositories, Store } from '@tablecast/store'
import { z } from 'zod'
import { newName } from './pictures.ts'

const Sent = z.object({
  picture: z
    .object({ id: z.string(), width: z.int(), height: z.int(), bytes: z.int(), tileLevels: z.int() })
    .optional(),
  grid: z.object({ size: z.number() }).nullish(),
  counts: z.object({ walls: z.int(), doors: z.int(), lights: z.int() }).nullish(),
  warnings: z.array(z.string()).optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})
export type SentMap = z.infer<typeof Sent> & { status: number }

/** Sends the picture or the file of a map as a page does. */
export async function sendMap(url: string, token: string | null, body: Uint8Array): Promise<SentMap> {
  const response = await fetch(`${url}/api/rooms/main/pictures?for=map`, {
    method: 'POST',
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    body: new Blob([Uint8Array.from(body)]),
  })
  return { ...Sent.parse(await response.json()), status: response.status }
}

/** A map in the state of a campaign, wholly hidden. `pictureId`: null for a map without a picture. */
export async function addMap(
  store: Store,
  campaignId: string,
  { pictureId, width, height }: Pick<GameMap, 'pictureId' | 'width' | 'height'>,
): Promise<GameMap> {
  const map: GameMap = {
    id: `map-${randomBytes(6).toString('hex')}`,
    title: 'The chapel',
    pictureId,
    name: newName(),
    width,
    height,
    grid: { kind: 'square', size: 50, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
    sight: { isOn: false, isDaylight: true, farthest: 60 },
    isLocked: false,
    fog: { version: 0, change: null },
    openDoors: [],
    inSight: null,
  }
  await store.write(async (tables) => {
    await changeState(tables, campaignId, ({ maps }) => ({ maps: [...(maps ?? []), map] }))
    const key = randomBytes(32).toString('hex')
    const { bits } = hiddenFog(map)
    await tables.maps.saveFog({ campaignId, mapId: map.id, version: 0, key, bits })
  })
  return map
}

export const showMap = (store: Store, campaignId: string, map: GameMap | null): Promise<number> =>
  store.write((tables) => changeState(tables, campaignId, () => ({ shownMap: map && { mapId: map.id } })))

export type Blocks = { column: number; row: number; columns: number; rows: number }

/** Reveals or hides a rectangle of blocks, as a stroke of a DM at a time. Returns the names of tiles that players get. */
export async function changeFog(
  store: Store,
  { campaignId, map, at = new Date() }: { campaignId: string; map: GameMap; at?: Date },
  { column, row, columns, rows }: Blocks,
  isReveal: boolean,
): Promise<MapTile[]> {
  const shape = hiddenFog(map)
  for (let y = row; y < Math.min(shape.rows, row + rows); y++)
    for (let x = column; x < Math.min(shape.columns, column + columns); x++) {
      const byte = y * shape.stride + (x >> 3)
      shape.bits[byte] = (shape.bits[byte] ?? 0) | (1 << (x & 7))
    }
  return store.write(async (tables) => {
    const known = await tables.maps.fog(campaignId, map.id)
    if (!known) throw new Error('the map has no fog')
    const fog = { ...hiddenFog(map), bits: known.bits }
    const stroke = strokeOf(fog, shape, isReveal)
    if (!stroke) return tilesOf(fog, known.key)
    const after = changed(fog, stroke)
    const version = await changeState(tables, campaignId, () => ({ tiles: tilesOf(after, known.key) }))
    await tables.maps.saveFog({ ...known, version: known.version + 1, bits: after.bits })
    await tables.maps.addStroke({
      campaignId,
      version,
      mapId: map.id,
      at: at.toISOString(),
      change: writeChange(stroke),
    })
    return tilesOf(after, known.key)
  })
}

/** Makes all names of a map new, as when somebody is removed. */
export const renewKey = (store: Store, campaignId: string, map: GameMap): Promise<void> =>
  store.write(async ({ maps }) => {
    const known = await maps.fog(campaignId, map.id)
    if (known) await maps.saveFog({ ...known, key: randomBytes(32).toString('hex') })
  })

async function changeState(
  { campaigns }: Repositories,
  campaignId: string,
  change: (state: CampaignState) => Partial<CampaignState>,
): Promise<number> {
  const row = await campaigns.get(campaignId)
  if (!row) throw new Error('there is no such campaign')
  const version = row.version + 1
  const updatedAt = new Date().toISOString()
  await campaigns.save({ ...row, version, updatedAt, state: { ...row.state, ...change(row.state) } })
  return version
}

/** All tiles of a map. */
export function placesOf(map: Pick<GameMap, 'width' | 'height'>): TilePlace[] {
  const places: TilePlace[] = []
  for (let level = 0; level < levelsOf(map); level++)
    for (let row = 0; boundsOfTile(map, { level, column: 0, row }); row++)
      for (let column = 0; boundsOfTile(map, { level, column, row }); column++) places.push({ level, column, row })
  return places
}

export const idOf = ({ level, column, row }: TilePlace): string => `${level}-${column}-${row}`

function tilesOf(fog: Fog, key: string): MapTile[] {
  const masks = new TileMasks(fog)
  return placesOf(fog.size).flatMap((place) => {
    const mask = masks.maskOf(place)
    const id = idOf(place)
    return mask && !isHidden(mask) ? [{ id, name: tileName(key, id, mask) }] : []
  })
}

export async function loadTile(url: string, campaignId: string, mapId: string, { id, name }: MapTile) {
  const response = await fetch(`${url}/media/${campaignId}/map/${mapId}/${id}/${name}.webp`)
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}
