import type { Role, RoomDetails } from '@tablecast/contracts'
import { type ChangeRequest, changeRoom, type RoleChange, type RoomChange } from '@tablecast/orchestrator'
import type { Store } from '@tablecast/store'
import type { Audit, Audited } from './audit.ts'
import type { AccessChange } from './room-access.ts'
import { roomDetails } from './room-details.ts'

/** `changes`: the role of each user before, and the new one; null for a removed member. */
type Changed<A> = {
  changes: { userId: string; was: Role; role: Role | null }[]
  audited: Pick<Audited, 'kind' | 'detail'>
  /** A repeat of the call gets it, too. */
  answer: A
}

/** Called in the transaction in which roles change, with the room's accessVersion after that. Its answer is called after the commit. */
export type OnRolesChanged = (change: RoomChange, access: number, roles: readonly RoleChange[]) => Promise<() => void>

export type RoomChangesDeps = {
  store: Store
  audit: Audit
  /** Called after the commit. */
  changed(change: AccessChange): void
}

/** Changes of a room's members and access that members make. Each is one transaction under the room's lock. */
export class RoomChanges {
  readonly #deps: RoomChangesDeps
  readonly #rolesChanged: OnRolesChanged[] = []

  constructor(deps: RoomChangesDeps) {
    this.#deps = deps
  }

  onRolesChanged(listener: OnRolesChanged): void {
    this.#rolesChanged.push(listener)
  }

  /**
   * Writes an audit event in the same transaction, raises accessVersion for each changed role, and publishes the changes after
   * the commit.
   */
  async make<A>(
    procedure: string,
    request: ChangeRequest,
    work: (change: RoomChange) => Promise<Changed<A>>,
  ): Promise<A> {
    const { store, audit } = this.#deps
    const { roomId } = request
    const published: AccessChange[] = []
    const committed: (() => void)[] = []
    const answered = await changeRoom(store, procedure, request, new Date().toISOString(), async (change) => {
      published.length = 0
      committed.length = 0
      const { tables, actor } = change
      const { changes, audited, answer } = await work(change)
      for (const { userId, role } of changes)
        published.push({ roomId, userId, role, access: await tables.rooms.nextAccessVersion(roomId) })
      const access = published.at(-1)?.access
      const roles = changes.map((one) => ({ ...one, left: audited.kind === 'left' }))
      if (access !== undefined)
        for (const listener of this.#rolesChanged) committed.push(await listener(change, access, roles))
      await audit.note(tables, { roomId, by: { userId: actor.id, name: actor.name }, ...audited })
      return answer
    })
    for (const change of published) this.#deps.changed(change)
    for (const tell of committed) tell()
    return answered
  }

  /** Resolves with the room as the caller sees it now. */
  async makeAndShow(
    procedure: string,
    request: ChangeRequest,
    work: (change: RoomChange) => Promise<Omit<Changed<null>, 'answer'>>,
  ): Promise<RoomDetails> {
    await this.make(procedure, request, async (change) => ({ ...(await work(change)), answer: null }))
    // The current state, also for a repeat: the caller may see less now than at the first call.
    return this.#deps.store.read((tables) => roomDetails(tables, request.roomId, request.caller.userId))
  }
}
