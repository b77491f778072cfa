// From the channels to this node's clients. Each node hears the channels for itself, so each client is told once.
import type { ChannelMessage, PubSub, Subscription } from '@tablecast/bus'
import { type MarketChannel, marketChannels, type MarketMessage } from '@tablecast/contracts'
import { type MarketPublishers, publishersOn } from '@tablecast/market-sim'
import { z } from 'zod'
import { isNestedDeeper } from '../../transport/json-text.ts'

/** Not one of the four: tells the other nodes that sectors, agents or discussions were changed. */
export const CHANGES_CHANNEL = 'market_changes'
/** Messages told again may come twice; so many ids are remembered. */
const MAX_SEEN = 10_000
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
const Retold = z.object({ retold: z.literal(true) })

export class MarketRelay implements Disposable {
  readonly publishers: MarketPublishers
  relayed = 0
  /** When something was last told; null before. */
  lastAt: string | null = null
  dropped = 0
  readonly #parts: MarketRelayParts
  readonly #subscriptions: readonly Subscription[]
  readonly #unwatch: () => void
  /** Ids of discussion messages, oldest first. */
  readonly #seen = new Set<string>()
  #complainedAt = -Infinity
  #complaints = 0

  constructor(parts: MarketRelayParts) {
    const { channels, changed } = parts
    this.#parts = parts
    this.publishers = publishersOn(channels)
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

  /** Tells this node's clients alone. */
  broadcast(channel: MarketChannel, text: string, json: unknown): boolean {
    const { event, schema } = marketChannels[channel]
    const parsed = schema.safeParse(json)
    if (!parsed.success) return this.#drop(channel, parsed.error.issues[0]?.message ?? 'does not fit')
    // The channel names the event and the schema: the two belong together.
    const message = { type: event, data: parsed.data } as MarketMessage
    if (message.type === 'discussion:new_message' && !this.#isNew(message.data.message.id, json)) return false
    this.relayed += 1
    this.lastAt = new Date().toISOString()
    this.#parts.take(message, text)
    return true
  }

  [Symbol.dispose](): void {
    this.#unwatch()
    for (const subscription of this.#subscriptions) subscription.close()
  }

  #hear(channel: MarketChannel, message: ChannelMessage): void {
    if (message.data.length > this.#parts.maxBytes) this.#drop(channel, 'too large')
    else if (message.json === undefined) this.#drop(channel, 'no JSON')
    else if (isNestedDeeper(message.text)) this.#drop(channel, 'nested too deep')
    else this.broadcast(channel, message.text, message.json)
  }

  #isNew(id: string, json: unknown): boolean {
    const isKnown = this.#seen.has(id)
    this.#seen.add(id)
    if (this.#seen.size > MAX_SEEN) for (const oldest of this.#seen.values().take(1)) this.#seen.delete(oldest)
    return !isKnown || !Retold.safeParse(json).success
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
