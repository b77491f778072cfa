// Changes of a room's campaigns, one after the other, each broadcast after its commit.
import type { Draw, RollKind } from '@tablecast/rules'
import type { Store } from '@tablecast/store'
import type { CampaignBroadcaster } from './broadcaster.ts'
import { givenRolls, RollBook, type Rolls } from './dice/roll-book.ts'
import { Emitter } from './events.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { MapMemory } from './maps/map-memory.ts'
import type { CampaignNotice } from './notices.ts'
import { type ChangeRequest, changeRoom, type RoomChange } from './room-change.ts'

/**
 * `emitter`: what the change tells the room. `newId`: for what the change makes. `memory`: of the maps that were computed. `openRolls`:
 * the dice of the change for a campaign; call it once, and store the rolls with the change.
 */
export type Work = RoomChange & {
  emitter: Emitter
  newId: () => string
  memory: MapMemory
  openRolls: (campaignId: string) => Promise<Rolls>
}

export type CampaignChangesDeps = {
  store: Store
  broadcaster: CampaignBroadcaster
  clock: () => Date
  newId: () => string
  /** Dice in place of those of a chain. */
  draw: Draw | null
  /** Called for each roll of a chain, before the commit. */
  rolled: (kind: RollKind) => void
  /** Called after the commit. */
  noticed: (notice: CampaignNotice) => void
}

export class CampaignChanges {
  readonly #deps: CampaignChangesDeps
  readonly #rooms = new KeyedQueue()
  readonly memory = new MapMemory()

  constructor(deps: CampaignChangesDeps) {
    this.#deps = deps
  }

  now(): string {
    return this.#deps.clock().toISOString()
  }

  newId(): string {
    return this.#deps.newId()
  }

  /** One transaction. Broadcasts its events in the order of the commits. Throws what `changeRoom` and `work` throw. */
  run<T>(procedure: string, request: ChangeRequest, work: (change: Work) => Promise<T>): Promise<T> {
    const inTurn = async (deadline: number) => {
      let events: Emitter['events'] = []
      let forgotten: Emitter['forgotten'] = []
      let notices: Emitter['notices'] = []
      try {
        const answer = await changeRoom(this.#deps.store, procedure, { ...request, deadline }, this.now(), (change) => {
          const emitter = new Emitter(change.tables, change.room, change.at)
          events = emitter.events
          forgotten = emitter.forgotten
          notices = emitter.notices
          return work(this.#workOf(change, emitter, request.nonce))
        })
        for (const event of events) this.#tell(event)
        for (const notice of notices) this.#deps.noticed(notice)
        if (forgotten.length > 0) this.#deps.broadcaster.recheck?.(forgotten)
        return answer
      } catch (error) {
        // The connection may have broken between the commit and its answer.
        const changed = [...events.map(({ streamId }) => streamId), ...forgotten]
        if (changed.length > 0) this.#deps.broadcaster.recheck?.(changed)
        throw error
      }
    }
    return this.#rooms.run(request.roomId, inTurn, request.deadline)
  }

  /**
   * Work on campaigns in the transaction of another change of the room. Resolves with a function that broadcasts the events: call it
   * after the commit.
   */
  async within(change: RoomChange, work: (work: Work) => Promise<void>): Promise<() => void> {
    const emitter = new Emitter(change.tables, change.room, change.at)
    await work(this.#workOf(change, emitter))
    return () => {
      for (const event of emitter.events) this.#tell(event)
      for (const notice of emitter.notices) this.#deps.noticed(notice)
      if (emitter.forgotten.length > 0) this.#deps.broadcaster.recheck?.(emitter.forgotten)
    }
  }

  #workOf(change: RoomChange, emitter: Emitter, nonce: string | null = null): Work {
    const { newId, draw, rolled } = this.#deps
    const { tables, at } = change
    const openRolls = (campaignId: string): Promise<Rolls> =>
      draw ? Promise.resolve(givenRolls(draw)) : RollBook.open({ tables, campaignId, at, nonce, newId, rolled })
    return { ...change, emitter, newId, memory: this.memory, openRolls }
  }

  /** The change is committed: a failure here does not undo it. */
  #tell(event: Emitter['events'][number]): void {
    try {
      this.#deps.broadcaster.broadcast(event)
    } catch {
      // Heartbeats carry the newest seq: a client that missed the event reads it from the log.
    }
  }
}
