// Clients that follow a room with stock parts: tRPC over a WebSocket, tRPC over SSE, and the plain socket.
import { setTimeout as pause } from 'node:timers/promises'
import { type Audience, type CampaignEvent, parsePosition } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, httpSubscriptionLink, type TRPCClient, wsLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { type RawData, WebSocket } from 'ws'
import type { FollowerRecord, ReceivedEvent } from './oracle.ts'
import { SecretWatch } from './secrets.ts'

export interface Follower extends AsyncDisposable {
  readonly record: FollowerRecord
  /** The newest seq that it has received; 0 before the first. */
  readonly seq: number
  /** Moments at which it was connected, on the clock of `performance`. */
  readonly connectedAt: readonly number[]
}

export type FollowerOptions = {
  name: string
  url: string
  token: string
  roomId: string
  audience: Audience
  random: () => number
  /** Over a WebSocket: shows in the roster, too. */
  isPresent?: boolean
  /** Over a WebSocket: the silence after which it connects again. */
  silenceMs?: number
  /** Gets each event as it came. */
  hear?: (event: CampaignEvent) => void
}

const MAX_RETRY_DELAY_MS = 1_000
const SILENCE_TIMEOUT_MS = 5_000
const OPEN_TIMEOUT_MS = 5_000
const PING_INTERVAL_MS = 2_000
const CLOSE_TIMEOUT_MS = 1_000

const socketUrl = (url: string) => url.replace(/^http/, 'ws')

/** The notes that every kind of follower keeps. */
class Notes {
  readonly record: FollowerRecord
  readonly connectedAt: number[] = []
  readonly watch: SecretWatch
  seq = 0

  constructor({ name, audience }: FollowerOptions) {
    this.record = { name, audience, heard: [], connections: 0, complaints: [] }
    this.watch = new SecretWatch(() => {
      if (audience === 'player') this.complain('it was sent a secret of the DMs')
    })
  }

  connected(): void {
    this.record.connections += 1
    this.connectedAt.push(performance.now())
  }

  heard(heard: ReceivedEvent): void {
    this.record.heard.push(heard)
    this.seq = heard.seq
  }

  complain(complaint: string): void {
    if (!this.record.complaints.includes(complaint)) this.record.complaints.push(complaint)
  }
}

/** As the server's own page does it: the cursor of the newest event goes with each new subscription. */
function followOver(
  options: FollowerOptions,
  notes: Notes,
  { client, close }: { client: TRPCClient<AppRouter>; close(): Promise<void> },
): Follower {
  const { roomId, random, hear } = options
  let lastEventId: string | null = null
  let isOver = false
  let subscription = { unsubscribe() {} }
  const subscribe = (attempt: number) => {
    let hasHeard = false
    const again = () => {
      subscription.unsubscribe()
      if (isOver) return
      const waitMs = Math.min(MAX_RETRY_DELAY_MS, 100 * 2 ** (hasHeard ? 0 : attempt)) * (0.5 + random() / 2)
      void pause(waitMs).then(() => isOver || subscribe(hasHeard ? 0 : attempt + 1))
    }
    const told = {
      onData({ id, data }: { id: string; data: CampaignEvent }) {
        hasHeard = true
        lastEventId = id
        notes.heard(heardOf(id, data))
        hear?.(data)
      },
      onError: again,
      onComplete: again,
    }
    subscription = client.campaign.events.subscribe({ roomId, lastEventId }, told)
  }
  subscribe(0)
  return {
    record: notes.record,
    connectedAt: notes.connectedAt,
    get seq() {
      return notes.seq
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      subscription.unsubscribe()
      await close()
    },
  }
}

function heardOf(id: string, event: CampaignEvent): ReceivedEvent {
  const epoch = parsePosition(id)?.epoch ?? ''
  const position = { epoch, seq: event.seq }
  switch (event.type) {
    case 'campaign_active':
      return {
        ...position,
        kind: 'snapshot',
        hash: event.snapshot.hash,
        entryIds: event.snapshot.entries.map((entry) => entry.id),
      }
    case 'campaign_deactivated':
      return event.campaign_id === null
        ? { ...position, kind: 'snapshot' }
        : { ...position, kind: 'event', text: JSON.stringify(event) }
    case 'campaign_loaded':
    case 'campaign_updated':
      return { ...position, kind: 'event', text: JSON.stringify(event) }
  }
}

export function followOverWebSocket(options: FollowerOptions): Follower {
  const { url, token, roomId, random, isPresent = false, silenceMs = SILENCE_TIMEOUT_MS } = options
  const notes = new Notes(options)
  class Watched extends WebSocket {
    constructor(address: string) {
      super(address)
      this.on('message', (data: RawData) => notes.watch.see((data as Buffer).toString()))
    }

    /** A connection that leads nowhere answers no close. The library would wait for that answer for half a minute. */
    override close(code?: number, reason?: string): void {
      super.close(code, reason)
      setTimeout(() => this.terminate(), CLOSE_TIMEOUT_MS).unref()
    }
  }
  const socket = createWSClient({
    url: `${socketUrl(url)}/trpc`,
    WebSocket: Watched as never,
    connectionParams: { token },
    retryDelayMs: (attempt) => Math.min(MAX_RETRY_DELAY_MS, 100 * 2 ** attempt) * (0.5 + random() / 2),
    keepAlive: { enabled: true, intervalMs: PING_INTERVAL_MS, pongTimeoutMs: silenceMs - PING_INTERVAL_MS },
    onOpen: () => notes.connected(),
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
  const close = async () => {
    await socket.close()
  }
  if (isPresent) client.presence.events.subscribe({ roomId, lastEventId: null }, {})
  return followOver(options, notes, { client, close })
}

export function followOverSse(options: FollowerOptions): Follower {
  const { url, token } = options
  const notes = new Notes(options)
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: `${url}/trpc`,
    EventSource,
    eventSourceOptions: {
      async fetch(address, init) {
        const headers = { ...init.headers, authorization: `Bearer ${token}` }
        const answer = await answerInTime(address, { ...init, headers })
        if (answer.ok) notes.connected()
        const decoder = new TextDecoder()
        const watched = new TransformStream<Uint8Array, Uint8Array>({
          transform(piece, controller) {
            notes.watch.see(decoder.decode(piece, { stream: true }))
            controller.enqueue(piece)
          },
        })
        const { url: from, redirected, status } = answer
        return {
          body: answer.body?.pipeThrough(watched) ?? null,
          url: from,
          redirected,
          status,
          headers: answer.headers,
        }
      },
    },
  })
  const client = createTRPCClient<AppRouter>({ links: [link] })
  return followOver(options, notes, { client, close: () => Promise.resolve() })
}

/** A connection that was kept open may lead nowhere by now. An abort would be taken for a close by ourselves. */
async function answerInTime(
  address: string | URL,
  init: Omit<RequestInit, 'signal'> & { signal?: unknown },
): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), OPEN_TIMEOUT_MS)
  const signals = init.signal instanceof AbortSignal ? [late.signal, init.signal] : [late.signal]
  try {
    return await fetch(address, { ...init, signal: AbortSignal.any(signals) })
  } catch (error) {
    throw late.signal.aborted ? new Error('the server does not answer', { cause: error }) : error
  } finally {
    clearTimeout(timer)
  }
}

type PlainEvent = {
  type: string
  seq?: number
  structured_data?: { all_narratives: { id: string }[] | null }
}

/** No cursor here: each connection begins with the whole state. */
export function followPlain(options: FollowerOptions): Follower {
  const { url, name, roomId, random } = options
  const notes = new Notes(options)
  let isOver = false
  let socket: WebSocket | null = null
  let known = new Set<string>()
  const connect = (attempt: number) => {
    let isFirst = true
    const mine = new WebSocket(`${socketUrl(url)}/ws/campaign/player?player_id=${name}&room=${roomId}`)
    socket = mine
    let heardAt = performance.now()
    const beat = setInterval(() => {
      if (performance.now() - heardAt > SILENCE_TIMEOUT_MS) mine.terminate()
      else if (mine.readyState === WebSocket.OPEN) mine.send('{"type":"ping"}')
    }, PING_INTERVAL_MS)
    mine.on('error', () => {})
    mine.on('open', () => notes.connected())
    mine.on('message', (data: RawData) => {
      heardAt = performance.now()
      const text = (data as Buffer).toString()
      notes.watch.see(text)
      const event = JSON.parse(text) as PlainEvent
      if (!event.type.startsWith('campaign_') || event.seq === undefined) return
      const all = (event.structured_data?.all_narratives ?? []).map(({ id }) => id)
      const isSnapshot = event.type === 'campaign_active' || (isFirst && event.type === 'campaign_deactivated')
      const entryIds = isSnapshot ? all : all.filter((id) => !known.has(id))
      known = new Set(all)
      isFirst = false
      notes.heard({ kind: isSnapshot ? 'snapshot' : 'event', seq: event.seq, entryIds })
    })
    mine.on('close', () => {
      clearInterval(beat)
      if (isOver) return
      const waitMs = Math.min(MAX_RETRY_DELAY_MS, 100 * 2 ** (isFirst ? attempt : 0)) * (0.5 + random() / 2)
      void pause(waitMs).then(() => isOver || connect(isFirst ? attempt + 1 : 0))
    })
  }
  connect(0)
  return {
    record: notes.record,
    connectedAt: notes.connectedAt,
    get seq() {
      return notes.seq
    },
    [Symbol.asyncDispose]() {
      isOver = true
      socket?.terminate()
      return Promise.resolve()
    },
  }
}
