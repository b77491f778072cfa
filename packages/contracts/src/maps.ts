// Maps of a campaign: where its state names them, its tokens, and the areas that lie on them. Places and lengths are pixels of the
// map's picture, whole numbers. The fog itself is not in the state, see docs/maps.md.
import { z } from 'zod'
import { Id } from './ids.ts'
import { PictureName } from './pictures.ts'
import { StoredLine } from './text.ts'

export const MAX_MAPS = 50
export const MAX_TOKENS = 500
export const MAX_AREAS = 50
/** Of these, the most of one player. */
export const MAX_PLAYER_AREAS = 10
/** The longest side of a map, in pixels. */
export const MAX_MAP_SIDE = 20_000
export const MIN_MAP_SIDE = 64
export const MAX_MAP_PIXELS = 100_000_000

/** Of a map's picture. A token may stand outside. */
const Coordinate = z
  .int()
  .min(-MAX_MAP_SIDE)
  .max(2 * MAX_MAP_SIDE)
export const MapPoint = z.object({ x: Coordinate, y: Coordinate })
export type MapPoint = z.infer<typeof MapPoint>

export const MapTitle = StoredLine(120)

/**
 * `size`: from one side of a cell to the opposite one; without cells the length that `scale` stands for. `offset`: the corner of the first
 * cell. In `hex-rows` every second row is half a cell to the right, in `hex-columns` every second column half a cell down.
 */
export const MapGrid = z.object({
  kind: z.enum(['square', 'hex-rows', 'hex-columns', 'none']),
  size: z.number().min(8).max(2_000),
  offset: z.object({ x: z.number().min(-2_000).max(2_000), y: z.number().min(-2_000).max(2_000) }),
  scale: z.number().min(0.1).max(1_000),
  unit: StoredLine(10),
})
export type MapGrid = z.infer<typeof MapGrid>

/**
 * `isOn`: what the party's tokens see is revealed as they move, and players see the rest of the revealed parts dimmed. `isDaylight`:
 * everything in line of sight is seen, without lights. `farthest`: in the grid's unit.
 */
export const MapSight = z.object({
  isOn: z.boolean(),
  isDaylight: z.boolean(),
  farthest: z.number().min(1).max(10_000),
})
export type MapSight = z.infer<typeof MapSight>

/** Bits of blocks, as `writeChange` of @tablecast/maps writes them. */
const FogBits = z.base64()

/**
 * `version` grows with each change of the map's fog. `change`: what turned the version before into this one; null where it is too long, or
 * where the fog was replaced: then a page asks for the whole fog.
 */
export const MapFog = z.object({
  version: z.int().min(0),
  change: FogBits.max(8_000).nullable(),
})
export type MapFog = z.infer<typeof MapFog>

/** The fog of a map in a document. `revealed`: as a change of an empty fog. */
export const ExportedFog = z.object({ mapId: Id, revealed: FogBits.max(100_000) })
export type ExportedFog = z.infer<typeof ExportedFog>

/**
 * A map as DMs see it. `pictureId`: null for a map without a picture, which has a grid alone. `name`: in the DMs' addresses of its tiles,
 * which are whole. `openDoors`: ids of doors of its picture. `inSight`: with sight, the blocks that the party sees now, as a change of an empty
 * fog; the server writes it.
 */
export const GameMap = z.object({
  id: Id,
  title: MapTitle,
  pictureId: Id.nullable(),
  name: PictureName,
  width: z.int().min(MIN_MAP_SIDE).max(MAX_MAP_SIDE),
  height: z.int().min(MIN_MAP_SIDE).max(MAX_MAP_SIDE),
  grid: MapGrid,
  sight: MapSight,
  /** Whether players may not move their tokens. */
  isLocked: z.boolean(),
  fog: MapFog,
  openDoors: z.array(Id).max(2_000),
  inSight: FogBits.max(100_000).nullable(),
})
export type GameMap = z.infer<typeof GameMap>

/**
 * A character's place on a map, or a thing's. `characterId`: null for a thing. `x`, `y`: its centre. `size`: cells a side. `visible`: whether a
 * DM lets players see it. `inFog`: whether fog hides it from players; the server writes it. `darkvision`: how far it sees without light, in
 * the grid's unit.
 */
export const Token = z.object({
  id: Id,
  mapId: Id,
  characterId: Id.nullable(),
  name: StoredLine(60),
  x: Coordinate,
  y: Coordinate,
  size: z.number().min(0.25).max(20),
  visible: z.boolean(),
  isLocked: z.boolean(),
  darkvision: z.number().min(0).max(10_000),
  inFog: z.boolean(),
})
export type Token = z.infer<typeof Token>

const Direction = z.number().min(-7).max(7)
const Length = z
  .number()
  .min(1)
  .max(2 * MAX_MAP_SIDE)

/** The shape of an effect. Lengths in pixels, directions in radians from the right, clockwise. */
export const AreaShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), centre: MapPoint, radius: Length }),
  z.object({ kind: z.literal('cone'), tip: MapPoint, direction: Direction, length: Length }),
  z.object({ kind: z.literal('line'), from: MapPoint, direction: Direction, length: Length, width: Length }),
  z.object({ kind: z.literal('square'), centre: MapPoint, side: Length }),
])
export type AreaShape = z.infer<typeof AreaShape>

/** An area that lies on a map until somebody removes it. `ownerId`: the person who placed it. */
export const MapArea = z.object({
  id: Id,
  mapId: Id,
  shape: AreaShape,
  ownerId: Id,
  visible: z.boolean(),
})
export type MapArea = z.infer<typeof MapArea>

/**
 * A tile of the map that is shown, which has at least one pixel that players see. `id`: `<level>-<column>-<row>`. `name`: in the players'
 * address. The server writes all of them.
 */
export const MapTile = z.object({ id: z.string().regex(/^\d{1,2}-\d{1,3}-\d{1,3}$/), name: PictureName })
export type MapTile = z.infer<typeof MapTile>

/** Of a map with 20,000 × 20,000 pixels: 1,600 + 400 + 100 + 25 + 9 + 4 + 1. */
export const MAX_TILES = 2_200

/** The map that is shown. */
export const ShownMapId = z.object({ mapId: Id })
export type ShownMapId = z.infer<typeof ShownMapId>
