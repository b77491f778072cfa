// The three ways in which events reach this page. Each opens, reports what comes, and fails once.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { refusalOf } from '../api.ts'
import { onRenewal, readSession } from '../auth/session.ts'
import type { Transport } from './link-machine.ts'

export type Opened = { close(): void }

/** What every subscription of a feed is given beside its own `onData`. */
export type Watch = {
  onError(error: unknown): void
  onComplete(): void
  onConnectionStateChange(change: { state: string }): void
}

/** What is followed, whatever the transport. Both report what comes to whoever made the feed. */
export type Feed = {
  subscribe(client: TRPCClient<AppRouter>, watch: Watch): { unsubscribe(): void }[]
  /** Asks once for what is new. */
  poll(signal: AbortSignal): Promise<void>
}

const POLL_MS = 2_000

export function openTransport(transport: Transport, feed: Feed, failed: (error: unknown) => void): Opened {
  switch (transport) {
    case 'websocket':
      return openWebSocket(feed, failed)
    case 'sse':
      return openSse(feed, failed)
    case 'polling':
      return openPolling(feed, failed)
  }
}

function openWebSocket(feed: Feed, failed: (error: unknown) => void): Opened {
  const failOnce = once(failed)
  const token = readSession()?.token
  const socket = createWSClient({
    url: `${location.origin.replace(/^http/, 'ws')}/trpc`,
    // In a message after the handshake, never in a URL.
    connectionParams: { token: token ?? '' },
    // When to come back is decided in one place, the link machine.
    retryDelayMs: () => 86_400_000,
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 8_000 },
    onClose: (cause) => failOnce(cause),
    onError: (error) => failOnce(error),
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
  const subscriptions = feed.subscribe(client, watchFor(failOnce))
  // The streams outlive the token that they were opened with.
  const forget = onRenewal((newer) => void client.auth.renew.mutate({ token: newer }).catch(failOnce))
  return {
    close() {
      failOnce.cancel()
      forget()
      for (const subscription of subscriptions) subscription.unsubscribe()
      void socket.close()
    },
  }
}

/** Its parts are loaded by who needs them, behind a proxy that lets no WebSocket through. */
function openSse(feed: Feed, failed: (error: unknown) => void): Opened {
  const failOnce = once(failed)
  let opened: Opened | null = null
  let isClosed = false
  const open = async () => {
    const { followSse } = await import('./sse.ts')
    if (!isClosed) opened = followSse(feed, watchFor(failOnce))
  }
  open().catch(failOnce)
  // Nothing can be said on a stream of events: it is opened anew, where it was.
  const forget = onRenewal(() => failOnce(null))
  return {
    close() {
      isClosed = true
      failOnce.cancel()
      forget()
      opened?.close()
    },
  }
}

function watchFor(failed: (error: unknown) => void): Watch {
  let wasConnected = false
  return {
    onError: failed,
    // Ended by the server without a reason: come back with the cursor.
    onComplete: () => failed(null),
    // Lost after it was open: the client would reconnect by itself, but the link machine decides.
    onConnectionStateChange: ({ state }) => {
      if (state === 'connecting' && wasConnected) failed(null)
      if (state === 'pending') wasConnected = true
    },
  }
}

function openPolling(feed: Feed, failed: (error: unknown) => void): Opened {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  async function poll(): Promise<void> {
    try {
      await feed.poll(abort.signal)
      if (!abort.signal.aborted) timer = setTimeout(() => void poll(), POLL_MS)
    } catch (error) {
      if (!abort.signal.aborted) failed(error)
    }
  }
  void poll()
  return {
    close() {
      abort.abort()
      clearTimeout(timer)
    },
  }
}

function once(work: (error: unknown) => void) {
  let isDone = false
  const run = (error: unknown) => {
    if (isDone) return
    isDone = true
    work(error)
  }
  return Object.assign(run, { cancel: () => void (isDone = true) })
}

/** True when another try would be refused in the same way. */
export const isFinal = (error: unknown): 'signed_out' | 'ended' | null => {
  const code = refusalOf(error)?.code
  if (code === 'UNAUTHORIZED') return 'signed_out'
  return code === 'NOT_A_MEMBER' || code === 'FORBIDDEN' ? 'ended' : null
}
