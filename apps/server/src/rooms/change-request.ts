// Turns the input of a procedure into the arguments of a change: the caller, the idempotency key, and the input. A hash of the input
// is stored with the answer.
import type { ChangeRequest, RoomCaller } from '@tablecast/orchestrator'
import type { KeyedInput } from './change-as-user.ts'

/** Splits an input into its idempotency key and the rest. */
export const toKeyedInput = <I extends { key: string }>({ key, ...input }: I): KeyedInput => ({ key, input })

/** The same for a change of a room. The fields of the input stay available beside `key`, `input` and `caller`. */
export const roomRequest = <I extends { roomId: string; key: string }>(
  { caller }: { caller: RoomCaller },
  input: I,
): I & ChangeRequest & { key: string } => ({ ...input, ...toKeyedInput(input), caller })
