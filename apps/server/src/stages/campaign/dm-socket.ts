// `/ws/campaign/dm`: what players hear, and commands up, each acknowledged after its commit.
import { randomUUID } from 'node:crypto'
import { PlainDmMessage } from '@tablecast/contracts'
import { derivedId } from '@tablecast/store'
import type { WebSocket } from 'ws'
import { servePlainSocket } from '../../transport/plain-socket.ts'
import { say } from './narrator/say.ts'
import { follow, type PlainParts, type PlainPerson } from './plain-socket-parts.ts'

export async function serveDmSocket(parts: PlainParts, socket: WebSocket, person: PlainPerson): Promise<void> {
  const { orchestrator } = parts
  const { roomId, caller } = person
  const connection = randomUUID()
  servePlainSocket<PlainDmMessage>({
    socket,
    schema: PlainDmMessage,
    messagesPerSecond: parts.messagesPerSecond,
    calls: parts.calls,
    async handle(message, _text, deadline) {
      if (message.type === 'ping') return { type: 'pong', ts: new Date().toISOString() }
      const { request_id: requestId, ...input } = message
      // The same request with the same id is a repeat, on this connection alone: programs count from 1 again on the next.
      const key =
        requestId === undefined ? null : derivedId('ws', connection, JSON.stringify([requestId, Object.entries(input)]))
      const asked = { roomId, caller, key, input, deadline }
      switch (message.type) {
        case 'activate':
          return ack(await orchestrator.activateCampaign({ ...asked, campaignId: message.campaign_id }))
        case 'chat':
          return ack(await say(parts, { ...asked, message: message.message }, 'dm'))
        case 'deactivate':
          return ack(await orchestrator.deactivateCampaign(asked))
      }
    },
  })
  await follow(parts, socket, person, 'dm')
}

/** `seq` only when something happened. */
const ack = ({ seq, message }: { seq: number; message?: string | null }) => ({
  type: 'ack',
  status: 'ok',
  ...(seq > 0 ? { seq } : {}),
  ...(message ? { message } : {}),
})
