// For the market's tests: clients that keep what they received, and channels whose connection can be cut.
import { BusError, type ChannelMessage, type PubSub, type Subscription } from '@tablecast/bus'
import type { MarketEvent } from '@tablecast/contracts'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { until } from '../../testing/testbed.ts'
import type { SocketClient } from '../../testing/testbed.ts'

export type ReceivedEvent = { event: string; data: unknown }

export type SocketIoClient = AsyncDisposable & {
  socket: Socket
  received: ReceivedEvent[]
  refused: Error[]
  /** Resolves with the server's acknowledgement. */
  ask(event: string, ...values: unknown[]): Promise<unknown>
}

/** The stock client, connected or refused, and the events that it received. */
export async function socketIo(
  url: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<SocketIoClient> {
  const socket = io(url, {
    path: '/socket.io/',
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    ...options,
  })
  const received: ReceivedEvent[] = []
  socket.onAny((event: string, data: unknown) => received.push({ event, data }))
  const refused: Error[] = []
  socket.on('connect_error', (error) => refused.push(error))
  await until(() => socket.connected || refused.length > 0)
  return {
    socket,
    received,
    refused,
    ask: (event: string, ...values: unknown[]): Promise<unknown> =>
      socket.emitWithAck(event, ...values) as Promise<unknown>,
    [Symbol.asyncDispose]: () => Promise.resolve(void socket.close()),
  }
}

/** The market's events of a stock tRPC client. */
export function follow(client: SocketClient, lastEventId?: string) {
  const events: MarketEvent[] = []
  let newest: string | undefined
  const subscription = client.trpc.market.events.subscribe(
    { lastEventId: lastEventId ?? null },
    {
      onData({ id, data }) {
        newest = id
        events.push(data)
      },
    },
  )
  return {
    events,
    get newest() {
      return newest
    },
    stop: () => subscription.unsubscribe(),
  }
}

/** The values of all `market:update` events, in the order of arrival. */
export const valuesIn = (received: readonly ReceivedEvent[]): number[] =>
  received.flatMap(({ event, data }) => (event === 'market:update' ? [(data as { value: number }).value] : []))

/** One node's connection to channels that several nodes share. While it is cut, messages to the node are lost. */
export class CuttablePubSub implements PubSub {
  readonly kind = 'redis'
  readonly url = 'redis://shared'
  readonly #shared: PubSub
  readonly #listeners = new Set<(isConnected: boolean) => void>()
  #isOpen = true
  #isReceiving = true
  /** After this number of messages the publishing connection breaks, before their arrival is known. The receiving one stays. */
  breakAfter = Infinity

  constructor(shared: PubSub) {
    this.#shared = shared
  }

  get isConnected(): boolean {
    return this.#isOpen
  }

  set isConnected(isOpen: boolean) {
    this.#isReceiving = isOpen
    this.#setOpen(isOpen)
  }

  publish(channel: string, data: string | Uint8Array): void {
    if (!this.#isOpen) throw unavailable()
    this.#shared.publish(channel, data)
    this.breakAfter -= 1
    if (this.breakAfter > 0) return
    this.breakAfter = Infinity
    this.#setOpen(false)
  }

  async flush(): Promise<void> {
    await this.#shared.flush()
    if (!this.#isOpen) throw unavailable()
  }

  subscribe(channel: string, handle: (message: ChannelMessage) => void): Subscription {
    const deliver = (message: ChannelMessage) => {
      if (this.#isReceiving) handle(message)
    }
    return this.#shared.subscribe(channel, (message) => {
      if (this.#isOpen) deliver(message)
      else setImmediate(() => deliver(message))
    })
  }

  watch(listener: (isConnected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }

  #setOpen(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    for (const listener of this.#listeners) listener(isOpen)
  }
}

const unavailable = () => new BusError('UNAVAILABLE', 'the connection is cut')
