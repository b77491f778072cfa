// The one way to change a room and what is in it.
import { TablecastError } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import { answerOnce, type RoomRow, type Store, type Repositories } from '@tablecast/store'
import type { RoomCaller } from './room-caller.ts'

/**
 * `key`: the idempotency key; null for a call that is safe to repeat. `input`: the whole input without the key.
 * `endsOwnRight`: the change takes the caller's right to it (to leave, to hand over), so that a repeat is answered without it.
 * `nonce`: the caller's part in the dice that the change throws.
 * `deadline`: the end of its waiting time, by `performance.now()`, for a call that has waited already.
 */
export type ChangeRequest = {
  roomId: string
  caller: RoomCaller
  key: string | null
  input: unknown
  endsOwnRight?: boolean
  nonce?: string | undefined
  deadline?: number
}

/** `room`: locked. `actor`: who acts, confirmed under that lock. */
export type RoomChange = { tables: Repositories; room: RoomRow; actor: Actor; at: string }

/**
 * One transaction under the room's lock. In this order: may the caller do it now; was this key answered before; `work`.
 * So nothing by a removed member is stored after their removal, and a repeat gets its answer whatever has changed since.
 *
 * Throws NOT_FOUND, what the caller's `confirm` throws, CONFLICT for a key that was used for another request, and like `work`.
 */
export function changeRoom<T>(
  store: Store,
  procedure: string,
  { roomId, caller, key, input, endsOwnRight = false, deadline }: ChangeRequest,
  at: string,
  work: (change: RoomChange) => Promise<T>,
): Promise<T> {
  const change = async (tables: Repositories) => {
    const room = await tables.rooms.lock(roomId)
    if (!room) throw new TablecastError('NOT_FOUND', 'There is no such table. Check its address.')
    const confirmed = endsOwnRight ? null : await caller.confirm(tables, roomId)
    const once = async () => work({ tables, room, at, actor: confirmed ?? (await caller.confirm(tables, roomId)) })
    return key === null
      ? once()
      : answerOnce(tables.answers, { userId: caller.userId, key, procedure, input, at }, once)
  }
  return store.write(change, { deadline })
}
