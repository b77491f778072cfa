// Which people a roster lists. The rest is a number, so that no message grows with a crowd.
import { isAnonymous } from '../../rooms/room-access.ts'
import { hasLeft, type PresentPerson, type PresentRoster } from './presence-person.ts'

/** The most DMs and players in a roster. */
const MAX_SEATED = 100
/** Watchers are listed while the roster has fewer people than this. */
export const MAX_WITH_WATCHERS = 50
/** The most members who have left. */
const MAX_LEFT = 50

/** A spectator, or somebody without a membership. */
const isWatcher = ({ role, userId }: Pick<PresentPerson, 'role' | 'userId'>): boolean =>
  role === 'spectator' || (role === 'player' && isAnonymous(userId))

/** Lists the DMs, then players and watchers in the order in which they came, and the newest of the members who have left. */
export function listing(people: Iterable<PresentPerson>, others = 0): PresentRoster {
  const dms: PresentPerson[] = []
  const players: PresentPerson[] = []
  const watchers: PresentPerson[] = []
  const left: PresentPerson[] = []
  for (const person of people)
    if (hasLeft(person)) {
      if (isRemembered(person)) left.push(person)
    } else if (isWatcher(person)) watchers.push(person)
    else if (person.role === 'player') players.push(person)
    else dms.push(person)
  const seated = [...earliest(dms, MAX_SEATED), ...earliest(players, MAX_SEATED)].slice(0, MAX_SEATED)
  const watching = earliest(watchers, Math.max(0, MAX_WITH_WATCHERS - seated.length))
  const here = dms.length + players.length + watchers.length
  return {
    people: [...seated, ...watching, ...latest(left, MAX_LEFT)],
    unlisted: others + here - seated.length - watching.length,
  }
}

/** Their departure is shown, as “last seen”. */
export const isRemembered = (person: Pick<PresentPerson, 'role' | 'userId'>): boolean =>
  !isAnonymous(person.userId) && person.role !== 'spectator'

/** The roster of a room from the rosters of all nodes. A user on two nodes is where they are connected. */
export function merged(rosters: Iterable<PresentRoster>): PresentRoster {
  const people = new Map<string, PresentPerson>()
  let unlisted = 0
  for (const roster of rosters) {
    unlisted += roster.unlisted
    for (const person of roster.people) {
      const other = people.get(person.userId)
      if (!other || isMoreHere(person, other)) people.set(person.userId, person)
    }
  }
  return listing(people.values(), unlisted)
}

function isMoreHere(person: PresentPerson, other: PresentPerson): boolean {
  const isConnected = person.connections > 0
  if (isConnected !== other.connections > 0) return isConnected
  if (!isConnected) return person.since > other.since
  // Every node must choose the same one, in whatever order it looks at them.
  if (cameAt(person) !== cameAt(other)) return cameAt(person) < cameAt(other)
  return JSON.stringify(person) < JSON.stringify(other)
}

const cameAt = (person: PresentPerson): number => person.cameAt ?? person.since

const earliest = (people: PresentPerson[], count: number): PresentPerson[] =>
  people.length <= count ? people : people.toSorted((a, b) => cameAt(a) - cameAt(b)).slice(0, count)

const latest = (people: PresentPerson[], count: number): PresentPerson[] =>
  people.length <= count ? people : people.toSorted((a, b) => b.since - a.since).slice(0, count)
