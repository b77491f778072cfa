// The stored messages of all discussions, read on from the place up to which this node's clients have them. The channels are the quick
// way; the log is where they come from when the channels did not bring them.
import { setTimeout as pause } from 'node:timers/promises'
import type { MessageRow, Store } from '@tablecast/store'

const PAGE = 500
/** After so many messages their channel has a moment to hand them out: told in one go, more than its ring holds would be lost. */
const HAND_OUT_MS = 40
/** So long may a message be committed after one that has a higher position. */
const GAP_MS = 30_000
/** A position that nothing was ever stored at is nothing to wait for: repeats leave many of them. */
const MAX_GAPS = 1_000

export type MessageLogParts = {
  store: Store
  /** The answer of `publishedUpTo` before the channels were heard. */
  start: number
  /** Whether this node's clients have it. */
  isTold(id: string): boolean
  tell(row: MessageRow): void
  now?: () => number
}

/** A node begins after what was published before it; clients that come to it read that themselves. */
export const publishedUpTo = (store: Store): Promise<number> => store.read(({ messages }) => messages.publishedUpTo())

export class MessageLog {
  readonly #parts: Required<MessageLogParts>
  /** Everything up to this position was looked at, but for the gaps. */
  #position: number
  /** Positions below it that nothing stood at, and until when that may change. */
  readonly #gaps = new Map<number, number>()
  /** Read, and not heard from the channels so far. */
  #unheard: MessageRow[] = []
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: MessageLogParts) {
    this.#parts = { now: () => performance.now(), ...parts }
    this.#position = parts.start
  }

  /** Tells everything stored that was not told. Rejects when the log can not be read; the next look makes up for it. */
  look(): Promise<void> {
    return this.#next(async () => {
      await this.#tellUnheard()
      while (await this.#readPage()) await this.#tellUnheard()
      await this.#tellUnheard()
    })
  }

  /** The same, but what is new has time until the next look: as a rule the channels bring it in a moment. */
  lookLater(): Promise<void> {
    return this.#next(async () => {
      await this.#tellUnheard()
      while (await this.#readPage()) {
        // One more page.
      }
    })
  }

  #next(work: () => Promise<void>): Promise<void> {
    const looking = this.#looking.then(work)
    this.#looking = looking.catch(() => {})
    return looking
  }

  async #tellUnheard(): Promise<void> {
    const { isTold, tell } = this.#parts
    while (this.#unheard.length > 0) {
      const lacking = this.#unheard.splice(0, PAGE).filter(({ id }) => !isTold(id))
      for (const row of lacking) tell(row)
      if (lacking.length > PAGE / 2) await pause(HAND_OUT_MS)
    }
  }

  /** True when there may be more. */
  async #readPage(): Promise<boolean> {
    const { store, now } = this.#parts
    for (const [position, until] of this.#gaps) if (until < now()) this.#gaps.delete(position)
    const { late, next } = await store.read(async ({ messages }) => ({
      late: await messages.at([...this.#gaps.keys()]),
      next: await messages.after(this.#position, PAGE),
    }))
    for (const { position } of late) this.#gaps.delete(position)
    for (const { position } of next) this.#goTo(position)
    this.#unheard.push(...late, ...next)
    return next.length === PAGE
  }

  #goTo(position: number): void {
    const until = this.#parts.now() + GAP_MS
    const first = Math.max(this.#position + 1, position - MAX_GAPS)
    for (let gap = first; gap < position; gap++) this.#gaps.set(gap, until)
    for (const oldest of this.#gaps.keys()) {
      if (this.#gaps.size <= MAX_GAPS) break
      this.#gaps.delete(oldest)
    }
    this.#position = position
  }
}
