// The composition of the market, without its endpoints.
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

export type MarketServiceDeps = {
  store: Store
  channels: PubSub
  maxMessageBytes: number
  keepMessages: number
  keepDays: number
  hasSample: boolean
  /** Null: no simulator in this process. */
  simulator: { rate: number; seed: number } | null
  /** Called when the relay has dropped `count` messages since its last call. `reason` is the newest one's. */
  onDropped(channel: string, reason: string, count: number): void
  observe: Observe
  failed(error: unknown): void
}

export type MarketService = AsyncDisposable & {
  rows: Market
  live: MarketLive
  board: Board
  /** Publish from within this process to this node's clients alone. */
  broadcasts: MarketBroadcasts
  status(): MarketStatus
  /** When a message last went to this node's clients, as an ISO time; null before the first. */
  lastAt(): string | null
}

const RELOAD_INTERVAL_MS = 600_000
const RELOAD_DELAY_MS = 50

export async function openMarketService(deps: MarketServiceDeps): Promise<MarketService> {
  const { store, channels, simulator, keepMessages, keepDays, observe, failed } = deps
  await using opened = new AsyncDisposableStack()
  if (deps.hasSample) await ensureSampleMarket(store, simulator?.seed ?? 1)
  const board = new Board()
  const live = new MarketLive({ store, board, observe })
  await live.reload()

  const isOnlyNode = isAlone(channels)
  const leader = opened.use(
    // A node without a connection to the channels has nothing to record.
    new LeaderLease({
      name: 'market-recorder',
      store,
      isAlone: isOnlyNode,
      isAble: () => channels.isConnected,
      failed,
    }),
  )
  const recorder = opened.use(new Recorder({ store, leader, keepMessages, keepDays, failed }))
  // Changes within a short time share one read of the database.
  let reloadTimer: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    reloadTimer ??= setTimeout(() => {
      reloadTimer = undefined
      live.reload().catch(failed)
    }, RELOAD_DELAY_MS)
  }
  const reloading = setInterval(changed, RELOAD_INTERVAL_MS)
  opened.defer(() => {
    clearTimeout(reloadTimer)
    clearInterval(reloading)
  })
  // Read before the node subscribes to the channels, so that no message falls in between.
  const start = isOnlyNode ? null : await publishedUpTo(store)
  const relay = opened.use(
    new MarketRelay({
      channels,
      maxBytes: deps.maxMessageBytes,
      take(message, json) {
        live.publish(message, json)
        recorder.take(message)
      },
      changed,
      onDropped: deps.onDropped,
    }),
  )
  if (start !== null) {
    const messages = new MessageLog({
      store,
      start,
      isDelivered: (id) => relay.isDelivered(id),
      deliver: (row) => relay.deliverStored(row.discussionId, messageOf(row)),
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
    relay.onRedelivery(() => catchUp.readSoon())
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
