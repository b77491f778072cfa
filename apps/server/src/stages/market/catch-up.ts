// Decides when this node reads the log of messages: after each reconnect to the channels, every few seconds beside them, and in
// their place while they stay unreachable.
import type { PubSub } from '@tablecast/bus'
import type { MessageLog } from './message-log.ts'

const POLL_INTERVAL_MS = 2_000
/** After this time without the channels, each poll of the log delivers at once. */
const DISCONNECT_TIMEOUT_MS = 10_000
/** Another node stores the messages of other processes within two seconds, so the log is read once more after this time. */
const SECOND_READ_DELAY_MS = 3_000
/** Hints within this time share one read. */
const HINT_DELAY_MS = 200

export type CatchUpDeps = {
  channels: PubSub
  log: MessageLog
  /**
   * Holds back discussion messages of the channels, so that messages of the log come first. The returned function releases
   * them.
   */
  hold(): () => void
  /**
   * Publishes stored values and statuses that changed while the channels were unreachable. `since`: on the clock of
   * `performance`.
   */
  refresh(since: number): Promise<void>
  failed(error: unknown): void
}

export class CatchUp implements Disposable {
  readonly #deps: CatchUpDeps
  readonly #open = new DisposableStack()
  #disconnectedAt: number | null = performance.now()
  #secondRead: ReturnType<typeof setTimeout> | undefined
  #hintedRead: ReturnType<typeof setTimeout> | undefined
  /** The last read failed. Only the first of several failures is reported. */
  #isFailing = false

  constructor(deps: CatchUpDeps) {
    this.#deps = deps
    if (deps.channels.isConnected) this.#disconnectedAt = null
    this.#open.defer(
      deps.channels.watch((isConnected) => (isConnected ? void this.#reconnected() : this.#disconnected())),
    )
    const poll = setInterval(() => this.#poll(), POLL_INTERVAL_MS)
    this.#open.defer(() => {
      clearInterval(poll)
      clearTimeout(this.#secondRead)
      clearTimeout(this.#hintedRead)
    })
  }

  /** To be called when the log may have a message that the channels did not bring. Reads it after `HINT_DELAY_MS`. */
  readSoon(): void {
    this.#hintedRead ??= setTimeout(() => {
      this.#hintedRead = undefined
      void this.#read((log) => log.deliverAll())
    }, HINT_DELAY_MS)
  }

  [Symbol.dispose](): void {
    this.#open.dispose()
  }

  #disconnected(): void {
    this.#disconnectedAt ??= performance.now()
  }

  async #reconnected(): Promise<void> {
    const { channels, hold, refresh } = this.#deps
    this.#disconnectedAt = null
    const release = hold()
    // After this answer the channels bring every further message. Without one they are disconnected again, and will reconnect.
    await channels.flush().catch(() => {})
    await this.#read((log) => log.deliverAll())
    release()
    if (this.#open.disposed) return
    const reconnectedAt = performance.now()
    clearTimeout(this.#secondRead)
    this.#secondRead = setTimeout(
      () => void this.#read((log) => Promise.all([log.deliverAll(), refresh(reconnectedAt)])),
      SECOND_READ_DELAY_MS,
    )
  }

  #poll(): void {
    if (this.#disconnectedAt === null) void this.#read((log) => log.deliverOverdue())
    else if (performance.now() - this.#disconnectedAt >= DISCONNECT_TIMEOUT_MS)
      void this.#read((log) => log.deliverAll())
  }

  async #read(work: (log: MessageLog) => Promise<unknown>): Promise<void> {
    try {
      await work(this.#deps.log)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing && !this.#open.disposed) this.#deps.failed(error)
      this.#isFailing = true
    }
  }
}
