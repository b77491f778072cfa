// Rooms, with their members and invites.
import { type RoomDetails, type RoomListItem, TablecastError } from '@tablecast/contracts'
import type { ChangeRequest } from '@tablecast/orchestrator'
import type { Store } from '@tablecast/store'
import { changeAsUser, type KeyedInput } from './change-as-user.ts'
import { newCode } from './invite-code.ts'
import { Invites } from './invites.ts'
import { Members, type Person } from './members.ts'
import { Memberships } from './memberships.ts'
import { RoomCensuses } from './room-census.ts'
import { type OnRolesChanged, RoomChanges, type RoomChangesDeps } from './room-changes.ts'
import { ScreenLinks } from './screen-links.ts'
import { roomDetails, withoutAccess } from './room-details.ts'

export type RoomsDeps = RoomChangesDeps & {
  maxMembers: number
  /** Rooms that one person may own. */
  maxOwned: number
  /** Links for screens of one room. */
  maxScreenLinks: number
  secretOf(...words: readonly string[]): Buffer
  failed(error: unknown): void
}

export class Rooms {
  readonly members: Members
  readonly memberships: Memberships
  readonly invites: Invites
  readonly screenLinks: ScreenLinks
  readonly #store: Store
  readonly #maxOwned: number
  readonly #changes: RoomChanges

  constructor(deps: RoomsDeps) {
    this.#store = deps.store
    this.#maxOwned = deps.maxOwned
    this.#changes = new RoomChanges(deps)
    const parts = { ...deps, changes: this.#changes, censuses: new RoomCensuses() }
    this.members = new Members(parts)
    this.memberships = new Memberships(deps.store)
    this.invites = new Invites(parts)
    this.screenLinks = new ScreenLinks({ ...parts, maxPerRoom: deps.maxScreenLinks })
  }

  /** Throws RATE_LIMITED if the person already owns `maxOwned` rooms. */
  create(person: Person, { name, ...keyedInput }: KeyedInput & { name: string }): Promise<RoomDetails> {
    return this.#store.write(async (tables) => {
      const { roomId } = await changeAsUser(tables, 'rooms.create', person.userId, keyedInput, async (at) => {
        if ((await tables.rooms.countOwned(person.userId)) >= this.#maxOwned)
          throw new TablecastError(
            'RATE_LIMITED',
            `At most ${this.#maxOwned} rooms for one person: hand one over, or use one that you have.`,
          )
        const room = { id: newCode(), name, activeCampaignId: null, createdAt: at }
        await tables.rooms.insert(room)
        await tables.rooms.putMember(room.id, { ...person, role: 'owner', joinedAt: at })
        for (const role of ['player', 'dm', 'spectator'] as const)
          await tables.rooms.putInvite(room.id, { role, code: newCode() })
        return { roomId: room.id }
      })
      return roomDetails(tables, roomId, person.userId)
    })
  }

  /** For what must change in the same transaction as the roles. */
  onRolesChanged(listener: OnRolesChanged): void {
    this.#changes.onRolesChanged(listener)
  }

  get(roomId: string, userId: string): Promise<RoomDetails> {
    return this.#store.read((tables) => roomDetails(tables, roomId, userId))
  }

  list(userId: string): Promise<RoomListItem[]> {
    return this.#store.read(async (tables) =>
      (await tables.rooms.listFor(userId)).map(({ room, role }) => ({ room: withoutAccess(room), role })),
    )
  }

  exists(roomId: string): Promise<boolean> {
    return this.#store.read(async (tables) => (await tables.rooms.get(roomId)) !== null)
  }

  /** Nobody can join a locked room. Its members stay. */
  setLocked(request: ChangeRequest & { locked: boolean }): Promise<RoomDetails> {
    return this.#changes.makeAndShow('rooms.setLocked', request, async ({ tables }) => {
      await tables.rooms.setLocked(request.roomId, request.locked)
      return { changes: [], audited: { kind: request.locked ? 'locked' : 'unlocked', detail: {} } }
    })
  }
}
