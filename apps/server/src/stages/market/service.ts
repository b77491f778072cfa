// The market's parts, put together, without the doors to it.
import type { PubSub } from '@tablecast/bus'
import type { MarketStatus } from '@tablecast/contracts'
import type { Observe } from '@tablecast/hub'
import { createPublishers, MarketWorld, sampleMarket, startSimulator } from '@tablecast/market-sim'
import type { Store } from '@tablecast/store'
import { isAlone } from '../../cluster/is-alone.ts'
import { LeaderLease } from '../../cluster/leader-lease.ts'
import { Board } from './board.ts'
import { CatchUp } from './catch-up.ts'
import { MarketLive } from './live.ts'
import { Market, messageOf } from './market.ts'
import { MessageLog, publishedUpTo } from './message-log.ts'
import { Recorder } from './recorder.ts'
import { type MarketBroadcasts, MarketRelay } from './relay.ts'
import { ensureSampleMarket } from './sample.ts'

export type MarketOptions = {
  store: Store
  channels: PubSub
  maxMessageBytes: number
  keepMessages: number
  keepDays: number
  hasSample: boolean
  /** Null: no simulator in this process. */
  simulator: { rate: number; seed: number } | null
  dropped(channel: string, why: string, count: number): void
  observe: Observe
  failed(error: unknown): void
}

export type MarketService = AsyncDisposable & {
  rows: Market
  live: MarketLive
  board: Board
  /** For parts of this process that have something to tell this node's clients alone. */
  broadcasts: MarketBroadcasts
  status(): MarketStatus
  /** When this node's clients were last told something; null before. */
  lastAt(): string | null
}

const RELOAD_MS = 600_000
const SETTLE_MS = 50

export async function openMarketService(options: MarketOptions): Promise<MarketService> {
  const { store, channels, simulator, keepMessages, keepDays, observe, failed } = options
  await using opened = new AsyncDisposableStack()
  if (options.hasSample) await ensureSampleMarket(store, simulator?.seed ?? 1)
  const board = new Board()
  const live = new MarketLive({ store, board, observe })
  await live.reload()

  const hasNoOthers = isAlone(channels)
  const leader = opened.use(
    // A node that does not hear what moves has nothing to write.
    new LeaderLease({
      name: 'market-recorder',
      store,
      isAlone: hasNoOthers,
      isAble: () => channels.isConnected,
      failed,
    }),
  )
  const recorder = opened.use(new Recorder({ store, leader, keepMessages, keepDays, failed }))
  // Several changes at a time are one look at the database.
  let settling: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    settling ??= setTimeout(() => {
      settling = undefined
      live.reload().catch(failed)
    }, SETTLE_MS)
  }
  const reloading = setInterval(changed, RELOAD_MS)
  opened.defer(() => {
    clearTimeout(settling)
    clearInterval(reloading)
  })
  // Read before the channels are heard, so that nothing falls in between.
  const start = hasNoOthers ? null : await publishedUpTo(store)
  const relay = opened.use(
    new MarketRelay({
      channels,
      maxBytes: options.maxMessageBytes,
      take(message, json) {
        live.publish(message, json)
        recorder.take(message)
      },
      changed,
      dropped: options.dropped,
    }),
  )
  if (start !== null) {
    const messages = new MessageLog({
      store,
      start,
      isTold: (id) => relay.isTold(id),
      tell: (row) => relay.tellStored(row.discussionId, messageOf(row)),
    })
    const catchUp = opened.use(
      new CatchUp({
        channels,
        log: messages,
        hold: () => relay.holdMessages(),
        refresh: (since) => live.refresh(since),
        failed,
      }),
    )
    relay.onRedelivered(() => catchUp.hint())
  }
  const here = createPublishers((channel, text) => void relay.broadcast(channel, text, JSON.parse(text)))
  const broadcasts: MarketBroadcasts = {
    broadcastMarketUpdate: here.publishMarketUpdate,
    broadcastSectorCandleUpdate: here.publishSectorCandle,
    broadcastNewMessage: here.publishDiscussionMessage,
    broadcastAgentStatusUpdate: here.publishAgentStatus,
  }
  const rows = opened.use(new Market({ store, channels, relay, changedHere: changed, failed }))
  if (simulator) {
    const values = new Map(board.get().sectors.map(({ id, value }) => [id, value]))
    const world = new MarketWorld({ market: sampleMarket, seed: simulator.seed, startAt: Date.now(), values })
    opened.use(startSimulator({ world, publishers: relay.publishers, rate: simulator.rate, failed }))
  }
  const status = (): MarketStatus => ({
    channels: isAlone(channels) ? 'memory' : 'redis',
    isConnected: channels.isConnected,
    relayed: relay.relayed,
    dropped: relay.dropped,
    recovered: relay.recovered,
    waiting: rows.waiting,
  })
  const owned = opened.move()
  return {
    rows,
    live,
    board,
    broadcasts,
    status,
    lastAt: () => relay.lastAt,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
