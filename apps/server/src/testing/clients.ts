// Stock tRPC clients of a server. They know its types alone, so that a test of pages does not load the server.
import { createTRPCClient, createWSClient, httpLink, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { AppRouter } from '../index.ts'

export type SocketClient = AsyncDisposable & { trpc: TRPCClient<AppRouter>; close(): Promise<void> }

let keys = 0
export const newKey = (): string => `test-key-${String(++keys).padStart(8, '0')}`

export const httpClient = (url: string, token?: string): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
  })

export function socketClient(url: string, token: string): SocketClient {
  const client = createWSClient({
    url,
    WebSocket: WebSocket as never,
    connectionParams: { token },
    retryDelayMs: () => 50,
  })
  return {
    trpc: createTRPCClient<AppRouter>({ links: [wsLink({ client })] }),
    close: () => Promise.resolve(client.close()).then(() => undefined),
    [Symbol.asyncDispose]: () => Promise.resolve(client.close()).then(() => undefined),
  }
}
