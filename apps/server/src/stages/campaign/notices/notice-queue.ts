// Notices that wait, and the few that are carried out at a time. A key waits once: a newer notice replaces the one that waits.
import type { Timers } from '../presence-timers.ts'

export type NoticeQueueOptions<T> = {
  timers: Timers
  /** The time before a notice is carried out, in which another one may replace it. */
  delayMs: number
  /** The most that wait. */
  max: number
  /** The most that are carried out at the same time. */
  runners: number
  /** It must not reject. `at`: when it was added. */
  run(item: T, at: number): Promise<void>
}

export class NoticeQueue<T> {
  readonly #options: NoticeQueueOptions<T>
  readonly #waiting = new Map<string, { item: T; at: number; cancel(): void }>()
  readonly #due: string[] = []
  readonly #running = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: NoticeQueueOptions<T>) {
    this.#options = options
  }

  get size(): number {
    return this.#waiting.size
  }

  /** False when it is full. */
  add(key: string, item: T): boolean {
    const { timers, delayMs, max } = this.#options
    const before = this.#waiting.get(key)
    if (this.#isClosed || (!before && this.#waiting.size >= max)) return false
    before?.cancel()
    const dueAt = this.#due.indexOf(key)
    if (dueAt >= 0) this.#due.splice(dueAt, 1)
    const cancel = timers.after(delayMs, () => {
      this.#due.push(key)
      this.#startNext()
    })
    this.#waiting.set(key, { item, at: timers.now(), cancel })
    return true
  }

  /** Forgets what waits, and resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { cancel } of this.#waiting.values()) cancel()
    this.#waiting.clear()
    this.#due.length = 0
    await Promise.all(this.#running)
  }

  #startNext(): void {
    const { runners, run } = this.#options
    while (this.#running.size < runners) {
      const key = this.#due.shift()
      if (key === undefined) return
      const next = this.#waiting.get(key)
      this.#waiting.delete(key)
      if (!next) continue
      const running = run(next.item, next.at).finally(() => {
        this.#running.delete(running)
        this.#startNext()
      })
      this.#running.add(running)
    }
  }
}
