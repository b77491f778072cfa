// One request to a push service (RFC 8030). It follows no redirect, uses no proxy, and reads no byte of the answer's body.
import { Agent, request } from 'node:https'
import type { LookupFunction } from 'node:net'

export type PushRequest = {
  endpoint: string
  headers: Record<string, string | number>
  body: Buffer
}

/** `retryAfter`: the header of that name. */
export type PushAnswer = { status: number; retryAfter: string | null }

const TIMEOUT_MS = 10_000

/** Rejects when no answer came: the name is unknown or refused, nothing listens, the certificate is wrong, or it took too long. */
export function sendPush(
  { endpoint, headers, body }: PushRequest,
  { lookup, signal }: { lookup: LookupFunction; signal: AbortSignal },
): Promise<PushAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, {
      method: 'POST',
      headers,
      lookup,
      // The shared agent may use a proxy, and keeps connections whose address was checked long ago.
      agent: new Agent({ keepAlive: false }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    sent.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null })
      response.destroy()
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
