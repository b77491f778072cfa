// Which people a roster lists. The rest is a number, so that no message grows with a crowd.
import { isAnonymous } from '../../rooms/room-access.ts'
import { hasLeft, type Known, type KnownRoster } from './presence-known.ts'

/** The most DMs and players in a roster. */
const MAX_SEATED = 100
/** Watchers are listed while the roster has fewer people than this. */
export const MAX_WITH_WATCHERS = 50
/** The most members who have left. */
const MAX_LEFT = 50

/** A spectator, or somebody without a membership. */
const isWatcher = ({ role, userId }: Pick<Known, 'role' | 'userId'>): boolean =>
  role === 'spectator' || (role === 'player' && isAnonymous(userId))

/** Lists the DMs, then players and watchers in the order in which they came, and the newest of the members who have left. */
export function listing(people: Iterable<Known>, others = 0): KnownRoster {
  const dms: Known[] = []
  const players: Known[] = []
  const watchers: Known[] = []
  const left: Known[] = []
  for (const known of people)
    if (hasLeft(known)) {
      if (isRemembered(known)) left.push(known)
    } else if (isWatcher(known)) watchers.push(known)
    else if (known.role === 'player') players.push(known)
    else dms.push(known)
  const seated = [...earliest(dms, MAX_SEATED), ...earliest(players, MAX_SEATED)].slice(0, MAX_SEATED)
  const watching = earliest(watchers, Math.max(0, MAX_WITH_WATCHERS - seated.length))
  const here = dms.length + players.length + watchers.length
  return {
    people: [...seated, ...watching, ...latest(left, MAX_LEFT)],
    unlisted: others + here - seated.length - watching.length,
  }
}

/** Their departure is shown, as “last seen”. */
export const isRemembered = (known: Pick<Known, 'role' | 'userId'>): boolean =>
  !isAnonymous(known.userId) && known.role !== 'spectator'

/** The roster of a room from the rosters of all nodes. A user on two nodes is where they are connected. */
export function merged(rosters: Iterable<KnownRoster>): KnownRoster {
  const people = new Map<string, Known>()
  let unlisted = 0
  for (const roster of rosters) {
    unlisted += roster.unlisted
    for (const known of roster.people) {
      const other = people.get(known.userId)
      if (!other || isMoreHere(known, other)) people.set(known.userId, known)
    }
  }
  return listing(people.values(), unlisted)
}

function isMoreHere(known: Known, other: Known): boolean {
  const isConnected = known.connections > 0
  if (isConnected !== other.connections > 0) return isConnected
  if (!isConnected) return known.since > other.since
  // Every node must choose the same one, in whatever order it looks at them.
  if (cameAt(known) !== cameAt(other)) return cameAt(known) < cameAt(other)
  return JSON.stringify(known) < JSON.stringify(other)
}

const cameAt = (known: Known): number => known.cameAt ?? known.since

const earliest = (people: Known[], count: number): Known[] =>
  people.length <= count ? people : people.toSorted((a, b) => cameAt(a) - cameAt(b)).slice(0, count)

const latest = (people: Known[], count: number): Known[] =>
  people.length <= count ? people : people.toSorted((a, b) => b.since - a.since).slice(0, count)
