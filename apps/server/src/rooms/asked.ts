// What a procedure hands on of a call: who asks, the key, and all that was asked, of which a hash is kept with the answer.
import type { Asked, RoomCaller } from '@tablecast/orchestrator'
import type { Once } from './change-as-user.ts'

/** The key of a call and all else that was asked. */
export const once = <I extends { key: string }>({ key, ...input }: I): Once => ({ key, input })

/** For a change of a room. */
export const askedBy = <I extends { roomId: string; key: string }>(
  { caller }: { caller: RoomCaller },
  input: I,
): I & Asked & { key: string } => ({ ...input, ...once(input), caller })
