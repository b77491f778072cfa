// Reads the stored messages of all discussions, from the position up to which this node's clients have them. The channels are the
// quick way for a message. The log delivers the messages that the channels did not bring.
import { setTimeout as pause } from 'node:timers/promises'
import type { MessageRow, Store } from '@tablecast/store'

const PAGE_SIZE = 500
/** The pause after a large page. Without it, one burst would exceed the ring, and its oldest messages would be lost. */
const BURST_PAUSE_MS = 40
/** A message may be committed this much later than one with a higher position. */
const GAP_TIMEOUT_MS = 30_000
/** Repeats leave many positions that stay empty, so only the newest gaps are checked. */
const MAX_GAPS = 1_000

export type MessageLogDeps = {
  store: Store
  /** The result of `publishedUpTo` from before the node subscribed to the channels. */
  start: number
  /** Whether this node's clients have the message of that id. */
  isDelivered(id: string): boolean
  deliver(row: MessageRow): void
  now?: () => number
}

/** The position where a new node begins. Its clients read older messages themselves. */
export const publishedUpTo = (store: Store): Promise<number> => store.read(({ messages }) => messages.publishedUpTo())

export class MessageLog {
  readonly #deps: Required<MessageLogDeps>
  /** Every message up to this position was read, except in the gaps. */
  #position: number
  /** Empty positions below it, each with the time until which a late commit may fill it. */
  readonly #gaps = new Map<number, number>()
  /** Messages read from the log that the channels may still bring. */
  #pending: MessageRow[] = []
  #running: Promise<void> = Promise.resolve()

  constructor(deps: MessageLogDeps) {
    this.#deps = { now: () => performance.now(), ...deps }
    this.#position = deps.start
  }

  /**
   * Delivers every stored message that was not delivered. Rejects when the log can not be read; the next call then catches up.
   */
  deliverAll(): Promise<void> {
    return this.#next(async () => {
      await this.#deliverPending()
      while (await this.#readPage()) await this.#deliverPending()
      await this.#deliverPending()
    })
  }

  /** Delivers only messages that an earlier call read already. New ones have until the next call to come over the channels. */
  deliverOverdue(): Promise<void> {
    return this.#next(async () => {
      await this.#deliverPending()
      while (await this.#readPage()) {
        // Reads the next page.
      }
    })
  }

  #next(work: () => Promise<void>): Promise<void> {
    const running = this.#running.then(work)
    this.#running = running.catch(() => {})
    return running
  }

  async #deliverPending(): Promise<void> {
    const { isDelivered, deliver } = this.#deps
    while (this.#pending.length > 0) {
      const missing = this.#pending.splice(0, PAGE_SIZE).filter(({ id }) => !isDelivered(id))
      for (const row of missing) deliver(row)
      if (missing.length > PAGE_SIZE / 2) await pause(BURST_PAUSE_MS)
    }
  }

  /** Reads a page. Resolves with true if there may be another one. */
  async #readPage(): Promise<boolean> {
    const { store, now } = this.#deps
    for (const [position, until] of this.#gaps) if (until < now()) this.#gaps.delete(position)
    const { late, next } = await store.read(async ({ messages }) => ({
      late: await messages.at([...this.#gaps.keys()]),
      next: await messages.after(this.#position, PAGE_SIZE),
    }))
    for (const { position } of late) this.#gaps.delete(position)
    for (const { position } of next) this.#advanceTo(position)
    this.#pending.push(...late, ...next)
    return next.length === PAGE_SIZE
  }

  #advanceTo(position: number): void {
    const until = this.#deps.now() + GAP_TIMEOUT_MS
    const first = Math.max(this.#position + 1, position - MAX_GAPS)
    for (let gap = first; gap < position; gap++) this.#gaps.set(gap, until)
    for (const oldest of this.#gaps.keys()) {
      if (this.#gaps.size <= MAX_GAPS) break
      this.#gaps.delete(oldest)
    }
    this.#position = position
  }
}
