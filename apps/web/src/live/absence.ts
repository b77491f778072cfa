// Notices when a page whose link was lost has received what it missed, for the summary.
import type { Position } from '@tablecast/contracts'
import type { RoomState } from './room-state.ts'
import { Timers } from './timers.ts'

/** A shorter break needs no summary. */
const MIN_AWAY_MS = 3_000
/** The missed events come in a burst, which takes its time on a bad line. */
const LOOK_MS = 600
/** A page that never learns the newest position sums up what it has. */
const MAX_WAIT_MS = 5_000

export type AbsenceDeps = {
  room(): RoomState | null
  /** The page has what it missed. `before`: the state when the link was lost. */
  isOver(before: RoomState): void
}

export class Absence implements Disposable {
  readonly #deps: AbsenceDeps
  readonly #timers = new Timers()
  #before: { room: RoomState; at: number } | null = null
  /** The newest position that the server has named since the return. */
  #newest: Position | null = null

  constructor(deps: AbsenceDeps) {
    this.#deps = deps
  }

  /** The link is lost. Again before all has come: it is one absence. */
  begin(): void {
    this.#timers.clear()
    this.#newest = null
    const room = this.#deps.room()
    if (room) this.#before ??= { room, at: Date.now() }
  }

  /** The link is back. */
  end(): void {
    if (this.#before) this.#lookSoon(this.#before, Date.now())
  }

  /** The position that the server names in each heartbeat. It sends the first one at once to a page that comes back. */
  named(newest: Position): void {
    this.#newest = newest
  }

  [Symbol.dispose](): void {
    this.#timers.clear()
  }

  #lookSoon(before: { room: RoomState; at: number }, endedAt: number): void {
    this.#timers.set('look', LOOK_MS, () => {
      if (!this.#isUpToDate() && Date.now() - endedAt < MAX_WAIT_MS) return this.#lookSoon(before, endedAt)
      this.#before = null
      if (endedAt - before.at > MIN_AWAY_MS) this.#deps.isOver(before.room)
    })
  }

  #isUpToDate(): boolean {
    const position = this.#deps.room()?.position
    const newest = this.#newest
    return position !== undefined && newest !== null && position.epoch === newest.epoch && position.seq >= newest.seq
  }
}
