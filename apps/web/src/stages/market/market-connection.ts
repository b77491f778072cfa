// Keeps the market live.
import type { MarketEvent } from '@tablecast/contracts'
import { create } from 'zustand'
import { api } from '../../api.ts'
import { LinkKeeper } from '../../live/link-keeper.ts'
import { initialLink, type Link } from '../../live/link-machine.ts'
import { positionOf } from '../../live/position-of.ts'
import type { Feed } from '../../live/feed.ts'
import { FrameBatch } from './frame-batch.ts'
import { emptyMarket, foldMarket, type MarketState } from './market-state.ts'

type MarketLive = {
  link: Link
  /** The newest message's number; 0 before the first. */
  seq: number
  heardAt: number
  /** The number of messages so far, and of the changes of the page that they made. */
  received: number
  folds: number
  market: MarketState
}

const empty: MarketLive = { link: initialLink, seq: 0, heardAt: 0, received: 0, folds: 0, market: emptyMarket }

export const useMarket = create<MarketLive>(() => empty)

export class MarketConnection {
  readonly #keeper: LinkKeeper
  readonly #batch: FrameBatch<MarketEvent>
  /** The position after which the stream goes on. */
  #cursor: string | null = null

  constructor() {
    useMarket.setState({ ...empty })
    this.#batch = new FrameBatch((events) => {
      const now = Date.now()
      useMarket.setState(({ market, received, folds }) => ({
        market: foldMarket(market, events, now),
        received: received + events.length,
        folds: folds + 1,
        seq: positionOf(this.#cursor).seq,
        heardAt: now,
      }))
    })
    this.#keeper = new LinkKeeper({
      // A market may be silent.
      silenceMs: null,
      changed: (link) => useMarket.setState({ link }),
      feed: () => this.#feed(),
    })
    this.#keeper.start()
  }

  close(): void {
    this.#keeper.close()
    this.#batch.close()
  }

  #feed(): Feed {
    return {
      subscribe: (client, watch) => [
        client.market.events.subscribe(
          { lastEventId: this.#cursor },
          {
            ...watch,
            onStarted: () => this.#keeper.heard(),
            onData: ({ id, data }) => {
              this.#cursor = id
              this.#keeper.heard()
              this.#batch.add(data)
            },
          },
        ),
      ],
      poll: async (signal) => {
        const data = await api.market.board.query(undefined, { signal })
        if (signal.aborted) return
        this.#keeper.heard()
        this.#batch.add({ type: 'market:snapshot', data })
      },
    }
  }
}
