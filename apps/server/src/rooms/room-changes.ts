import type { Role, RoomDetails } from '@tablecast/contracts'
import { type ChangeRequest, changeRoom, type RoomChange } from '@tablecast/orchestrator'
import type { Store } from '@tablecast/store'
import type { Audit, Audited } from './audit.ts'
import type { AccessChange } from './room-access.ts'
import { roomDetails } from './room-details.ts'

/** `changes`: the new role of each user; null for a removed member. */
type Changed = { changes: { userId: string; role: Role | null }[]; audited: Pick<Audited, 'kind' | 'detail'> }

export type RoomChangesDeps = {
  store: Store
  audit: Audit
  /** Called after the commit. */
  changed(change: AccessChange): void
}

/** Changes of a room's members and access that members make. Each is one transaction under the room's lock. */
export class RoomChanges {
  readonly #deps: RoomChangesDeps

  constructor(deps: RoomChangesDeps) {
    this.#deps = deps
  }

  /**
   * Writes an audit event in the same transaction, raises accessVersion for each changed role, and publishes the changes after
   * the commit.
   */
  async make(procedure: string, request: ChangeRequest, work: (change: RoomChange) => Promise<Changed>): Promise<void> {
    const { store, audit } = this.#deps
    const { roomId } = request
    const published: AccessChange[] = []
    await changeRoom(store, procedure, request, new Date().toISOString(), async (change) => {
      published.length = 0
      const { tables, actor } = change
      const { changes, audited } = await work(change)
      for (const one of changes)
        published.push({ roomId, ...one, access: await tables.rooms.nextAccessVersion(roomId) })
      await audit.note(tables, { roomId, by: { userId: actor.id, name: actor.name }, ...audited })
      return null
    })
    for (const change of published) this.#deps.changed(change)
  }

  /** Resolves with the room as the caller sees it now. */
  async makeAndShow(
    procedure: string,
    request: ChangeRequest,
    work: (change: RoomChange) => Promise<Changed>,
  ): Promise<RoomDetails> {
    await this.make(procedure, request, work)
    // The current state, also for a repeat: the caller may see less now than at the first call.
    return this.#deps.store.read((tables) => roomDetails(tables, request.roomId, request.caller.userId))
  }
}
