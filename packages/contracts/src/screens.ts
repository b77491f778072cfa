// Screens: a television at the table, or an overlay of a stream. A screen is no member. It reads with the token of a link, and sees what
// spectators see.
import { z } from 'zod'
import { Id, IdempotencyKey } from './ids.ts'
import { DisplayName } from './room.ts'
import { Line } from './text.ts'

const ScreenKind = z.enum(['tv', 'overlay'])
export type ScreenKind = z.infer<typeof ScreenKind>

/**
 * The picture on the televisions of a room. `auto`: the handout that a DM holds up, else the map, else the scene with the story. `black`:
 * nothing at all.
 */
export const ScreenShow = z.enum(['auto', 'map', 'scene', 'story', 'black'])
export type ScreenShow = z.infer<typeof ScreenShow>

/** A link without its token, which the server does not keep. `lastUsedAt`: about when a screen last came by it. */
export type ScreenLink = {
  id: string
  kind: ScreenKind
  name: string
  createdBy: string
  createdAt: string
  lastUsedAt: string | null
}
export type RoomScreens = { links: ScreenLink[]; show: ScreenShow }
/** `token`: it is in this answer alone. */
export type NewScreenLink = { link: ScreenLink; token: string }

/** The event of a screen's own stream. A stream begins with the newest one. `room`: the name of the room. */
export type ScreenEvent = { type: 'screen'; timestamp: string; seq: number; room: string; show: ScreenShow }

const inRoom = z.object({ roomId: Id })
const changeInRoom = inRoom.extend({ key: IdempotencyKey })

export const CreateScreenInput = changeInRoom.extend({ kind: ScreenKind, name: DisplayName })
export const RevokeScreenInput = changeInRoom.extend({ linkId: Id })
export const ShowOnScreensInput = changeInRoom.extend({ show: ScreenShow })
/** `token`: of a link of that room. */
export const ScreenInput = inRoom.extend({ token: Line(100).min(1) })
export const ScreenEventsInput = ScreenInput.extend({ lastEventId: Line(100).nullish() })
