// The service worker of the pages. It shows the offline page while the server can't be reached, and keeps nothing else: no byte of a room
// is ever in its cache. A browser compares this file with the server's at each load of a page, and takes the server's when they differ.
import { isRemoved } from './is-removed.ts'
import { PageLoader } from './page-loader.ts'
import { isPage } from './page-paths.ts'
import { listenForNotices } from './push-notices.ts'
import { Shell, type ShellFile } from './shell.ts'

declare const self: ServiceWorkerGlobalScope & {
  /** The build writes the files of the shell in its place. */
  __WB_MANIFEST: ShellFile[]
}

const shell = new Shell(self.__WB_MANIFEST, self.caches)
const loader = new PageLoader({ fetch: (request) => fetch(request), offlinePage: () => shell.offlinePage() })

self.addEventListener('install', (event) => {
  // The pages of this browser stay as they are: the worker only answers for pages that load from now on.
  event.waitUntil(Promise.all([shell.keep(), self.skipWaiting()]))
})

self.addEventListener('activate', (event) => {
  // The browser asks for a page while it starts the worker.
  event.waitUntil(Promise.all([shell.dropOthers(), self.registration.navigationPreload?.enable()]))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin || request.method !== 'GET') return
  if (request.mode !== 'navigate') {
    if (shell.has(pathname)) event.respondWith(shell.file(pathname).then((kept) => kept ?? fetch(request)))
  } else if (isPage(pathname)) {
    const { answer, fromServer } = loader.load(request, event.preloadResponse)
    event.respondWith(answer)
    event.waitUntil(fromServer.then((isReached) => (isReached ? leaveIfRemoved() : undefined)))
  }
})

listenForNotices()

/** Browsers keep a worker whose file is gone, and its pages would have an offline page of a version that nobody runs. */
async function leaveIfRemoved(): Promise<void> {
  const answer = await fetch(self.location.href, { method: 'HEAD', cache: 'no-store', redirect: 'manual' }).catch(
    () => null,
  )
  if (!answer || !isRemoved(answer)) return
  await shell.dropAll()
  await self.registration.unregister()
}
