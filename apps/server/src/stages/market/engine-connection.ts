// Fields of Engine.IO that its types leave out. The tests check them.
import type { Socket as Connection } from 'engine.io'
import type { Socket } from 'socket.io'
import type { WebSocket } from 'ws'

export type EngineTransport = {
  name: string
  socket: WebSocket
  prependListener(event: 'ready', listener: () => void): void
}

/** `writeBuffer`: the packets that wait to be sent. */
export type EngineConnection = Pick<Connection, 'on' | 'once' | 'write'> & {
  readonly writeBuffer: readonly unknown[]
  transport: EngineTransport
}

export const engineOf = ({ conn }: Socket) => conn as unknown as EngineConnection
