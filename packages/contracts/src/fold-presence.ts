// How a client keeps its roster: a snapshot replaces it, a difference changes it.
import type { PresenceEvent } from './events.ts'
import type { Presence } from './room.ts'
import { applyRosterChange } from './roster.ts'

/** `at`: the position after which the stream goes on; null asks for a snapshot. */
export type LiveRoster = { people: readonly Presence[]; unlisted: number; at: string | null }

export const emptyRoster: LiveRoster = { people: [], unlisted: 0, at: null }

/** The same object for an event that says nothing about the roster. */
export function foldPresence(roster: LiveRoster, event: PresenceEvent): LiveRoster {
  switch (event.type) {
    case 'roster':
      return { people: event.roster, unlisted: event.unlisted, at: event.at }
    case 'roster_changed':
      return { ...applyRosterChange(roster, event), at: event.at }
    case 'player_joined':
    case 'player_left':
    case 'player_status':
      // A server of an older version answers with these, whatever the page asks for.
      return { people: event.roster, unlisted: 0, at: null }
    case 'heartbeat':
    case 'resync':
      return roster
  }
}
