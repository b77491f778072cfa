import { PlainSockets } from './plain-socket.ts'
import type { RawClient } from './raw-client.ts'
import { RestClient, restTargets } from './rest.ts'
import { SocketIo } from './socket-io.ts'
import { TrpcHttp } from './trpc-http.ts'
import { TrpcWebSocket } from './trpc-websocket.ts'

/** A client for each kind of endpoint of the server. `roomId`: of the attacked room. */
export async function openClients(url: string, port: number, roomId: string): Promise<RawClient[]> {
  return [
    new TrpcHttp(url),
    new TrpcWebSocket(port),
    new RestClient(url, await restTargets(url)),
    new PlainSockets(port, roomId),
    new SocketIo(url),
  ]
}
