// The three ways in which events reach this page. Each opens, reports what comes, and fails once.
import type { CampaignEvent, PresenceEvent } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, httpSubscriptionLink, type TRPCClient, wsLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { api, authorization, refusalOf } from '../api.ts'
import { readSession } from '../session.ts'
import type { Transport } from './link-machine.ts'

export type Listener = {
  event(id: string, event: CampaignEvent): void
  presence(event: PresenceEvent): void
  failed(error: unknown): void
}

export type Opened = { close(): void }

const POLL_MS = 2_000

export function openTransport(transport: Transport, roomId: string, cursor: string | null, listener: Listener): Opened {
  switch (transport) {
    case 'websocket':
      return openWebSocket(roomId, cursor, listener)
    case 'sse':
      return openSse(roomId, cursor, listener)
    case 'polling':
      return openPolling(roomId, cursor, listener)
  }
}

function openWebSocket(roomId: string, cursor: string | null, listener: Listener): Opened {
  const failOnce = once(listener.failed)
  const socket = createWSClient({
    url: `${location.origin.replace(/^http/, 'ws')}/trpc`,
    // In a message after the handshake, never in a URL.
    connectionParams: { token: readSession()?.token ?? '' },
    // When to come back is decided in one place, the link machine.
    retryDelayMs: () => 86_400_000,
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 8_000 },
    onClose: (cause) => failOnce(cause),
    onError: (error) => failOnce(error),
  })
  const subscriptions = subscribe(
    createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }),
    roomId,
    cursor,
    {
      ...listener,
      failed: failOnce,
    },
  )
  return {
    close() {
      failOnce.cancel()
      subscriptions.close()
      void socket.close()
    },
  }
}

function openSse(roomId: string, cursor: string | null, listener: Listener): Opened {
  const failOnce = once(listener.failed)
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: '/trpc',
    EventSource,
    eventSourceOptions: {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...authorization() } }),
    },
  })
  const subscriptions = subscribe(createTRPCClient<AppRouter>({ links: [link] }), roomId, cursor, {
    ...listener,
    failed: failOnce,
  })
  return {
    close() {
      failOnce.cancel()
      subscriptions.close()
    },
  }
}

function subscribe(client: TRPCClient<AppRouter>, roomId: string, cursor: string | null, listener: Listener): Opened {
  let isOpen = false
  const watch = {
    onError: (error: unknown) => listener.failed(error),
    // Ended by the server without a reason, or lost after it was open: come back with the cursor.
    onComplete: () => listener.failed(null),
    onConnectionStateChange: ({ state }: { state: string }) => {
      if (state === 'connecting' && isOpen) listener.failed(null)
    },
  }
  const events = client.campaign.events.subscribe(
    { roomId, lastEventId: cursor },
    {
      ...watch,
      onData: ({ id, data }) => {
        isOpen = true
        listener.event(id, data)
      },
    },
  )
  const presence = client.presence.events.subscribe(
    { roomId },
    { ...watch, onData: (event) => listener.presence(event) },
  )
  return {
    close() {
      events.unsubscribe()
      presence.unsubscribe()
    },
  }
}

function openPolling(roomId: string, start: string | null, listener: Listener): Opened {
  const abort = new AbortController()
  let cursor = start
  let timer: ReturnType<typeof setTimeout> | undefined
  async function poll(): Promise<void> {
    try {
      const answer = await api.campaign.since.query({ roomId, cursor }, { signal: abort.signal })
      if (abort.signal.aborted) return
      const epoch = answer.cursor.split(':')[0] ?? ''
      for (const event of answer.events) listener.event(`${epoch}:${event.seq}`, event)
      cursor = answer.cursor
      listener.presence({
        type: 'heartbeat',
        timestamp: new Date().toISOString(),
        epoch,
        seq: Number(cursor.split(':')[1]),
      })
      timer = setTimeout(() => void poll(), POLL_MS)
    } catch (error) {
      if (!abort.signal.aborted) listener.failed(error)
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
