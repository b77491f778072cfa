// When this node reads the log of messages: when its way to the channels is back, every few seconds beside them, and instead of them
// while they stay away.
import type { PubSub } from '@tablecast/bus'
import type { MessageLog } from './message-log.ts'

const LOOK_MS = 2_000
/** After so long without the channels the log is followed in their place. */
const AWAY_MS = 10_000
/** What other processes published meanwhile is stored by another node, within two seconds. */
const SETTLED_MS = 3_000
/** A flood of hints is one look. */
const HINT_MS = 200

export type CatchUpParts = {
  channels: PubSub
  log: MessageLog
  /** Keeps back what the channels bring of discussions, so that it comes after what the log has. Returns what lets it go. */
  hold(): () => void
  /** Values and statuses that moved while the channels were away, once they are stored. `since`: on the clock of `performance`. */
  refresh(since: number): Promise<void>
  failed(error: unknown): void
}

export class CatchUp implements Disposable {
  readonly #parts: CatchUpParts
  readonly #open = new DisposableStack()
  #awaySince: number | null = performance.now()
  #settling: ReturnType<typeof setTimeout> | undefined
  #hinted: ReturnType<typeof setTimeout> | undefined
  /** The log could not be read the last time: that is told once. */
  #isFailing = false

  constructor(parts: CatchUpParts) {
    this.#parts = parts
    if (parts.channels.isConnected) this.#awaySince = null
    this.#open.defer(parts.channels.watch((isConnected) => (isConnected ? void this.#returned() : this.#lost())))
    const looking = setInterval(() => this.#look(), LOOK_MS)
    this.#open.defer(() => {
      clearInterval(looking)
      clearTimeout(this.#settling)
      clearTimeout(this.#hinted)
    })
  }

  /** Something was stored that the channels may not have brought. */
  hint(): void {
    this.#hinted ??= setTimeout(() => {
      this.#hinted = undefined
      void this.#read((log) => log.look())
    }, HINT_MS)
  }

  [Symbol.dispose](): void {
    this.#open.dispose()
  }

  #lost(): void {
    this.#awaySince ??= performance.now()
  }

  async #returned(): Promise<void> {
    const { channels, hold, refresh } = this.#parts
    this.#awaySince = null
    const letGo = hold()
    // When this is answered, the channels bring everything from here on. Without an answer they are away again, and come back once more.
    await channels.flush().catch(() => {})
    await this.#read((log) => log.look())
    letGo()
    if (this.#open.disposed) return
    const returnedAt = performance.now()
    clearTimeout(this.#settling)
    this.#settling = setTimeout(
      () => void this.#read((log) => Promise.all([log.look(), refresh(returnedAt)])),
      SETTLED_MS,
    )
  }

  #look(): void {
    if (this.#awaySince === null) void this.#read((log) => log.lookLater())
    else if (performance.now() - this.#awaySince >= AWAY_MS) void this.#read((log) => log.look())
  }

  async #read(work: (log: MessageLog) => Promise<unknown>): Promise<void> {
    try {
      await work(this.#parts.log)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing && !this.#open.disposed) this.#parts.failed(error)
      this.#isFailing = true
    }
  }
}
