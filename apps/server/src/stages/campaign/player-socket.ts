// `/ws/campaign/player`: events down; status and pings up.
import { PlainPlayerMessage } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { servePlainSocket } from '../../transport/plain-socket.ts'
import { follow, type PlainParts, type PlainPerson } from './plain-socket-parts.ts'

export async function servePlayerSocket(parts: PlainParts, socket: WebSocket, person: PlainPerson): Promise<void> {
  servePlainSocket<PlainPlayerMessage>({
    socket,
    schema: PlainPlayerMessage,
    messagesPerSecond: parts.messagesPerSecond,
    calls: parts.calls,
    handle(message) {
      switch (message.type) {
        case 'ping':
          return Promise.resolve({ type: 'pong', ts: new Date().toISOString() })
        case 'status':
          parts.presence.set(person.roomId, person.userId, { status: message.status })
          return Promise.resolve(null)
      }
    },
  })
  await follow(parts, socket, person, 'player')
}
