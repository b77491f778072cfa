// A room on the wire: its events and who is here.
import type { CampaignEvent, NarratingEvent, PresenceEvent } from '@tablecast/contracts'
import { api } from '../api.ts'
import type { Feed } from './transports.ts'

export type RoomListener = {
  event(id: string, event: CampaignEvent): void
  presence(event: PresenceEvent): void
  narrating(event: NarratingEvent): void
}

/** `start`: the position after which events are wanted; null asks for a snapshot. */
export function roomFeed(roomId: string, start: string | null, listener: RoomListener): Feed {
  let cursor = start
  return {
    subscribe: (client, watch) => [
      client.campaign.events.subscribe(
        { roomId, lastEventId: start },
        { ...watch, onData: ({ id, data }) => listener.event(id, data) },
      ),
      client.presence.events.subscribe({ roomId }, { ...watch, onData: (event) => listener.presence(event) }),
      client.narrator.events.subscribe({ roomId }, { ...watch, onData: ({ data }) => listener.narrating(data) }),
    ],
    async poll(signal) {
      const [answer, { turn }] = await Promise.all([
        api.campaign.since.query({ roomId, cursor }, { signal }),
        api.narrator.now.query({ roomId }, { signal }),
      ])
      if (signal.aborted) return
      const [epoch = '', seq = '0'] = answer.cursor.split(':')
      for (const event of answer.events) listener.event(`${epoch}:${event.seq}`, event)
      cursor = answer.cursor
      listener.narrating({ type: 'campaign_narrating', turn })
      listener.presence({ type: 'heartbeat', timestamp: new Date().toISOString(), epoch, seq: Number(seq) })
    },
  }
}
