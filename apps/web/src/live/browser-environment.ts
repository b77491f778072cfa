// The browser's events and abilities that a connection needs. A test brings its own.
import { openTransport } from './transports.ts'

export type BrowserEvents = {
  /** A person returned to the page, or the network changed: open connections may lead nowhere. */
  returned(): void
  offline(): void
}

export type BrowserEnvironment = {
  /** Returns a function that stops it. */
  watch(events: BrowserEvents): () => void
  isVisible(): boolean
  /** Whether the server answers plain requests, and takes new connections. */
  isServerReady(): Promise<boolean>
  /** Whether this page's WebSockets get through. */
  isWebSocketThrough(): Promise<boolean>
  openTransport: typeof openTransport
  /** Milliseconds on a monotonic clock. */
  now(): number
  /** Milliseconds since 1970, by this device's clock. */
  timeOfDay(): number
  /** 0 to 1. */
  random(): number
}

const READY_TIMEOUT_MS = 3_000
const SOCKET_TIMEOUT_MS = 4_000

export const browser: BrowserEnvironment = {
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
    fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(READY_TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    ),
  isWebSocketThrough() {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/trpc`)
    const timer = setTimeout(() => socket.close(), SOCKET_TIMEOUT_MS)
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
