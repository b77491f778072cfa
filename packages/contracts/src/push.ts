// Notices on a device while its page is hidden: “It's your turn.” and “The table is open.” A browser gives the address of its push
// service, and the keys that the notice is encrypted with (RFC 8030, RFC 8291).
import { z } from 'zod'
import { Id, IdempotencyKey } from './ids.ts'
import { DisplayName } from './room.ts'

/** The longest address of a push service that is accepted. */
const MAX_ENDPOINT_LENGTH = 1_024

/** `https` alone, in printable ASCII as browsers give it. The server checks the rest of it. */
const PushEndpoint = z
  .string()
  .max(MAX_ENDPOINT_LENGTH)
  .regex(/^https:\/\/[\x21-\x7e]+$/, 'must begin with https://')

/** 16 bytes in base64url. */
const AuthSecret = z.string().regex(/^[\w-]{22}$/, 'must be 16 bytes in base64url')

/** As `PushSubscription.toJSON()` of a browser gives it. `p256dh`: a point on the curve P-256, 65 bytes in base64url. */
export const PushSubscriptionInput = z.object({
  endpoint: PushEndpoint,
  keys: z.object({ p256dh: z.string().regex(/^[\w-]{87}$/, 'must be 65 bytes in base64url'), auth: AuthSecret }),
})
export type PushSubscriptionInput = z.infer<typeof PushSubscriptionInput>

/**
 * `key`: the server's public key, which a browser needs to subscribe; null where the server sends no notices. `reached`: whether the last
 * notice reached a push service; null while none was sent.
 */
export type PushConfig = { key: string | null; reached: boolean | null }

/** `turn`, `opens`: the notices that the device gets. `lastSentAt`: when a push service last took a notice for it. */
export type PushDevice = {
  id: string
  name: string
  turn: boolean
  opens: boolean
  createdAt: string
  lastSentAt: string | null
}
export type PushDevices = { devices: PushDevice[] }

/** Adds this device, or changes its notices. `name`: for the list of the person's devices. */
export const SubscribePushInput = z.object({
  key: IdempotencyKey,
  subscription: PushSubscriptionInput,
  name: DisplayName,
  turn: z.boolean(),
  opens: z.boolean(),
})
export const UnsubscribePushInput = z.object({ key: IdempotencyKey, deviceId: Id })
/** `old`: the address that the browser has replaced, and its secret, which shows that the caller is that browser. */
export const RenewPushInput = z.object({
  old: z.object({ endpoint: PushEndpoint, auth: AuthSecret }),
  subscription: PushSubscriptionInput,
})

/** The sentence of a notice: `turn` is “It's your turn.”, `opens` is “The table is open.” */
export type PushKind = 'turn' | 'opens'
/** The content of a notice, which only the device can read. `room`: the name of the room, the only words in it. */
export type PushMessage = { kind: PushKind; roomId: string; room: string }
