// `/ws/campaign/dm`: what players hear, and commands up, each acknowledged after its commit.
import { PlainDmMessage } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { servePlainSocket } from '../../transport/plain-socket.ts'
import { say } from './narrator/say.ts'
import { follow, newKey, type PlainParts, type PlainPerson } from './plain-socket-parts.ts'
import { actorOf } from './router.ts'

export async function serveDmSocket(parts: PlainParts, socket: WebSocket, person: PlainPerson): Promise<void> {
  const { orchestrator } = parts
  const { roomId } = person
  const actor = actorOf(person)
  servePlainSocket<PlainDmMessage>({
    socket,
    schema: PlainDmMessage,
    messagesPerSecond: parts.messagesPerSecond,
    calls: parts.calls,
    async handle(message) {
      const asked = { roomId, actor, key: newKey() }
      switch (message.type) {
        case 'ping':
          return { type: 'pong', ts: new Date().toISOString() }
        case 'activate':
          return ack(await orchestrator.activateCampaign({ ...asked, campaignId: message.campaign_id }))
        case 'chat':
          return ack(await say(parts, { ...asked, message: message.message }))
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
