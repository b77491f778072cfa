import { topicStream } from '@tablecast/contracts'
import { type Channel, Hub, type Observe } from '@tablecast/hub'
import type { Store } from '@tablecast/store'

export type TopicChannelsDeps = {
  store: Store
  /** Has the channels of durable topics. */
  sharedHub: Hub
  nodeId: string
  ringSize: number
  queueSize: number
  isDurable: boolean
  observe: Observe
}

/** The channels of topics. A channel of a durable topic begins with the newest messages of the log. */
export class TopicChannels {
  readonly #deps: TopicChannelsDeps
  readonly #hub: Hub

  constructor(deps: TopicChannelsDeps) {
    this.#deps = deps
    // The shared hub sweeps idle channels. A volatile topic has its only copy in its ring, so it needs a hub that never sweeps.
    this.#hub = deps.isDurable ? deps.sharedHub : new Hub({}, deps.observe)
  }

  /** The channels that are not in the shared hub. */
  get own(): Iterable<Channel> {
    return this.#deps.isDurable ? [] : this.#hub.channels
  }

  open(name: string): Promise<Channel> {
    const { store, queueSize, ringSize, isDurable, nodeId } = this.#deps
    const id = topicStream(name)
    const load = async () => {
      if (!isDurable) return { epoch: nodeId.slice(0, 8), head: 0 }
      const { stream, events } = await store.write(async ({ streams }) => {
        const row = await streams.open(id)
        return { stream: row, events: await streams.since(id, Math.max(row.floor, row.head - ringSize), ringSize) }
      })
      for (const event of events) this.#hub.publish(id, event)
      return { epoch: stream.epoch, head: (events[0]?.seq ?? stream.head + 1) - 1 }
    }
    // Another node stored messages that never came here: the bus was unreachable, or a message too large for it.
    const recover = async (after: number) => {
      const events = await store.read(({ streams }) => streams.since(id, after, ringSize))
      return { kind: 'events' as const, events }
    }
    return this.#hub.open(id, load, {
      policy: { kind: 'dropOldest', pending: queueSize, ...(isDurable ? { recover } : {}) },
      ringSize: Math.max(ringSize, queueSize),
    })
  }

  async publish(name: string, text: string): Promise<void> {
    const channel = this.#hub.get(topicStream(name)) ?? (await this.open(name))
    channel.publish({ seq: channel.head + 1, text })
  }

  forget(name: string): void {
    this.#hub.forget(topicStream(name))
  }
}
