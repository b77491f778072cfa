// The campaign's plain sockets. `/ws/campaign/player` sends the events of players, and takes status and pings. `/ws/campaign/dm`
// sends the same events, and takes commands. Each command is acknowledged after its commit.
import { randomUUID } from 'node:crypto'
import { PlainDmMessage, PlainPlayerMessage } from '@tablecast/contracts'
import type { NarratorTurns, Orchestrator } from '@tablecast/orchestrator'
import { derivedId } from '@tablecast/store'
import type { WebSocket } from 'ws'
import { type PlainServing, servePlainSocket } from '../../transport/plain-socket.ts'
import { say } from './narrator/say.ts'
import type { SocketCaller } from './socket-caller.ts'
import { sendEvents, type SocketEventsDeps } from './socket-events.ts'

export type CampaignSocketDeps = PlainServing &
  SocketEventsDeps & {
    orchestrator: Orchestrator
    narration: NarratorTurns
  }

export async function servePlayerSocket(
  deps: CampaignSocketDeps,
  socket: WebSocket,
  person: SocketCaller,
): Promise<void> {
  // No closure keeps the person, whose caller refers to the request.
  const { presence } = deps
  const { roomId, userId } = person
  servePlainSocket<PlainPlayerMessage>({
    serving: deps,
    socket,
    schema: PlainPlayerMessage,
    handle(message) {
      switch (message.type) {
        case 'ping':
          return Promise.resolve({ type: 'pong', ts: new Date().toISOString() })
        case 'status':
          presence.set(roomId, userId, { status: message.status })
          return Promise.resolve(null)
      }
    },
  })
  await sendEvents(deps, socket, person, 'player')
}

export async function serveDmSocket(deps: CampaignSocketDeps, socket: WebSocket, person: SocketCaller): Promise<void> {
  const { orchestrator } = deps
  const { roomId, caller } = person
  const connection = randomUUID()
  servePlainSocket<PlainDmMessage>({
    serving: deps,
    socket,
    schema: PlainDmMessage,
    async handle(message, _text, deadline) {
      if (message.type === 'ping') return { type: 'pong', ts: new Date().toISOString() }
      const { request_id: requestId, ...input } = message
      // A request with the same id and the same words is a repeat, on this connection only: programs count from 1 again on the
      // next one.
      const key =
        requestId === undefined ? null : derivedId('ws', connection, JSON.stringify([requestId, Object.entries(input)]))
      const request = { roomId, caller, key, input, deadline }
      switch (message.type) {
        case 'activate':
          return ack(await orchestrator.activateCampaign({ ...request, campaignId: message.campaign_id }))
        case 'chat':
          return ack(await say(deps, { ...request, message: message.message }, 'dm'))
        case 'operate':
          return ack(await orchestrator.fights.operate({ ...request, campaignId: null, operation: message.operation }))
        case 'deactivate':
          return ack(await orchestrator.deactivateCampaign(request))
      }
    },
  })
  await sendEvents(deps, socket, person, 'dm')
}

/** Has a `seq` only if the command stored an event. */
const ack = ({ seq, message }: { seq: number; message?: string | null }) => ({
  type: 'ack',
  status: 'ok',
  ...(seq > 0 ? { seq } : {}),
  ...(message ? { message } : {}),
})
