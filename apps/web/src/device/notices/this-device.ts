// This browser's own subscription to its push service. It belongs to the service worker, so all tables share it.
import type { PushSubscriptionInput } from '@tablecast/contracts'
import { Notice } from '../../api.ts'
import { registerWorker } from '../register-worker.ts'

async function registration(): Promise<ServiceWorkerRegistration> {
  await registerWorker()
  const found = await navigator.serviceWorker.getRegistration()
  if (!found) throw new Notice('This browser keeps nothing of this page, so it can’t get notices.')
  return navigator.serviceWorker.ready
}

/** The browser's subscription, if it was made with this key of the server. */
export async function knownSubscription(key: string): Promise<PushSubscription | null> {
  const subscription = await anySubscription()
  return subscription && isMadeWith(subscription, key) ? subscription : null
}

/** Call it in the handler of a tap: browsers ask for permission only then. Throws a `Notice`. */
export async function subscribe(key: string): Promise<PushSubscription> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') throw new Notice('The browser asked, and notices were not allowed.')
  const { pushManager } = await registration()
  const known = await pushManager.getSubscription()
  if (known && isMadeWith(known, key)) return known
  // A browser has one subscription at a time, and this one is of another server or of earlier keys.
  await known?.unsubscribe()
  try {
    return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  } catch {
    throw new Notice('The browser could not reach its own service for notices. Try again later.')
  }
}

/** The same id as the server's. */
export async function deviceIdOf({ endpoint }: PushSubscription): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))
  return base64url(hash)
}

/** As the server takes it. Throws a `Notice` for a browser without keys. */
export function inputOf(subscription: PushSubscription): PushSubscriptionInput {
  const { endpoint, keys } = subscription.toJSON()
  const { p256dh, auth } = keys ?? {}
  if (!endpoint || !p256dh || !auth) throw new Notice('This browser can’t keep notices secret, so it gets none.')
  return { endpoint, keys: { p256dh, auth } }
}

/** The push service refuses this device's notices from then on, also when the server can't be reached. */
export async function unsubscribe(): Promise<void> {
  await (await anySubscription())?.unsubscribe()
}

/** The browser's subscription, whatever its key. */
export async function anySubscription(): Promise<PushSubscription | null> {
  if (!('serviceWorker' in navigator)) return null
  const found = await navigator.serviceWorker.getRegistration()
  // An iPhone has no `pushManager` outside of the home screen.
  return (await found?.pushManager?.getSubscription()) ?? null
}

function isMadeWith({ options }: PushSubscription, key: string): boolean {
  const { applicationServerKey } = options
  // A browser that does not say it keeps what it has.
  return applicationServerKey === null || base64url(applicationServerKey) === key
}

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
