// The three ways in which events reach this page. Each opens, reports what comes, and fails once.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, type TRPCClient, TRPCClientError, wsLink } from '@trpc/client'
import { refusalOf } from '../api.ts'
import { readSession, session } from '../auth/session.ts'
import type { Transport } from './link-machine.ts'

export type Opened = {
  close(): void
  /** Asks the server for a word over this connection; null where nothing can be asked. */
  ask: (() => void) | null
  /** It fails by itself when nothing comes. */
  tellsSilence: boolean
}

export type Told = {
  /** Once at the most. */
  failed(error: unknown): void
  /** Something came, whatever it was. */
  heard(): void
}

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

export function openTransport(transport: Transport, feed: Feed, told: Told): Opened {
  switch (transport) {
    case 'websocket':
      return openWebSocket(feed, told)
    case 'sse':
      return openSse(feed, told)
    case 'polling':
      return openPolling(feed, told)
  }
}

function openWebSocket(feed: Feed, { failed, heard }: Told): Opened {
  const failOnce = once(failed)
  let opened: WebSocket | undefined
  const socket = createWSClient({
    url: `${location.origin.replace(/^http/, 'ws')}/trpc`,
    // In a message after the handshake, never in a URL.
    connectionParams: { token: readSession()?.token ?? '' },
    // When to come back is decided in one place, the link machine; and when to doubt a connection in its keeper.
    retryDelayMs: () => 86_400_000,
    onOpen() {
      opened = socket.connection?.ws
      opened?.addEventListener('message', heard)
      opened?.addEventListener('message', ({ data }) => failIfRefused(data, failOnce), { once: true })
    },
    onClose: (cause) => failOnce(cause),
    onError: (error) => failOnce(error),
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
  const subscriptions = feed.subscribe(client, watchFor(failOnce))
  // The streams outlive the token that they were opened with.
  const forget = onNewToken((newer) => void client.auth.renew.mutate({ token: newer }).catch(() => failOnce(null)))
  return {
    close() {
      failOnce.cancel()
      forget()
      for (const subscription of subscriptions) subscription.unsubscribe()
      void socket.close()
    },
    // As the protocol's own keep-alive does it.
    ask() {
      if (opened?.readyState === WebSocket.OPEN) opened.send('PING')
    },
    tellsSilence: false,
  }
}

/** A connection that is refused as a whole is told so once, and its client passes that on to nobody. */
function failIfRefused(data: unknown, failed: (error: unknown) => void): void {
  const text = String(data)
  if (text.startsWith('{"id":null,"error":')) failed(TRPCClientError.from(JSON.parse(text) as Error))
}

/** Its parts are loaded by who needs them, behind a proxy that lets no WebSocket through. */
function openSse(feed: Feed, { failed }: Told): Opened {
  const failOnce = once(failed)
  let opened: { close(): void } | null = null
  let isClosed = false
  const open = async () => {
    const { followSse } = await import('./sse.ts')
    if (!isClosed) opened = followSse(feed, watchFor(failOnce))
  }
  open().catch(failOnce)
  // Nothing can be said on a stream of events: it is opened again, where it was.
  const forget = onNewToken(() => failOnce(null))
  return {
    close() {
      isClosed = true
      failOnce.cancel()
      forget()
      opened?.close()
    },
    ask: null,
    tellsSilence: true,
  }
}

const onNewToken = (take: (token: string) => void): (() => void) =>
  session.watch((change) => {
    if (change === 'renewed' && session.current) take(session.current.token)
  })

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

function openPolling(feed: Feed, { failed, heard }: Told): Opened {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  async function poll(): Promise<void> {
    try {
      await feed.poll(abort.signal)
      if (abort.signal.aborted) return
      heard()
      timer = setTimeout(() => void poll(), POLL_MS)
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
    ask: null,
    tellsSilence: false,
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

/** What another try would not change, or only with another token. */
export const isFinal = (error: unknown): 'refused' | 'ended' | null => {
  const code = refusalOf(error)?.code
  if (code === 'UNAUTHORIZED') return 'refused'
  return code === 'NOT_A_MEMBER' || code === 'BANNED' || code === 'FORBIDDEN' ? 'ended' : null
}
