// This node’s samples of the last five minutes, for the charts of operators. They are taken also while nobody watches.
import type { NodeSample } from '@tablecast/contracts'

/** Less often than reports are sent, because a sample asks the database whether it answers. */
const INTERVAL_MS = 10_000
const MAX_AGE_MS = 5 * 60_000
/** Counts of errors are by code, so a sample has a few kilobytes whatever happens. The limit holds all the same. */
const MAX_BYTES = 512 * 1_024

export type SampleHistoryDeps = { sample(): Promise<NodeSample>; failed(error: unknown): void }

/** A ring of samples, as JSON. It takes no sample while the one before is still under way. */
export class SampleHistory implements Disposable {
  readonly #deps: SampleHistoryDeps
  readonly #kept: { at: number; json: string }[] = []
  readonly #timer: ReturnType<typeof setInterval>
  #bytes = 0
  #isSampling = false

  constructor(deps: SampleHistoryDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => void this.#take(), INTERVAL_MS)
    this.#timer.unref()
    void this.#take()
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Oldest first. */
  get samples(): NodeSample[] {
    this.#drop(Date.now())
    return this.#kept.map(({ json }) => JSON.parse(json) as NodeSample)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #take(): Promise<void> {
    if (this.#isSampling) return
    this.#isSampling = true
    try {
      const json = JSON.stringify(await this.#deps.sample())
      this.#kept.push({ at: Date.now(), json })
      this.#bytes += json.length
      this.#drop(Date.now())
    } catch (error) {
      this.#deps.failed(error)
    } finally {
      this.#isSampling = false
    }
  }

  #drop(now: number): void {
    for (;;) {
      const [oldest] = this.#kept
      if (!oldest || (now - oldest.at <= MAX_AGE_MS && this.#bytes <= MAX_BYTES)) return
      this.#kept.shift()
      this.#bytes -= oldest.json.length
    }
  }
}
