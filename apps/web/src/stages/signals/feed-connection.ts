// Keeps one feed of signals live.
import { create } from 'zustand'
import { api } from '../../api.ts'
import { LinkKeeper } from '../../live/link-keeper.ts'
import { initialLink, type Link } from '../../live/link-machine.ts'
import { positionOf } from '../../live/position-of.ts'
import type { Feed } from '../../live/feed.ts'
import { addToSeries, type Series } from './series.ts'

type SignalsLive = {
  link: Link
  value: unknown
  seq: number
  /** The time at which the newest value came, in milliseconds since 1970; 0 before the first. */
  at: number
  heardAt: number
  series: Series
}

const empty: SignalsLive = { link: initialLink, value: undefined, seq: 0, at: 0, heardAt: 0, series: new Map() }

export const useSignals = create<SignalsLive>(() => empty)

export class FeedConnection {
  readonly #keeper: LinkKeeper

  constructor(name: string) {
    useSignals.setState({ ...empty })
    this.#keeper = new LinkKeeper({
      // A feed may rest. The page shows the age of its value.
      silenceMs: null,
      changed: (link) => useSignals.setState({ link }),
      feed: () => feedOf(name, { opened: () => this.#heard(), value: (seq, value) => this.#value(seq, value) }),
    })
    this.#keeper.start()
  }

  close(): void {
    this.#keeper.close()
  }

  #heard(): void {
    useSignals.setState({ heardAt: Date.now() })
    this.#keeper.heard()
  }

  #value(seq: number, value: unknown): void {
    useSignals.setState(({ series }) => ({ value, seq, at: Date.now(), series: addToSeries(series, value) }))
    this.#heard()
  }
}

function feedOf(feed: string, listener: { opened(): void; value(seq: number, value: unknown): void }): Feed {
  let newest = 0
  return {
    subscribe: (client, watch) => [
      client.signals.events.subscribe(
        { feed },
        {
          ...watch,
          onStarted: () => listener.opened(),
          onData: ({ id, data }) => listener.value(positionOf(id).seq, data),
        },
      ),
    ],
    async poll(signal) {
      const { seq, value } = await api.signals.latest.query({ feed }, { signal })
      if (signal.aborted) return
      listener.opened()
      if (seq !== newest) listener.value(seq, value)
      newest = seq
    },
  }
}
