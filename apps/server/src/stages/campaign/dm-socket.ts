// `/ws/campaign/dm`: sends the events that players get, and takes commands. Each command is acknowledged after its commit.
import { randomUUID } from 'node:crypto'
import { PlainDmMessage } from '@tablecast/contracts'
import { derivedId } from '@tablecast/store'
import type { WebSocket } from 'ws'
import { servePlainSocket } from '../../transport/plain-socket.ts'
import { say } from './narrator/say.ts'
import { follow, type PlainSocketDeps, type PlainPerson } from './plain-sockets.ts'

export async function serveDmSocket(deps: PlainSocketDeps, socket: WebSocket, person: PlainPerson): Promise<void> {
  const { orchestrator } = deps
  const { roomId, caller } = person
  const connection = randomUUID()
  servePlainSocket<PlainDmMessage>({
    socket,
    schema: PlainDmMessage,
    messagesPerSecond: deps.messagesPerSecond,
    calls: deps.calls,
    async handle(message, _text, deadline) {
      if (message.type === 'ping') return { type: 'pong', ts: new Date().toISOString() }
      const { request_id: requestId, ...input } = message
      // A request with the same id and the same words is a repeat, on this connection only: programs count from 1 again on the
      // next one.
      const key =
        requestId === undefined ? null : derivedId('ws', connection, JSON.stringify([requestId, Object.entries(input)]))
      const asked = { roomId, caller, key, input, deadline }
      switch (message.type) {
        case 'activate':
          return ack(await orchestrator.activateCampaign({ ...asked, campaignId: message.campaign_id }))
        case 'chat':
          return ack(await say(deps, { ...asked, message: message.message }, 'dm'))
        case 'deactivate':
          return ack(await orchestrator.deactivateCampaign(asked))
      }
    },
  })
  await follow(deps, socket, person, 'dm')
}

/** Has a `seq` only if the command stored an event. */
const ack = ({ seq, message }: { seq: number; message?: string | null }) => ({
  type: 'ack',
  status: 'ok',
  ...(seq > 0 ? { seq } : {}),
  ...(message ? { message } : {}),
})
