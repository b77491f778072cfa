// What the market's tests have in common.
import type { MarketEvent } from '@tablecast/contracts'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { until } from '../../testing/testbed.ts'
import type { SocketClient } from '../../testing/testbed.ts'

export type Heard = { event: string; data: unknown }

export type SocketIoClient = AsyncDisposable & {
  socket: Socket
  heard: Heard[]
  refused: Error[]
  /** Resolves with the server's acknowledgement. */
  ask(event: string, ...what: unknown[]): Promise<unknown>
}

/** The stock client, connected, and what it heard. */
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
  const heard: Heard[] = []
  socket.onAny((event: string, data: unknown) => heard.push({ event, data }))
  const refused: Error[] = []
  socket.on('connect_error', (error) => refused.push(error))
  await until(() => socket.connected || refused.length > 0)
  return {
    socket,
    heard,
    refused,
    ask: (event: string, ...what: unknown[]): Promise<unknown> =>
      socket.emitWithAck(event, ...what) as Promise<unknown>,
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

/** Values told of a sector, in the order of arrival. */
export const valuesIn = (heard: readonly Heard[]): number[] =>
  heard.flatMap(({ event, data }) => (event === 'market:update' ? [(data as { value: number }).value] : []))
