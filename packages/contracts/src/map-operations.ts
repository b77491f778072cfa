// Operations on maps: what a DM shows and reveals, and where tokens stand. docs/access.md says who may do what.
import { z } from 'zod'
import type { Ack } from './ack.ts'
import { Id, IdempotencyKey } from './ids.ts'
import { Line } from './text.ts'
import { AreaShape, MapGrid, MapPoint, MapSight, MapTitle, MAX_MAP_SIDE, MIN_MAP_SIDE, Token } from './maps.ts'

const Points = (most: number) => z.array(MapPoint).min(1).max(most)

/** `room`: the blocks around a place, up to the walls. `all`: the whole map. A block changes only if it lies wholly inside. */
export const FogStroke = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rectangle'), from: MapPoint, to: MapPoint }),
  z.object({ kind: z.literal('polygon'), points: Points(200) }),
  z.object({ kind: z.literal('brush'), points: Points(500), radius: z.number().min(8).max(2_000) }),
  z.object({ kind: z.literal('room'), at: MapPoint }),
  z.object({ kind: z.literal('all') }),
])
export type FogStroke = z.infer<typeof FogStroke>

const side = z.int().min(MIN_MAP_SIDE).max(MAX_MAP_SIDE)
const NewToken = Token.pick({
  characterId: true,
  name: true,
  x: true,
  y: true,
  size: true,
  visible: true,
  darkvision: true,
}).extend({ name: Line(60) })

/**
 * `addMap`: of a picture that was uploaded for a map, or an empty one of a size. Grid and sight are those of its file, unless they are given. `showMap`: null
 * closes the map; its fog and tokens stay. `moveToken`: `way` is the path from where the token stands, and ends at its new
 * place. `addTokens`: a name counts only for a thing, which needs one. `setDoor`: of the map's picture.
 */
export const MapOperation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('addMap'),
    title: MapTitle,
    picture: z.union([z.object({ id: Id }), z.object({ width: side, height: side })]),
    grid: MapGrid.optional(),
    sight: MapSight.optional(),
  }),
  z.object({
    type: z.literal('editMap'),
    id: Id,
    title: MapTitle.optional(),
    grid: MapGrid.optional(),
    sight: MapSight.optional(),
    isLocked: z.boolean().optional(),
  }),
  z.object({ type: z.literal('removeMap'), id: Id }),
  z.object({ type: z.literal('showMap'), id: Id.nullable() }),
  z.object({ type: z.literal('changeFog'), mapId: Id, stroke: FogStroke, reveals: z.boolean() }),
  z.object({ type: z.literal('addTokens'), mapId: Id, tokens: z.array(NewToken).min(1).max(50) }),
  z.object({ type: z.literal('moveToken'), id: Id, way: Points(100) }),
  z.object({
    type: z.literal('editToken'),
    id: Id,
    ...Token.pick({ name: true, size: true, visible: true, isLocked: true, darkvision: true }).partial().shape,
  }),
  z.object({ type: z.literal('removeTokens'), ids: z.array(Id).min(1).max(50) }),
  z.object({ type: z.literal('setDoor'), mapId: Id, doorId: Id, isOpen: z.boolean() }),
  z.object({ type: z.literal('placeArea'), mapId: Id, shape: AreaShape, visible: z.boolean().default(true) }),
  z.object({ type: z.literal('removeArea'), id: Id }),
])
export type MapOperation = z.infer<typeof MapOperation>
export type MapOperationType = MapOperation['type']

/**
 * `own`: a player may, on the map that is shown, with tokens of their own characters and areas that they placed. `dm`: DMs alone.
 * Spectators may nothing.
 */
export const mapRights: Readonly<Record<MapOperationType, 'own' | 'dm'>> = {
  addMap: 'dm',
  editMap: 'dm',
  removeMap: 'dm',
  showMap: 'dm',
  changeFog: 'dm',
  addTokens: 'dm',
  moveToken: 'own',
  editToken: 'dm',
  removeTokens: 'dm',
  setDoor: 'dm',
  placeArea: 'own',
  removeArea: 'own',
}

export const OperateMapsInput = z.object({
  roomId: Id,
  campaignId: Id,
  key: IdempotencyKey,
  operation: MapOperation,
})

/** `madeIds`: of the map, the tokens or the area that the operation made, in their order. */
export type OperateMapsAnswer = Ack & { madeIds: string[] }

export const OneMapInput = z.object({ roomId: Id, campaignId: Id, mapId: Id })

/** The fog of a map for DMs, as a change of an empty fog. */
export type MapFogAnswer = { version: number; revealed: string }

/** The walls, doors and lights that the file of a map brought along, for DMs. Players get none of it. */
export type MapWallsAnswer = {
  walls: { a: MapPoint; b: MapPoint }[]
  doors: { id: string; a: MapPoint; b: MapPoint }[]
  lights: { x: number; y: number; reach: number }[]
}
