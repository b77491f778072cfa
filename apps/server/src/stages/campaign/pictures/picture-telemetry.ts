// Counts uploads and their refusals, and measures how long the encoder takes.
import type { Log } from '../../../ops/log.ts'
import type { UploadReason } from './upload-refused.ts'

export type UploadOutcome = 'kept' | 'refused' | 'failed'

/** `picture`: its variants. `map`: its tiles. `tile`: a tile as players see it. */
export type Rendering = 'picture' | 'map' | 'tile'
/** `refused`: the file of a person. `failed`: a tile of the server. */
export type RenderOutcome = 'made' | 'refused' | 'failed'
export type RenderingTime = { made(): void } & Disposable
type Rendered = (what: Rendering, outcome: RenderOutcome, ms: number) => void

export class PictureTelemetry {
  readonly outcomes = new Map<UploadOutcome, number>()
  /** By the reason, or by the error's code where the caller had no right. */
  readonly refusals = new Map<string, number>()
  /** The number of encoder processes that died. */
  encoderDeaths = 0
  readonly #log: Pick<Log, 'warn'>
  readonly #rendered = new Set<Rendered>()

  constructor(log: Pick<Log, 'warn'>) {
    this.#log = log
  }

  /** Calls back with the time of each rendering, in milliseconds, and whether something was made. */
  onRendered(listener: Rendered): void {
    this.#rendered.add(listener)
  }

  /** Times a rendering from now. It ends with `made`, or with `otherwise` where its block is left before. */
  rendering(what: Rendering, otherwise: RenderOutcome): RenderingTime {
    const began = performance.now()
    let isOver = false
    const end = (outcome: RenderOutcome) => {
      if (isOver) return
      isOver = true
      for (const listener of this.#rendered) listener(what, outcome, performance.now() - began)
    }
    return { made: () => end('made'), [Symbol.dispose]: () => end(otherwise) }
  }

  ended(outcome: UploadOutcome): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
  }

  refused(reason: UploadReason | (string & {})): void {
    this.ended('refused')
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1)
  }

  encoderDied(why: string): void {
    this.encoderDeaths += 1
    this.#log.warn({ why }, 'the process that reads pictures was ended')
  }
}
