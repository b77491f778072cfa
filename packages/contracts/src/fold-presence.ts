// Keeps a client's roster. A snapshot replaces the roster, and a difference changes it.
import type { PresenceEvent } from './events.ts'
import type { Presence } from './room.ts'
import { applyRosterChange } from './roster.ts'

/** `at`: the position of the newest event that is in the roster; null makes the client ask for a snapshot. */
export type LiveRoster = { people: readonly Presence[]; unlisted: number; at: string | null }

export const emptyRoster: LiveRoster = { people: [], unlisted: 0, at: null }

/** False for somebody in a crowd that the roster only counts: nobody sees the progress of their page. */
export const isListed = ({ people, unlisted }: LiveRoster, userId: string): boolean =>
  unlisted === 0 || people.some((person) => person.userId === userId)

/** Returns the same object for an event that does not change the roster. */
export function foldPresence(roster: LiveRoster, event: PresenceEvent): LiveRoster {
  switch (event.type) {
    case 'roster':
      return { people: event.roster, unlisted: event.unlisted, at: event.at }
    case 'roster_changed':
      return { ...applyRosterChange(roster, event), at: event.at }
    case 'player_joined':
    case 'player_left':
    case 'player_status':
      // Servers of older versions send these with every form of the call.
      return { people: event.roster, unlisted: 0, at: null }
    case 'heartbeat':
    case 'resync':
      return roster
  }
}
