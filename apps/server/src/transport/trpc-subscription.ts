import type { ChannelStream, StreamEnd, StreamOwner } from './stream.ts'
import type { Call, RequestHead, RequestId } from './trpc-frame.ts'

/** The connection of a subscription. */
export interface Subscriber {
  subscriptionOver(subscription: Subscription, over: StreamEnd): void
}

/** A subscription of a connection. Of the client's request it keeps only the values that its later frames repeat. */
export class Subscription implements StreamOwner {
  readonly id: RequestId
  readonly jsonrpc: '2.0' | undefined
  readonly path: string
  readonly #subscriber: Subscriber
  /** Null until its procedure has answered. */
  stream: ChannelStream<unknown> | null = null
  /** The client has stopped it before its procedure answered. */
  isStopped = false

  constructor(id: RequestId, { jsonrpc, params }: Call, subscriber: Subscriber) {
    this.id = id
    this.jsonrpc = jsonrpc
    this.path = params.path
    this.#subscriber = subscriber
  }

  stop(): void {
    this.isStopped = true
    this.stream?.end(null)
  }

  over(over: StreamEnd): void {
    this.#subscriber.subscriptionOver(this, over)
  }

  get head(): RequestHead {
    return { id: this.id, jsonrpc: this.jsonrpc, method: 'subscription', params: { path: this.path } }
  }
}
