// Keeps the operators' page live.
import type { NodeSample, OpsFrame } from '@tablecast/contracts'
import { create } from 'zustand'
import { api } from '../../api.ts'
import { LinkKeeper } from '../../live/link-keeper.ts'
import { initialLink, type Link } from '../../live/link-machine.ts'
import { positionOf } from '../../live/position-of.ts'
import type { Feed } from '../../live/feed.ts'
import { type History, withFrame } from './measures.ts'

/** `past`: samples that the node took before the page was opened. */
type OpsLive = { link: Link; seq: number; heardAt: number; history: History; past: readonly NodeSample[] }

const empty: OpsLive = { link: initialLink, seq: 0, heardAt: 0, history: [], past: [] }
/** A frame comes every two seconds. */
const MAX_SILENCE_MS = 12_000

export const useOps = create<OpsLive>(() => empty)

export class OpsConnection {
  readonly #keeper: LinkKeeper

  constructor() {
    useOps.setState({ ...empty })
    this.#keeper = new LinkKeeper({
      silenceMs: MAX_SILENCE_MS,
      changed: (link) => useOps.setState({ link }),
      feed: () => this.#feed(),
    })
    this.#keeper.start()
  }

  close(): void {
    this.#keeper.close()
  }

  #feed(): Feed {
    return {
      subscribe: (client, watch) => [
        client.ops.watch.subscribe(undefined, {
          ...watch,
          onData: ({ id, data }) => this.#heard(data, positionOf(id).seq),
        }),
      ],
      poll: async (signal) => {
        const frame = await api.ops.now.query(undefined, { signal })
        if (!signal.aborted) this.#heard(frame, 0)
      },
    }
  }

  #heard(frame: OpsFrame, seq: number): void {
    if (useOps.getState().history.length === 0) void this.#readPast()
    useOps.setState(({ history }) => ({ history: withFrame(history, frame), seq, heardAt: Date.now() }))
    this.#keeper.heard()
  }

  /** The charts also work without it, so a failure is left at that. */
  async #readPast(): Promise<void> {
    const past = await api.ops.history.query().catch(() => [])
    useOps.setState({ past })
  }
}
