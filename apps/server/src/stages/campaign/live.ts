// The campaign streams in the hub: what is live, and how a channel reads the log.
import type { Audience } from '@tablecast/contracts'
import type { Channel, Hub } from '@tablecast/hub'
import { type Orchestrator, streamOf } from '@tablecast/orchestrator'

export class CampaignLive {
  readonly #hub: Hub
  readonly #orchestrator: Orchestrator

  constructor(hub: Hub, orchestrator: Orchestrator) {
    this.#hub = hub
    this.#orchestrator = orchestrator
  }

  channel(roomId: string, audience: Audience): Promise<Channel> {
    let epoch = ''
    return this.#hub.open(
      streamOf(roomId, audience),
      async () => {
        const start = await this.#orchestrator.openStream(roomId, audience)
        epoch = start.epoch
        return start
      },
      {
        policy: {
          kind: 'resume',
          recover: (after) =>
            this.#orchestrator.eventsAfter(roomId, audience, after === null ? null : { epoch, seq: after }),
        },
      },
    )
  }

  /** The newest position of a channel that is open here. */
  head(roomId: string, audience: Audience): { epoch: string; seq: number } | null {
    const channel = this.#hub.get(streamOf(roomId, audience))
    return channel ? { epoch: channel.epoch, seq: channel.head } : null
  }
}
