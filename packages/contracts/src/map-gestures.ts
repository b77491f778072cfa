// Gestures on a map: what people see of each other's hands. They are sent to those who are there, are not kept, and change nothing.
import { z } from 'zod'
import { Id } from './ids.ts'
import { AreaShape, MapPoint } from './maps.ts'
import { Line } from './text.ts'

/**
 * `drag`: where somebody holds a token. `pointer`: a place that moves. `ping`: a place to look at. `ruler`: a path that is measured. `area`: held,
 * not placed yet. `view`: what the DM sees, for players who follow; `span` is the width of it in pixels of the map. `end`: the hand is
 * lifted.
 */
export const MapGesture = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drag'), tokenId: Id, at: MapPoint }),
  z.object({ kind: z.literal('pointer'), at: MapPoint }),
  z.object({ kind: z.literal('ping'), at: MapPoint }),
  z.object({ kind: z.literal('ruler'), points: z.array(MapPoint).min(2).max(20) }),
  z.object({ kind: z.literal('area'), shape: AreaShape }),
  z.object({ kind: z.literal('view'), at: MapPoint, span: z.number().min(16).max(100_000) }),
  z.object({ kind: z.literal('end') }),
])
export type MapGesture = z.infer<typeof MapGesture>

/** `shows`: whether a DM lets players see it. Gestures of players are for everyone. */
export const GestureInput = z.object({
  roomId: Id,
  mapId: Id,
  gesture: MapGesture,
  shows: z.boolean().default(true),
})

/** A gesture as the others get it. `by`: the person. Each one replaces the person's gesture before. */
export const MapGestureEvent = z.object({
  type: z.literal('gesture'),
  mapId: Id,
  by: z.object({ id: Id, name: z.string(), isDm: z.boolean() }),
  gesture: MapGesture,
})
export type MapGestureEvent = z.infer<typeof MapGestureEvent>

/** The subscription to the gestures on a room's maps. */
export const GesturesInput = z.object({ roomId: Id })
/** The same for clients that poll. `cursor`: of the answer before; without it, the gestures from now on. */
export const GesturesSinceInput = z.object({ roomId: Id, cursor: Line(100).nullish() })
export type GesturesSinceAnswer = { cursor: string; events: MapGestureEvent[] }

/** The most gestures that one person may send a second. */
export const GESTURES_PER_SECOND = 20
