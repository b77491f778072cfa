// The number of a room's members, and the names of its DMs, which each join needs. They are kept between joins, so that a join costs
// the same in a room of ten and of ten thousand.
import { audienceOf, confusableSkeleton, type Member, startOf } from '@tablecast/contracts'
import type { RoomRow } from '@tablecast/store'

type Dm = { userId: string; look: string }

/** True at one accessVersion of the room, which every new member and every new role or name raises. */
export class RoomCensus {
  readonly access: number
  readonly count: number
  readonly #dms: readonly Dm[]

  constructor(access: number, count: number, dms: readonly Dm[]) {
    this.access = access
    this.count = count
    this.#dms = dms
  }

  /** After a member without the rights of a DM has joined. */
  withOneMore(access: number): RoomCensus {
    return new RoomCensus(access, this.count + 1, this.#dms)
  }

  /** Adds a number to a name that looks like a DM's, so that nobody can pass for a DM. */
  shownName({ userId, name }: { userId: string; name: string }): string {
    const isTaken = (wanted: string) =>
      this.#dms.some((dm) => dm.userId !== userId && dm.look === confusableSkeleton(wanted))
    if (!isTaken(name)) return name
    for (let number = 2; ; number++) {
      const marked = `${startOf(name, 52)} (${number})`
      if (!isTaken(marked)) return marked
    }
  }
}

export function censusOf({ access }: Pick<RoomRow, 'access'>, members: readonly Member[]): RoomCensus {
  const dms = members.flatMap(({ userId, name, role }) =>
    audienceOf(role) === 'dm' ? [{ userId, look: confusableSkeleton(name) }] : [],
  )
  return new RoomCensus(access, members.length, dms)
}

const MAX_KEPT = 1_000

/** The newest census of each room that somebody joined. */
export class RoomCensuses {
  readonly #kept = new Map<string, RoomCensus>()

  /** Call it under the room's lock: `room.access` can't change then. */
  async of(
    rooms: { members(roomId: string): Promise<Member[]> },
    room: Pick<RoomRow, 'id' | 'access'>,
  ): Promise<RoomCensus> {
    const kept = this.#kept.get(room.id)
    return kept?.access === room.access ? kept : censusOf(room, await rooms.members(room.id))
  }

  /** Call it at the end of the change, and `forget` if its transaction fails after that. */
  keep(roomId: string, census: RoomCensus): void {
    this.#kept.delete(roomId)
    this.#kept.set(roomId, census)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break
      this.#kept.delete(oldest)
    }
  }

  forget(roomId: string): void {
    this.#kept.delete(roomId)
  }
}
