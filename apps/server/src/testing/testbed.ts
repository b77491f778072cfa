// The real server on a free port and in a new folder, with stock tRPC clients.
import type { RoomDetails, Session } from '@tablecast/contracts'
import { temporaryFolder } from '@tablecast/testing'
import type { TRPCClient } from '@trpc/client'
import { type AppRouter, openServer, parseConfig, type Server } from '../index.ts'
import type { ServerOptions } from '../server.ts'
import { httpClient, newKey, type SocketClient, socketClient } from './clients.ts'
import { fillAsFirstStart } from './first-start.ts'

export type TestUser = { session: Session; http: TRPCClient<AppRouter>; socket(): Promise<SocketClient> }

/** Disposing closes the server. Parts in `options` stay the test's to close. */
export async function openTestbed(environment: Record<string, string> = {}, options: ServerOptions = {}) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  await fillAsFirstStart(folder.path, environment, options)
  const server: Server = opened.use(
    await openServer(
      parseConfig({
        PORT: '0',
        DATA_DIR: folder.path,
        LOG_LEVEL: 'silent',
        CALLS_PER_SECOND: '10000',
        CALLS_PER_SECOND_PER_IP: '100000',
        CONNECTIONS_PER_SECOND_PER_IP: '100000',
        MARKET_SIM: 'off',
        MEDIA_MIN_FREE_BYTES: '0',
        ...environment,
      }),
      options,
    ),
  )
  const { url } = server
  const wsUrl = url.replace(/^http/, 'ws')
  const anonymous = httpClient(url)

  const signIn = async (name: string): Promise<TestUser> => {
    const session = await anonymous.auth.guest.mutate({ name })
    return { session, ...withToken(session.token) }
  }
  /** Stock clients that send this token, which may be invalid or from another server. */
  const withToken = (token: string) => ({
    http: httpClient(url, token),
    socket: () => Promise.resolve(socketClient(`${wsUrl}/trpc`, token)),
  })
  const join = async (
    name: string,
    role: 'owner' | 'dm' | 'player' | 'spectator',
  ): Promise<TestUser & { details: RoomDetails }> => {
    const taken = await signIn(name)
    const code = (await server.rooms.invites.codes('main')).find((invite) => invite.role === role)?.code ?? ''
    return { ...taken, details: await taken.http.rooms.join.mutate({ key: newKey(), code }) }
  }
  const owned = opened.move()
  return {
    server,
    store: server.store,
    url,
    wsUrl,
    folder: folder.path,
    anonymous,
    signIn,
    withToken,
    join,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

export { until } from '@tablecast/testing'
export { httpClient, newKey, type SocketClient, socketClient }
