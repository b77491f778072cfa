// Turns the input of a procedure into the arguments of a change: the caller, the idempotency key, and the input. A hash of the input
// is stored with the answer.
import type { ChangeRequest, RoomCaller } from '@tablecast/orchestrator'
import type { KeyedInput } from './change-as-user.ts'

/**
 * Splits an input into its idempotency key and the rest. A nonce is no part of the rest: a server of an older version does not know it,
 * and a repeat may meet one.
 */
export const toKeyedInput = <I extends { key: string; nonce?: string | undefined }>({
  key,
  nonce: _nonce,
  ...input
}: I): KeyedInput => ({ key, input })

/** The same for a change of a room. The fields of the input stay available beside `key`, `input` and `caller`. */
export const roomRequest = <I extends { roomId: string; key: string; nonce?: string | undefined }>(
  { caller }: { caller: RoomCaller },
  input: I,
): I & ChangeRequest & { key: string } => ({ ...input, ...toKeyedInput(input), caller })
