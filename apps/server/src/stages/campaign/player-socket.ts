// `/ws/campaign/player`: sends the events of players, and takes status and pings.
import { PlainPlayerMessage } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { servePlainSocket } from '../../transport/plain-socket.ts'
import { follow, type PlainSocketDeps, type PlainPerson } from './plain-sockets.ts'

export async function servePlayerSocket(deps: PlainSocketDeps, socket: WebSocket, person: PlainPerson): Promise<void> {
  servePlainSocket<PlainPlayerMessage>({
    socket,
    schema: PlainPlayerMessage,
    messagesPerSecond: deps.messagesPerSecond,
    calls: deps.calls,
    handle(message) {
      switch (message.type) {
        case 'ping':
          return Promise.resolve({ type: 'pong', ts: new Date().toISOString() })
        case 'status':
          deps.presence.set(person.roomId, person.userId, { status: message.status })
          return Promise.resolve(null)
      }
    },
  })
  await follow(deps, socket, person, 'player')
}
