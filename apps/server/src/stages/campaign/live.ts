// The campaign streams in the hub: opens their channels, which recover from the log.
import { type Audience, roomStream } from '@tablecast/contracts'
import type { Channel, Hub } from '@tablecast/hub'
import type { Listener, Orchestrator } from '@tablecast/orchestrator'
import type { RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreamOptions } from '../../rooms/room-streams.ts'
import { resumePoint } from '../../transport/resume-point.ts'

export class CampaignLive {
  readonly #hub: Hub
  readonly #orchestrator: Orchestrator
  readonly #access: RoomAccess

  constructor(hub: Hub, orchestrator: Orchestrator, access: RoomAccess) {
    this.#hub = hub
    this.#orchestrator = orchestrator
    this.#access = access
  }

  channel(roomId: string, listener: Listener): Promise<Channel> {
    let epoch = ''
    return this.#hub.open(
      roomStream(roomId, listener),
      async () => {
        const start = await this.#orchestrator.openStream(roomId, listener)
        epoch = start.epoch
        return start
      },
      {
        policy: {
          kind: 'resume',
          recover: async (after) => {
            const position = after === null ? null : { epoch, seq: after }
            const answer = await this.#orchestrator.eventsAfter(roomId, listener, position)
            // Ends the streams of removed members before an event that was stored after the removal goes out.
            await this.#access.catchUp(roomId, answer.access)
            return answer
          },
        },
      },
    )
  }

  /** The source of a subscription to that stream: the events after `lastEventId`, or one snapshot, then live. */
  async source(
    { roomId, lastEventId }: { roomId: string; lastEventId?: string | null | undefined },
    listener: Listener,
  ): Promise<RoomStreamOptions> {
    const channel = await this.channel(roomId, listener)
    return { channel, after: resumePoint(channel, lastEventId), lastEventId, isTracked: true }
  }

  /** The newest position of a channel; null if it is not open on this node. */
  head(roomId: string, audience: Audience): { epoch: string; seq: number } | null {
    const channel = this.#hub.get(roomStream(roomId, audience))
    return channel ? { epoch: channel.epoch, seq: channel.head } : null
  }
}
