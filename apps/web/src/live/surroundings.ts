// What a connection is told by the browser around it, and may ask. A test brings its own.
import { openTransport } from './transports.ts'

export type BrowserEvents = {
  /** Somebody looks at the page again, or the network changed: what was open may lead nowhere. */
  returned(): void
  offline(): void
}

export type Surroundings = {
  /** Returns what ends it. */
  watch(events: BrowserEvents): () => void
  isVisible(): boolean
  /** Whether the server answers plain requests, and takes new connections. */
  isServerReady(): Promise<boolean>
  /** Whether this page's WebSockets get through. */
  isWebSocketThrough(): Promise<boolean>
  openTransport: typeof openTransport
  /** In milliseconds, on a clock that only runs forward. */
  now(): number
  /** In milliseconds since 1970, as this device has it. */
  timeOfDay(): number
  /** 0 to 1. */
  random(): number
}

const READY_MS = 3_000
const THROUGH_MS = 4_000

export const browser: Surroundings = {
  watch({ returned, offline }) {
    const listening = new AbortController()
    const { signal } = listening
    const looked = () => {
      if (document.visibilityState === 'visible') returned()
    }
    for (const name of ['pageshow', 'focus', 'online']) addEventListener(name, returned, { signal })
    document.addEventListener('visibilitychange', looked, { signal })
    addEventListener('offline', offline, { signal })
    return () => listening.abort()
  },
  isVisible: () => document.visibilityState === 'visible',
  isServerReady: () =>
    fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(READY_MS) }).then(
      ({ ok }) => ok,
      () => false,
    ),
  isWebSocketThrough() {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/trpc`)
    const timer = setTimeout(() => socket.close(), THROUGH_MS)
    socket.addEventListener('open', () => {
      resolve(true)
      socket.close()
    })
    socket.addEventListener('close', () => {
      clearTimeout(timer)
      resolve(false)
    })
    return promise
  },
  openTransport,
  now: () => performance.now(),
  timeOfDay: () => Date.now(),
  random: () => Math.random(),
}
