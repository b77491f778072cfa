// Notices of the server, which come while no page of the table is open or in sight. Notices hold the room's name and no other words.

declare const self: ServiceWorkerGlobalScope

/** As `PushMessage` of the contracts. The worker loads nothing of them, so that it stays small. */
export type NoticeContent = { kind: 'turn' | 'opens'; roomId: string; room: string }

const sentences: Record<NoticeContent['kind'], string> = {
  turn: 'It’s your turn.',
  opens: 'The table is open.',
}

/** Null for anything else: a newer server may send more kinds. */
export function readNotice(text: string | undefined): NoticeContent | null {
  try {
    const { kind, roomId, room } = JSON.parse(text ?? '') as Partial<Record<keyof NoticeContent, unknown>>
    if (kind !== 'turn' && kind !== 'opens') return null
    return typeof roomId === 'string' && typeof room === 'string' ? { kind, roomId, room } : null
  } catch {
    return null
  }
}

/** Whether a page with this address belongs to the room: a player's, or a DM's. */
export function isPageOf(url: string, roomId: string): boolean {
  const [, first, room] = new URL(url).pathname.split('/')
  return first === 'r' && room === encodeURIComponent(roomId)
}

export function listenForNotices(): void {
  self.addEventListener('push', (event) => {
    const notice = readNotice(event.data?.text())
    if (notice) event.waitUntil(show(notice))
  })
  self.addEventListener('notificationclick', (event) => {
    event.notification.close()
    const { roomId } = event.notification.data as { roomId: string }
    event.waitUntil(openRoom(roomId))
  })
  self.addEventListener('pushsubscriptionchange', (event) => {
    // Not in every version of the types of a worker.
    const { oldSubscription, newSubscription } = event as Event as PushSubscriptionChange
    if (oldSubscription) (event as ExtendableEvent).waitUntil(renew(oldSubscription, newSubscription))
  })
}

type PushSubscriptionChange = Event & {
  oldSubscription?: PushSubscription | null
  newSubscription?: PushSubscription | null
}

const pagesOf = async (roomId: string): Promise<WindowClient[]> => {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return pages.filter(({ url }) => isPageOf(url, roomId))
}

async function show({ kind, roomId, room }: NoticeContent): Promise<void> {
  const pages = await pagesOf(roomId)
  if (pages.some(({ visibilityState }) => visibilityState === 'visible')) return
  // A newer notice takes the place of an older one with its tag.
  const options = { body: sentences[kind], tag: `${kind} ${roomId}`, renotify: true, lang: 'en', dir: 'auto' as const }
  await self.registration.showNotification(room, { ...options, icon: '/icons/icon-192.png', data: { roomId } })
}

async function openRoom(roomId: string): Promise<void> {
  const [page] = await pagesOf(roomId)
  if (page) await page.focus()
  else await self.clients.openWindow(`/r/${encodeURIComponent(roomId)}`)
}

/** The push service has given the browser another address. The server knows the old one, and no session is needed to replace it. */
async function renew(old: PushSubscription, given: PushSubscription | null | undefined): Promise<void> {
  const subscription = given ?? (await self.registration.pushManager.subscribe(old.options))
  const [before, after] = [old.toJSON(), subscription.toJSON()]
  const input = {
    old: { endpoint: before.endpoint, auth: before.keys?.['auth'] },
    subscription: { endpoint: after.endpoint, keys: after.keys },
  }
  await fetch('/trpc/push.renew', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
}
