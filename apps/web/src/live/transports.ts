// The three transports over which events reach a page. Each opens, reports messages, and fails at most once.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from '@trpc/client'
import { refusalOf } from '../api.ts'
import { readSession, session } from '../auth/session.ts'
import type { Feed, Opened, TransportEvents, Watch } from './feed.ts'
import type { Transport } from './link-machine.ts'

const POLL_INTERVAL_MS = 2_000

export function openTransport(transport: Transport, feed: Feed, events: TransportEvents): Opened {
  switch (transport) {
    case 'websocket':
      return openWebSocket(feed, events)
    case 'sse':
      return openSse(feed, events)
    case 'polling':
      return openPolling(feed, events)
  }
}

function openWebSocket(feed: Feed, { failed, heard }: TransportEvents): Opened {
  const failOnce = once(failed)
  let opened: WebSocket | undefined
  const socket = createWSClient({
    url: `${location.origin.replace(/^http/, 'ws')}/trpc`,
    // In a message after the handshake, never in a URL.
    connectionParams: { token: feed.isAnonymous ? '' : (readSession()?.token ?? '') },
    // The link machine decides when to reconnect, and the link keeper when to doubt a connection.
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
  const forget = feed.isAnonymous
    ? () => {}
    : onNewToken((newer) => void client.auth.renew.mutate({ token: newer }).catch(() => failOnce(null)))
  return {
    close() {
      failOnce.cancel()
      forget()
      for (const subscription of subscriptions) subscription.unsubscribe()
      void socket.close()
    },
    // The message of the protocol's own keep-alive.
    ask() {
      if (opened?.readyState === WebSocket.OPEN) opened.send('PING')
    },
    tellsSilence: false,
  }
}

/** The server refuses a whole connection with one message, which the stock client passes on to nobody. */
function failIfRefused(data: unknown, failed: (error: unknown) => void): void {
  const text = String(data)
  if (text.startsWith('{"id":null,"error":')) failed(TRPCClientError.from(JSON.parse(text) as Error))
}

/** Its code is loaded only where a proxy lets no WebSocket through. */
function openSse(feed: Feed, { failed }: TransportEvents): Opened {
  const failOnce = once(failed)
  let opened: { close(): void } | null = null
  let isClosed = false
  const open = async () => {
    const { followSse } = await import('./sse.ts')
    if (!isClosed) opened = followSse(feed, watchFor(failOnce))
  }
  open().catch(failOnce)
  // An SSE stream can't be given a new token, so it is opened again at its position.
  const forget = feed.isAnonymous ? () => {} : onNewToken(() => failOnce(null))
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
    // The client would reconnect by itself, but the link machine decides that.
    onConnectionStateChange: ({ state }) => {
      if (state === 'connecting' && wasConnected) failed(null)
      if (state === 'pending') wasConnected = true
    },
  }
}

function openPolling(feed: Feed, { failed, heard }: TransportEvents): Opened {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  async function poll(): Promise<void> {
    try {
      await feed.poll(abort.signal)
      if (abort.signal.aborted) return
      heard()
      timer = setTimeout(() => void poll(), POLL_INTERVAL_MS)
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

/** Errors that another try would not change, or only with another token. */
export const isFinal = (error: unknown): 'refused' | 'ended' | null => {
  const code = refusalOf(error)?.code
  if (code === 'UNAUTHORIZED') return 'refused'
  return code === 'NOT_A_MEMBER' || code === 'BANNED' || code === 'FORBIDDEN' || code === 'SCREEN_LINK_INVALID'
    ? 'ended'
    : null
}
