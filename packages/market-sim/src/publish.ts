// Publishing to the market from other processes: one function for each channel. A message that does not fit its schema is never sent.
import { BusError, type PubSub } from '@tablecast/bus'
import {
  type AgentStatusUpdate,
  type Candle,
  type MarketChannel,
  marketChannels,
  type MarketUpdate,
  type NewDiscussionMessage,
} from '@tablecast/contracts'

/** Sends the JSON text of a message on a channel. */
export type SendMarketMessage<Sent = void> = (channel: MarketChannel, text: string) => Sent

/** Each throws `UnfitMarketMessage`, and the errors of `SendMarketMessage`. */
export type MarketPublishers<Sent = void> = {
  /** `timestamp`: now, when it is not given. */
  publishMarketUpdate(update: Omit<MarketUpdate, 'timestamp'> & { timestamp?: string }): Sent
  publishSectorCandle(update: { sectorId: string; candle: Candle }): Sent
  publishDiscussionMessage(update: NewDiscussionMessage): Sent
  publishAgentStatus(update: AgentStatusUpdate): Sent
}

export class UnfitMarketMessage extends Error {}

const CONNECT_TIMEOUT_MS = 10_000

/**
 * On the channels of Redis, or of memory within one process. Messages published before the first connection wait for it, and are then
 * sent in the order of the calls; the promise rejects with `BusError` UNAVAILABLE when no connection opens within ten seconds. A connection
 * that was lost later is not waited for, since values would be old news by then: the helpers throw UNAVAILABLE at once.
 */
export function publishersOn(pubSub: PubSub): MarketPublishers<PromiseLike<void>> {
  let hasBeenConnected = false
  let connecting: Promise<void> | null = null
  let waiting = 0
  return createPublishers((channel, text) => {
    hasBeenConnected ||= pubSub.isConnected
    if (hasBeenConnected && !connecting) return Promise.resolve(pubSub.publish(channel, text))
    connecting ??= connection(pubSub)
    waiting += 1
    return connecting
      .then(() => {
        hasBeenConnected = true
        return pubSub.publish(channel, text)
      })
      .finally(() => {
        waiting -= 1
        if (waiting === 0) connecting = null
      })
  })
}

/** The same without waiting: they throw `BusError` UNAVAILABLE at once whenever Redis is unreachable. For messages that are worth nothing later. */
export const immediatePublishersOn = (pubSub: PubSub): MarketPublishers =>
  createPublishers((channel, text) => pubSub.publish(channel, text))

export function createPublishers<Sent>(
  send: SendMarketMessage<Sent>,
  now: () => string = () => new Date().toISOString(),
): MarketPublishers<Sent> {
  const checked = (channel: MarketChannel, payload: object) => {
    const parsed = marketChannels[channel].schema.safeParse(payload)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new UnfitMarketMessage(
        `${channel}: ${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not valid'}`,
      )
    }
    return send(channel, JSON.stringify(payload))
  }
  return {
    publishMarketUpdate: ({ timestamp = now(), ...update }) => checked('market_updates', { ...update, timestamp }),
    publishSectorCandle: (update) => checked('sector_candles', update),
    publishDiscussionMessage: (update) => checked('discussion_messages', update),
    publishAgentStatus: (update) => checked('agent_status', update),
  }
}

function connection(pubSub: PubSub): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(
    () => reject(new BusError('UNAVAILABLE', `no connection within ${CONNECT_TIMEOUT_MS / 1_000} s`)),
    CONNECT_TIMEOUT_MS,
  )
  const unwatch = pubSub.watch((isConnected) => {
    if (isConnected) resolve()
  })
  return promise.finally(() => {
    clearTimeout(late)
    unwatch()
  })
}
