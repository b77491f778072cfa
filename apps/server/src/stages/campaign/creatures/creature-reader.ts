import { TablecastError } from '@tablecast/contracts'
import type { Imported } from '@tablecast/bestiary/import'
import type { CreatureSource } from '@tablecast/orchestrator'
import { TaskFailed, type TaskProblem, TaskThread } from '../../../task-thread.ts'
import { type CreatureAnswer, creatureWorker } from './creature-answer.ts'

export type CreatureReaderOptions = {
  /** The longest that reading the files of one import may take. */
  seconds: number
  /** Called when a reading has ended. */
  readEnded(outcome: CreatureOutcome): void
  failed(error: unknown): void
}
export type CreatureOutcome = 'read' | 'refused' | TaskProblem

const IDLE_TIMEOUT_MS = 30_000
/** A ZIP file with 60 MB of notes takes about half of this. */
const MAX_MEMORY_MB = 768
const MAX_WAITING = 8

/** Reads files of other programs in a thread of its own, so that a file that is made to take minutes delays only other imports. */
export class CreatureReader implements AsyncDisposable {
  readonly #thread: TaskThread<CreatureSource, CreatureAnswer>
  readonly #readEnded: (outcome: CreatureOutcome) => void
  /** The files that are being read or wait, by the user. */
  readonly #readings = new Map<string, { source: CreatureSource; imported: Promise<Imported> }>()

  constructor({ seconds, readEnded, failed }: CreatureReaderOptions) {
    const limits = { idleMs: IDLE_TIMEOUT_MS, maxMemoryMb: MAX_MEMORY_MB, maxWaiting: MAX_WAITING }
    this.#thread = new TaskThread({ module: creatureWorker, deadlineMs: seconds * 1_000, ...limits, failed })
    this.#readEnded = readEnded
  }

  /**
   * A second call with the same files, such as a repeat with the same key, gets the answer of the first. Throws VALIDATION_FAILED for files
   * that can't be read, or not in time; RATE_LIMITED while other files of the same user are being read, or too many wait; UNAVAILABLE if
   * the server stops.
   */
  read({ text, files, zip }: CreatureSource, userId: string): Promise<Imported> {
    const source = { text, files, zip }
    const known = this.#readings.get(userId)
    if (known && isSame(known.source, source)) return known.imported
    if (known)
      return Promise.reject(new TablecastError('RATE_LIMITED', 'Another file of yours is being read. Wait for it.'))
    const imported = this.#readAlone(source).finally(() => this.#readings.delete(userId))
    this.#readings.set(userId, { source, imported })
    return imported
  }

  async #readAlone(source: CreatureSource): Promise<Imported> {
    try {
      const answer = await this.#thread.run(source)
      this.#readEnded(answer.kind)
      if (answer.kind === 'refused') throw new TablecastError('VALIDATION_FAILED', answer.why)
      return answer.imported
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error
      this.#readEnded(error.problem)
      throw refusalFor(error.problem)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]()
  }
}

const isSame = (one: CreatureSource, other: CreatureSource): boolean =>
  one.text === other.text &&
  one.zip === other.zip &&
  one.files?.length === other.files?.length &&
  (one.files ?? []).every(
    ({ path, text }, index) => other.files?.[index]?.path === path && other.files[index].text === text,
  )

function refusalFor(problem: TaskProblem): TablecastError {
  switch (problem) {
    case 'late':
    case 'broken':
      return new TablecastError('VALIDATION_FAILED', 'The file takes too long to read. Import it in parts.')
    case 'busy':
      return new TablecastError('RATE_LIMITED', 'Many files are being read. Try again in a minute.')
    case 'closed':
      return new TablecastError('UNAVAILABLE', 'The server is stopping. Try again in a moment.')
  }
}
