import { openedOutbox } from './outbox-state.ts'
import type { RoomAnswer, RoomCall } from './outbox-calls.ts'
import type { Outcome } from './outbox.ts'

/**
 * Hands a call to the room's outbox. Resolves with its outcome, or before that when the call has to wait for the connection. The outbox
 * itself shows a call that waits, and later its refusal.
 */
export async function addCall(call: RoomCall): Promise<Outcome<RoomAnswer> | { kind: 'waits' }> {
  const box = await openedOutbox()
  return new Promise((resolve, reject) => {
    box.add(call, () => resolve({ kind: 'waits' })).then(resolve, reject)
  })
}
