// Short messages between nodes. They are only hints: a node that misses one reads the database, or waits for the next.
import { randomUUID } from 'node:crypto'
import { type Bus, BusError, type BusMessage, type Subscription } from '@tablecast/bus'
import { isAlone } from './is-alone.ts'

export type NodeChannelDeps = { bus: Bus; failed(error: unknown): void }

/** Sends messages to the other nodes and receives theirs, never this node's own. */
export class NodeChannel {
  /** A new id after each start. */
  readonly nodeId = randomUUID()
  readonly #deps: NodeChannelDeps
  #sent = 0

  constructor(deps: NodeChannelDeps) {
    this.#deps = deps
  }

  /** True where there is only this node. */
  get isAlone(): boolean {
    return isAlone(this.#deps.bus)
  }

  /** Sends nothing while the bus is disconnected. Never throws: an error of the bus goes to `failed`. */
  publish(subject: string, message: string | object): void {
    const text = typeof message === 'string' ? message : JSON.stringify({ node: this.nodeId, ...message })
    publishToOthers(this.#deps, subject, text, `${this.nodeId}.${++this.#sent}`)
  }

  subscribe(subject: string, receive: (message: BusMessage) => void): Subscription {
    const own = `${this.nodeId}.`
    if (this.isAlone) return { close() {} }
    return this.#deps.bus.subscribe(subject, (message) => {
      if (!message.id?.startsWith(own)) receive(message)
    })
  }

  /** Answers the other nodes' calls to this one. */
  answerCalls(): Subscription {
    if (this.isAlone) return { close() {} }
    return this.#deps.bus.subscribe(callSubject(this.nodeId), (message) => void message.respond(''))
  }

  /**
   * `gone`: nothing listens on the node's subject. Its process has ended, or it has no connection to the bus at this moment. `unknown`: no
   * answer within `timeoutMs`, as from a slow node, or this node has no connection itself.
   */
  async call(nodeId: string, timeoutMs: number): Promise<'here' | 'gone' | 'unknown'> {
    try {
      await this.#deps.bus.request(callSubject(nodeId), '', { timeoutMs })
      return 'here'
    } catch (error) {
      return error instanceof BusError && error.code === 'NO_RESPONDERS' ? 'gone' : 'unknown'
    }
  }

  /** Calls back when the connection to the bus is lost, and when it is back. */
  watch(listener: (isConnected: boolean) => void): () => void {
    return this.#deps.bus.watch(listener)
  }
}

const callSubject = (nodeId: string): string => `tablecast.nodes.${nodeId}`

/** As `NodeChannel.publish`, for messages that already name their node. For `id` see `Bus.publish`. */
export function publishToOthers({ bus, failed }: NodeChannelDeps, subject: string, text: string, id?: string): void {
  if (isAlone(bus) || !bus.isConnected) return
  try {
    bus.publish(subject, text, id === undefined ? {} : { id })
  } catch (error) {
    failed(error)
  }
}
