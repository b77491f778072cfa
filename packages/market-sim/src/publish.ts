// How other processes tell the market something: one helper a channel. What does not fit its schema is never sent.
import type { PubSub } from '@tablecast/bus'
import {
  type AgentStatusUpdate,
  type Candle,
  type MarketChannel,
  marketChannels,
  type MarketUpdate,
  type NewDiscussionMessage,
} from '@tablecast/contracts'

/** Takes a message of that channel as the JSON that goes out. */
export type SendMarketMessage = (channel: MarketChannel, text: string) => void

/** Throw `UnfitMarketMessage`, and what the way of sending throws: `BusError` UNAVAILABLE while Redis is away. */
export type MarketPublishers = {
  /** `timestamp`: now, when it is not given. */
  publishMarketUpdate(update: Omit<MarketUpdate, 'timestamp'> & { timestamp?: string }): void
  publishSectorCandle(update: { sectorId: string; candle: Candle }): void
  publishDiscussionMessage(update: NewDiscussionMessage): void
  publishAgentStatus(update: AgentStatusUpdate): void
}

export class UnfitMarketMessage extends Error {}

/** On the channels of Redis, or of memory within one process. */
export const publishersOn = (pubSub: PubSub): MarketPublishers =>
  createPublishers((channel, text) => pubSub.publish(channel, text))

export function createPublishers(
  send: SendMarketMessage,
  now: () => string = () => new Date().toISOString(),
): MarketPublishers {
  const checked = (channel: MarketChannel, payload: object) => {
    const parsed = marketChannels[channel].schema.safeParse(payload)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new UnfitMarketMessage(
        `${channel}: ${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not valid'}`,
      )
    }
    send(channel, JSON.stringify(payload))
  }
  return {
    publishMarketUpdate: ({ timestamp = now(), ...update }) => checked('market_updates', { ...update, timestamp }),
    publishSectorCandle: (update) => checked('sector_candles', update),
    publishDiscussionMessage: (update) => checked('discussion_messages', update),
    publishAgentStatus: (update) => checked('agent_status', update),
  }
}
