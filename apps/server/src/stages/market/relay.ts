// From the channels to this node's clients. Each node hears the channels for itself, so each client is told once.
import type { ChannelMessage, PubSub, Subscription } from '@tablecast/bus'
import {
  isNestedDeeper,
  type DiscussionMessage,
  type MarketChannel,
  marketChannels,
  type MarketMessage,
} from '@tablecast/contracts'
import { immediatePublishersOn, type MarketPublishers } from '@tablecast/market-sim'
import { z } from 'zod'
import { isAlone } from '../../cluster/is-alone.ts'

/** Not one of the four: tells the other nodes that sectors, agents or discussions were changed. */
export const CHANGES_CHANNEL = 'market_changes'
/**
 * Ids of messages that are known again. A message may come over the channels and from the log; both within seconds, or as long as the
 * database is away.
 */
const MAX_TOLD = 100_000
/** What is held back for the log; beyond that nobody waits for it any longer. */
const MAX_HELD = 10_000
/** A flood of bad messages is no flood of log lines. */
const COMPLAIN_EVERY_MS = 5_000

export type MarketRelayParts = {
  channels: PubSub
  maxBytes: number
  /** A message for this node's clients; `json` is its data as it came. */
  take(message: MarketMessage, json: string): void
  /** The lists were changed, here or elsewhere, or may have been while the channels were away. */
  changed(): void
  dropped(channel: string, why: string, count: number): void
}

/** What the helpers of the document are called within the server's own process: this node's clients, nobody else's. */
export type MarketBroadcasts = {
  broadcastMarketUpdate: MarketPublishers['publishMarketUpdate']
  broadcastSectorCandleUpdate: MarketPublishers['publishSectorCandle']
  broadcastNewMessage: MarketPublishers['publishDiscussionMessage']
  broadcastAgentStatusUpdate: MarketPublishers['publishAgentStatus']
}

/** `retold`: it may have been told before. */
const Redelivered = z.object({ retold: z.literal(true) })

type Heard = { channel: MarketChannel; text: string; json: unknown }

export class MarketRelay implements Disposable {
  /** Throw at once while the channels are away. */
  readonly publishers: MarketPublishers
  relayed = 0
  dropped = 0
  /** Messages that came from the log, because the channels had not brought them. */
  recovered = 0
  /** When something was last told; null before. */
  lastAt: string | null = null
  readonly #parts: MarketRelayParts
  readonly #subscriptions: readonly Subscription[]
  readonly #unwatch: () => void
  /** Ids of discussion messages that this node's clients have, oldest first. */
  readonly #told = new Set<string>()
  #holds = 0
  #redelivered: () => void = () => {}
  #held: Heard[] = []
  #complainedAt = -Infinity
  #complaints = 0

  constructor(parts: MarketRelayParts) {
    const { channels, changed } = parts
    this.#parts = parts
    this.publishers = immediatePublishersOn(channels)
    this.#subscriptions = [
      ...Object.keys(marketChannels).map((name) => {
        const channel = name as MarketChannel
        return channels.subscribe(channel, (message) => this.#hear(channel, message))
      }),
      channels.subscribe(CHANGES_CHANNEL, changed),
    ]
    this.#unwatch = channels.watch((isConnected) => {
      if (isConnected) changed()
    })
  }

  /** Tells this node's clients alone. False when it does not fit, or is a message that they have. */
  broadcast(channel: MarketChannel, text: string, json: unknown): boolean {
    const { event, schema } = marketChannels[channel]
    const parsed = schema.safeParse(json)
    if (!parsed.success) return this.#drop(channel, parsed.error.issues[0]?.message ?? 'does not fit')
    // The channel names the event and the schema: the two belong together.
    const message = { type: event, data: parsed.data } as MarketMessage
    if (message.type === 'discussion:new_message' && !this.#isNew(message.data.message.id)) return false
    this.relayed += 1
    this.lastAt = new Date().toISOString()
    this.#parts.take(message, text)
    return true
  }

  /** Calls back when a stored message was published again: the log has it, and perhaps more. */
  onRedelivered(listener: () => void): void {
    this.#redelivered = listener
  }

  /** Whether this node's clients have the discussion message of that id. */
  isTold(id: string): boolean {
    return this.#told.has(id)
  }

  /** Tells this node's clients a stored message that the channels have not brought. */
  tellStored(discussionId: string, message: DiscussionMessage): void {
    const json = { discussionId, message, retold: true }
    if (this.broadcast('discussion_messages', JSON.stringify(json), json)) this.recovered += 1
  }

  /** Keeps back what the channels bring of discussions until what is returned is called. */
  holdMessages(): () => void {
    this.#holds += 1
    let isHolding = true
    return () => {
      if (!isHolding) return
      isHolding = false
      this.#holds -= 1
      if (this.#holds === 0) this.#letGo()
    }
  }

  [Symbol.dispose](): void {
    this.#unwatch()
    for (const subscription of this.#subscriptions) subscription.close()
  }

  #hear(channel: MarketChannel, { data, text, json }: ChannelMessage): void {
    if (data.length > this.#parts.maxBytes) return void this.#drop(channel, 'too large')
    if (json === undefined) return void this.#drop(channel, 'no JSON')
    if (isNestedDeeper(text)) return void this.#drop(channel, 'nested too deep')
    if (channel !== 'discussion_messages') return void this.broadcast(channel, text, json)
    // It was stored before it was published the first time, and whoever missed it then finds it there. In memory nothing is missed.
    if (!isAlone(this.#parts.channels) && Redelivered.safeParse(json).success) this.#redelivered()
    else if (this.#holds === 0) this.broadcast(channel, text, json)
    else {
      this.#held.push({ channel, text, json })
      if (this.#held.length > MAX_HELD) this.#letGo()
    }
  }

  #letGo(): void {
    const held = this.#held
    this.#held = []
    for (const { channel, text, json } of held) this.broadcast(channel, text, json)
  }

  #isNew(id: string): boolean {
    if (this.#told.has(id)) return false
    this.#told.add(id)
    if (this.#told.size > MAX_TOLD) for (const oldest of this.#told.values().take(1)) this.#told.delete(oldest)
    return true
  }

  #drop(channel: string, why: string): false {
    this.dropped += 1
    this.#complaints += 1
    const now = performance.now()
    if (now - this.#complainedAt > COMPLAIN_EVERY_MS) {
      this.#parts.dropped(channel, why, this.#complaints)
      this.#complainedAt = now
      this.#complaints = 0
    }
    return false
  }
}
