// The live state of the topics page: the client, the rates, and the watched messages. Outside React, written here alone.
import type { TopicSummary } from '@tablecast/contracts'
import { type Notice, TopicsClient, type TopicMessage } from '@tablecast/topics-client'
import { create } from 'zustand'
import { authorization } from '../../api.ts'
import { readSession } from '../../auth/session.ts'

export type Watched = TopicMessage & { text: string }
type Counted = { at: number; messages: number; rates: readonly number[] }

type TopicsLive = {
  client: TopicsClient | null
  /** By topic: messages per second, newest last. */
  counted: ReadonlyMap<string, Counted>
  messages: readonly Watched[]
  /** Messages that came while the list was paused. */
  held: readonly Watched[]
  isPaused: boolean
  dropped: number
  problem: string | null
}

const nothing = { messages: [], held: [], isPaused: false, dropped: 0, problem: null }
const MAX_SHOWN = 200
const MAX_POINTS = 60

export const useTopicsLive = create<TopicsLive>(() => ({ client: null, counted: new Map(), ...nothing }))

/** Reads the token at each call, because it may have been renewed. */
async function newTicket(): Promise<string> {
  const response = await fetch('/api/tickets', { method: 'POST', headers: authorization() })
  if (!response.ok) throw new Error(`no ticket: ${response.status}`)
  return ((await response.json()) as { ticket: string }).ticket
}

/** Returns a function that closes it. */
export function openTopics(): () => void {
  const url = `${location.origin.replace(/^http/, 'ws')}/ws`
  const client = new TopicsClient({ url, ...(readSession() ? { ticket: newTicket } : {}) })
  useTopicsLive.setState({ client })
  return () => {
    useTopicsLive.setState({ client: null })
    client.close()
  }
}

/** Returns a function that ends it. */
export function watchTopic(client: TopicsClient, topic: string, lastN: number): () => void {
  useTopicsLive.setState(nothing)
  const ending = new AbortController()
  const onNotice = (notice: Notice) => {
    if (notice.kind === 'dropped') useTopicsLive.setState(({ dropped }) => ({ dropped: dropped + notice.count }))
  }
  const subscription = client.subscribe(topic, { lastN, onNotice, signal: ending.signal })
  const follow = async () => {
    for await (const message of subscription) show({ ...message, text: JSON.stringify(message.payload) })
  }
  follow().catch((error: unknown) => {
    if (!ending.signal.aborted)
      useTopicsLive.setState({ problem: error instanceof Error ? error.message : 'The subscription ended.' })
  })
  return () => ending.abort()
}

function show(message: Watched): void {
  useTopicsLive.setState(({ isPaused, messages, held }) =>
    isPaused ? { held: [...held, message].slice(-MAX_SHOWN) } : { messages: [...messages, message].slice(-MAX_SHOWN) },
  )
}

export const pause = (): void => useTopicsLive.setState({ isPaused: true })
export const goOn = (): void =>
  useTopicsLive.setState(({ messages, held }) => ({
    isPaused: false,
    messages: [...messages, ...held].slice(-MAX_SHOWN),
    held: [],
  }))
export const clear = (): void => useTopicsLive.setState({ messages: [], held: [] })

/** Rates are the difference to the counts before. `at` is the time of the counts, in milliseconds since 1970. */
export function countTopics(topics: readonly TopicSummary[], at: number): void {
  useTopicsLive.setState(({ counted }) => ({
    counted: new Map(topics.map(({ name, messages }) => [name, counts(counted.get(name), messages, at)])),
  }))
}

function counts(before: Counted | undefined, messages: number, at: number): Counted {
  const seconds = before ? (at - before.at) / 1_000 : 0
  const rates = before?.rates ?? []
  if (!before || seconds <= 0) return { at, messages, rates }
  return { at, messages, rates: [...rates, Math.max(0, messages - before.messages) / seconds].slice(-MAX_POINTS) }
}
