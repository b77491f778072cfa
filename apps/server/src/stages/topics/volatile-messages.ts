import { type Bus, BusError } from '@tablecast/bus'
import { TablecastError, topicOf, topicToken } from '@tablecast/contracts'
import { isAlone } from '../../cluster/is-alone.ts'
import type { TopicText } from './published-message.ts'
import { Repeats } from './repeats.ts'

export type VolatileMessagesDeps = {
  bus: Bus
  nodeId: string
  /** Throws TOPIC_NOT_FOUND. */
  find(name: string): Promise<unknown>
  /** Adds the message to the topic's ring on this node. */
  deliver(name: string, text: string): Promise<void>
  failed(error: unknown): void
}

const EVENTS = 'tablecast.topics.event'

/**
 * Messages of topics without a log. Each node keeps the newest messages of every topic, because the next subscriber may connect to
 * it. Messages reach the nodes over the bus, in the order of each publisher.
 */
export class VolatileMessages implements Disposable {
  readonly #deps: VolatileMessagesDeps
  readonly #finding = new Map<string, Promise<unknown>>()
  readonly #repeats = new Repeats()
  readonly #close: () => void
  /** The number of messages that this node has published on the bus. */
  #sent = 0

  constructor(deps: VolatileMessagesDeps) {
    this.#deps = deps
    const events = isAlone(deps.bus)
      ? null
      : deps.bus.subscribe(`${EVENTS}.*`, ({ subject, text, id }) => {
          // Stored events have a `seq` that shows repeats. These messages have only their marks.
          if (this.#repeats.isNew(id)) this.#receive(subject, text)
        })
    this.#close = () => events?.close()
  }

  /** Resolves when the ring has the message, or the bus if there are other nodes. Throws MESSAGE_TOO_LARGE, BUS_UNAVAILABLE. */
  async publish({ name, text }: TopicText): Promise<void> {
    const { bus, nodeId, deliver } = this.#deps
    if (isAlone(bus)) return deliver(name, text)
    try {
      bus.publish(`${EVENTS}.${topicToken(name)}`, text, { id: `${nodeId}.topics.${++this.#sent}` })
      await bus.flush()
    } catch (error) {
      if (!(error instanceof BusError)) throw error
      if (error.code === 'TOO_LARGE')
        throw new TablecastError(
          'MESSAGE_TOO_LARGE',
          'The message is larger than the bus between the nodes takes. Make it smaller.',
        )
      throw new TablecastError('BUS_UNAVAILABLE', 'The bus between the nodes is down: try again when it is back.')
    }
  }

  [Symbol.dispose](): void {
    this.#close()
  }

  #receive(subject: string, text: string): void {
    const name = topicOf(subject.slice(EVENTS.length + 1))
    if (name === null) return
    this.#findOnce(name)
      .then(() => this.#deps.deliver(name, text))
      .catch((error: unknown) => {
        // The topic was deleted while the message was on its way.
        if (!(error instanceof TablecastError)) this.#deps.failed(error)
      })
  }

  /** Concurrent calls for one topic share a lookup, and continue in the order of the calls. That keeps messages in order. */
  #findOnce(name: string): Promise<unknown> {
    const finding = this.#finding.get(name) ?? this.#deps.find(name).finally(() => this.#finding.delete(name))
    this.#finding.set(name, finding)
    return finding
  }
}
