// Passes the messages of the channels on to this node's clients. Each node subscribes itself, so each client gets a message once.
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

/** Not one of the four documented channels: a node publishes here that sectors, agents or discussions changed. */
export const CHANGES_CHANNEL = 'market_changes'
/**
 * The number of delivered ids to remember. A message may come over the channels and from the log. The two are seconds apart, or
 * longer while the database is unreachable.
 */
const MAX_DELIVERED_IDS = 100_000
/** Messages held back until the log was read. With more than this they go out without waiting. */
const MAX_HELD = 10_000
/** Dropped messages are reported at most this often, with their count. */
const REPORT_INTERVAL_MS = 5_000

export type MarketRelayDeps = {
  channels: PubSub
  maxBytes: number
  /** Called with each message for this node's clients. `json` is the text of its data, byte for byte. */
  take(message: MarketMessage, json: string): void
  /** Called when a node changed the lists, and after each reconnect, because a change may have been missed. */
  changed(): void
  /** Called when `count` messages were dropped since the last call. `reason` is the newest one's. */
  onDropped(channel: string, reason: string, count: number): void
}

/** The documented helpers under the names that they have inside the server. They reach only this node's clients. */
export type MarketBroadcasts = {
  broadcastMarketUpdate: MarketPublishers['publishMarketUpdate']
  broadcastSectorCandleUpdate: MarketPublishers['publishSectorCandle']
  broadcastNewMessage: MarketPublishers['publishDiscussionMessage']
  broadcastAgentStatusUpdate: MarketPublishers['publishAgentStatus']
}

/** `retold`: the message is published again, because the first publication may have been lost. */
const Redelivered = z.object({ retold: z.literal(true) })

type Held = { channel: MarketChannel; text: string; json: unknown }

export class MarketRelay implements Disposable {
  /** Publish to all nodes. They throw at once while the channels are unreachable. */
  readonly publishers: MarketPublishers
  relayed = 0
  dropped = 0
  /** The number of messages from the log that the channels had not brought. */
  recovered = 0
  /** When a message last went to clients, as an ISO time; null before the first. */
  lastAt: string | null = null
  readonly #deps: MarketRelayDeps
  readonly #subscriptions: readonly Subscription[]
  readonly #stopWatching: () => void
  /** Ids of discussion messages that this node's clients have, oldest first. */
  readonly #delivered = new Set<string>()
  #holds = 0
  #onRedelivery: () => void = () => {}
  #held: Held[] = []
  #reportedAt = -Infinity
  #unreported = 0

  constructor(deps: MarketRelayDeps) {
    const { channels, changed } = deps
    this.#deps = deps
    this.publishers = immediatePublishersOn(channels)
    this.#subscriptions = [
      ...Object.keys(marketChannels).map((name) => {
        const channel = name as MarketChannel
        return channels.subscribe(channel, (message) => this.#receive(channel, message))
      }),
      channels.subscribe(CHANGES_CHANNEL, changed),
    ]
    this.#stopWatching = channels.watch((isConnected) => {
      if (isConnected) changed()
    })
  }

  /** Sends a message to this node's clients alone. False if it does not fit the schema, or if the clients have it already. */
  broadcast(channel: MarketChannel, text: string, json: unknown): boolean {
    const { event, schema } = marketChannels[channel]
    const parsed = schema.safeParse(json)
    if (!parsed.success) return this.#drop(channel, parsed.error.issues[0]?.message ?? 'does not fit')
    // The channel names the event and the schema: the two belong together.
    const message = { type: event, data: parsed.data } as MarketMessage
    if (message.type === 'discussion:new_message' && !this.#isNew(message.data.message.id)) return false
    this.relayed += 1
    this.lastAt = new Date().toISOString()
    this.#deps.take(message, text)
    return true
  }

  /** Calls `listener` when a stored message was published again. The log has it, and may have others that were missed. */
  onRedelivery(listener: () => void): void {
    this.#onRedelivery = listener
  }

  /** Whether this node's clients have the discussion message of that id. */
  isDelivered(id: string): boolean {
    return this.#delivered.has(id)
  }

  /** Sends this node's clients a stored message that the channels have not brought. */
  deliverStored(discussionId: string, message: DiscussionMessage): void {
    const json = { discussionId, message, retold: true }
    if (this.broadcast('discussion_messages', JSON.stringify(json), json)) this.recovered += 1
  }

  /** Holds back discussion messages of the channels until the caller calls the returned function. */
  holdMessages(): () => void {
    this.#holds += 1
    let isHolding = true
    return () => {
      if (!isHolding) return
      isHolding = false
      this.#holds -= 1
      if (this.#holds === 0) this.#releaseHeld()
    }
  }

  [Symbol.dispose](): void {
    this.#stopWatching()
    for (const subscription of this.#subscriptions) subscription.close()
  }

  #receive(channel: MarketChannel, { data, text, json }: ChannelMessage): void {
    if (data.length > this.#deps.maxBytes) return void this.#drop(channel, 'too large')
    if (json === undefined) return void this.#drop(channel, 'not JSON')
    if (isNestedDeeper(text)) return void this.#drop(channel, 'nested too deep')
    if (channel !== 'discussion_messages') return void this.broadcast(channel, text, json)
    // A message is stored before it is first published, so a node that missed it finds it in the log. Channels in memory lose
    // nothing.
    if (!isAlone(this.#deps.channels) && Redelivered.safeParse(json).success) this.#onRedelivery()
    else if (this.#holds === 0) this.broadcast(channel, text, json)
    else {
      this.#held.push({ channel, text, json })
      if (this.#held.length > MAX_HELD) this.#releaseHeld()
    }
  }

  #releaseHeld(): void {
    const held = this.#held
    this.#held = []
    for (const { channel, text, json } of held) this.broadcast(channel, text, json)
  }

  #isNew(id: string): boolean {
    if (this.#delivered.has(id)) return false
    this.#delivered.add(id)
    if (this.#delivered.size > MAX_DELIVERED_IDS)
      for (const oldest of this.#delivered.values().take(1)) this.#delivered.delete(oldest)
    return true
  }

  #drop(channel: string, reason: string): false {
    this.dropped += 1
    this.#unreported += 1
    const now = performance.now()
    if (now - this.#reportedAt > REPORT_INTERVAL_MS) {
      this.#deps.onDropped(channel, reason, this.#unreported)
      this.#reportedAt = now
      this.#unreported = 0
    }
    return false
  }
}
