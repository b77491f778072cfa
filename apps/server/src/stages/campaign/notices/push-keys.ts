import { createECDH } from 'node:crypto'
import type { PushKeys, Store } from '@tablecast/store'

const CURVE = 'prime256v1'

/** The keys by which push services know this server (RFC 8292). The first start makes them, and all nodes use the same ones. */
export async function openPushKeys(store: Store): Promise<PushKeys> {
  const known = await store.read(({ push }) => push.keys())
  if (known) return known
  const made = newPushKeys()
  return store.write(async ({ push }) => {
    // Another node may have made them in this moment.
    await push.addKeys(made, new Date().toISOString())
    return (await push.keys()) ?? made
  })
}

/** In the form that browsers and push services take. */
export function newPushKeys(): PushKeys {
  const pair = createECDH(CURVE)
  const publicKey = pair.generateKeys('base64url')
  // It may have leading zeros, which the number does not keep.
  const privateKey = Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url')
  return { publicKey, privateKey }
}

/** Whether the text is a point on the curve, as a browser's key must be. */
export function isOnCurve(publicKey: string): boolean {
  const other = createECDH(CURVE)
  other.generateKeys()
  try {
    other.computeSecret(Buffer.from(publicKey, 'base64url'))
    return true
  } catch {
    return false
  }
}
