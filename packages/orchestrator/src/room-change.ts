// The one way to change a room and what is in it.
import { TablecastError } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import { answerOnce, type RoomRow, type Store, type Tables } from '@tablecast/store'
import type { RoomCaller } from './room-caller.ts'

/**
 * `key`: the idempotency key; null for what is safe to repeat. `input`: all that was asked, without the key.
 * `endsOwnRight`: the change takes the caller's right to it (to leave, to hand over), so that a repeat is answered without it.
 * `deadline`: until when it may wait, by `performance.now()`, where it has waited before.
 */
export type Asked = {
  roomId: string
  caller: RoomCaller
  key: string | null
  input: unknown
  endsOwnRight?: boolean
  deadline?: number
}

/** `room`: locked. `actor`: who acts, confirmed under that lock. */
export type RoomChange = { tables: Tables; room: RoomRow; actor: Actor; at: string }

/**
 * One transaction under the room's lock. In this order: may the caller do it now; was this key answered before; `work`.
 * So nothing by a removed member is stored after their removal, and a repeat gets its answer whatever has changed since.
 *
 * Throws NOT_FOUND, what the caller's `confirm` throws, CONFLICT for a key that was used for another request, and like `work`.
 */
export function changeRoom<T>(
  store: Store,
  procedure: string,
  { roomId, caller, key, input, endsOwnRight = false, deadline }: Asked,
  at: string,
  work: (change: RoomChange) => Promise<T>,
): Promise<T> {
  const change = async (tables: Tables) => {
    const room = await tables.rooms.lock(roomId)
    if (!room) throw new TablecastError('NOT_FOUND', 'there is no such room')
    const confirmed = endsOwnRight ? null : await caller.confirm(tables, roomId)
    const once = async () => work({ tables, room, at, actor: confirmed ?? (await caller.confirm(tables, roomId)) })
    return key === null
      ? once()
      : answerOnce(tables.answers, { userId: caller.userId, key, procedure, input, at }, once)
  }
  return store.write(change, { deadline })
}
