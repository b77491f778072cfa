// The streams of a room: its events, the roster, the narrator and whispers.
import {
  type CampaignEvent,
  formatPosition,
  type NarratingEvent,
  type PresenceEvent,
  type WhisperEvent,
} from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { type TRPCClient, TRPCClientError } from '@trpc/client'
import { api } from '../api.ts'
import { positionOf } from './position-of.ts'
import type { Feed } from './feed.ts'

export type RoomListener = {
  event(id: string, event: CampaignEvent): void
  presence(event: PresenceEvent): void
  narrating(event: NarratingEvent): void
  /** Null for a DM, who gets whispers among the events. */
  whisper: ((id: string, event: WhisperEvent) => void) | null
  /** The client of the connection that has begun. */
  connected(client: TRPCClient<AppRouter>): void
}

/** The positions after which the streams go on; null asks for a snapshot. */
export type RoomCursors = { events: string | null; whispers: string | null; roster: string | null }

export function roomFeed(roomId: string, start: RoomCursors, listener: RoomListener): Feed {
  const { whisper } = listener
  const cursors = { ...start }
  return {
    subscribe: (client, watch) => {
      listener.connected(client)
      return [
        client.campaign.events.subscribe(
          { roomId, lastEventId: start.events },
          { ...watch, onData: ({ id, data }) => listener.event(id, data) },
        ),
        client.presence.events.subscribe(
          { roomId, lastEventId: start.roster },
          { ...watch, onData: (event) => listener.presence(event) },
        ),
        client.narrator.events.subscribe({ roomId }, { ...watch, onData: ({ data }) => listener.narrating(data) }),
        ...(whisper
          ? [
              client.campaign.whispers.subscribe(
                { roomId, lastEventId: start.whispers },
                { ...watch, onData: ({ id, data }) => whisper(id, data) },
              ),
            ]
          : []),
      ]
    },
    async poll(signal) {
      const [answer, { turn }, presence, whispers] = await Promise.all([
        api.campaign.since.query({ roomId, cursor: cursors.events }, { signal }),
        api.narrator.now.query({ roomId }, { signal }),
        api.presence.since.query({ roomId, cursor: cursors.roster }, { signal }).catch(unlessUnknown),
        whisper && api.campaign.whispersSince.query({ roomId, cursor: cursors.whispers }, { signal }),
      ])
      if (signal.aborted) return
      const { epoch, seq } = positionOf(answer.cursor)
      for (const event of answer.events) listener.event(formatPosition({ epoch, seq: event.seq }), event)
      cursors.events = answer.cursor
      if (whispers && whisper) {
        const heard = positionOf(whispers.cursor)
        for (const event of whispers.events) whisper(formatPosition({ ...heard, seq: event.seq }), event)
      }
      cursors.whispers = whispers?.cursor ?? null
      listener.narrating({ type: 'campaign_narrating', turn })
      for (const event of presence?.events ?? []) listener.presence(event)
      cursors.roster = presence?.cursor ?? null
      listener.presence({ type: 'heartbeat', timestamp: new Date().toISOString(), epoch, seq })
    },
  }
}

/** A server of an older version, which a page meets during an upgrade, has no roster for pages that poll. */
function unlessUnknown(error: unknown): null {
  if (error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === 'NOT_FOUND') return null
  throw error
}
