// A notice as a request: encrypted for the device (RFC 8291), and signed with the server's key (RFC 8292).
import type { PushMessage } from '@tablecast/contracts'
import type { PushKeys } from '@tablecast/store'
import webPush from 'web-push'
import type { PushRequest } from './push-request.ts'

export type NoticeToDevice = {
  device: { endpoint: string; p256dh: string; auth: string }
  message: PushMessage
  /** Seconds for which a push service keeps it for a device that is off. */
  ttl: number
  /** A later notice with the same topic replaces one that waits. At most 32 characters of base64url. */
  topic: string
}

/** The content has this length, so that a push service learns nothing from it. A room's name has at most 60 characters. */
const CONTENT_BYTES = 512

/** Throws for keys that are not valid. */
export function encryptNotice(
  { device, message, ttl, topic }: NoticeToDevice,
  { keys, contact }: { keys: PushKeys; contact: string },
): PushRequest {
  const { endpoint, p256dh, auth } = device
  const text = JSON.stringify(message)
  const padding = Math.max(0, CONTENT_BYTES - Buffer.byteLength(text))
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, text + ' '.repeat(padding), {
    vapidDetails: { subject: contact, ...keys },
    TTL: ttl,
    topic,
    urgency: message.kind === 'turn' ? 'high' : 'normal',
    contentEncoding: 'aes128gcm',
  })
  return { endpoint, headers: details.headers, body: details.body }
}
