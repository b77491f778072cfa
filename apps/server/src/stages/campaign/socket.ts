// The campaign's plain sockets. `/ws/campaign/player` sends the events of players, and takes status and pings. `/ws/campaign/dm`
// sends the same events, and takes commands. Each command is acknowledged after its commit.
import { randomUUID } from 'node:crypto'
import { PlainDmMessage, PlainPlayerMessage } from '@tablecast/contracts'
import type { NarratorTurns, Orchestrator } from '@tablecast/orchestrator'
import { derivedId } from '@tablecast/store'
import type { WebSocket } from 'ws'
import { type PlainHandler, type PlainServing, servePlainSocket } from '../../transport/plain-socket.ts'
import { say } from './narrator/say.ts'
import type { PresenceBoard } from './presence.ts'
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
  servePlainSocket(deps, socket, new PlayerFrames(deps.presence, person))
  await sendEvents(deps, socket, person, 'player')
}

/** An idle player's handler. It keeps little, and nothing of the person, whose caller refers to the request. */
class PlayerFrames implements PlainHandler<PlainPlayerMessage> {
  readonly #presence: PresenceBoard
  readonly #roomId: string
  readonly #userId: string

  constructor(presence: PresenceBoard, { roomId, userId }: Pick<SocketCaller, 'roomId' | 'userId'>) {
    this.#presence = presence
    this.#roomId = roomId
    this.#userId = userId
  }

  get schema(): typeof PlainPlayerMessage {
    return PlainPlayerMessage
  }

  handle(message: PlainPlayerMessage): Promise<object | null> {
    switch (message.type) {
      case 'ping':
        return Promise.resolve({ type: 'pong', ts: new Date().toISOString() })
      case 'status':
        this.#presence.set(this.#roomId, this.#userId, { status: message.status })
        return Promise.resolve(null)
    }
  }
}

export async function serveDmSocket(deps: CampaignSocketDeps, socket: WebSocket, person: SocketCaller): Promise<void> {
  const { orchestrator } = deps
  const { roomId, caller } = person
  const connection = randomUUID()
  servePlainSocket<PlainDmMessage>(deps, socket, {
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
