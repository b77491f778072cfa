// Reads the texts and files that people import in a thread of its own, so that a text that is made to take minutes delays only other imports.
import { TablecastError } from '@tablecast/contracts'
import { TaskFailed, type TaskLine, type TaskProblem, taskThread } from '@tablecast/tasks'

type ReadingOutcome = 'read' | 'refused' | TaskProblem
/** The thread's answer. `why`: a sentence for the person. */
export type ReadingAnswer<Content> = { kind: 'read'; content: Content } | { kind: 'refused'; why: string }

export type ReadingThreadOptions<Source> = {
  /** The code of the thread. */
  module: URL
  /** The name of a source in the sentences of refusals: `file`. */
  noun: string
  /** The longest that reading one source may take. */
  seconds: number
  maxMemoryMb: number
  isSame(one: Source, other: Source): boolean
  /** Called when a reading has ended. */
  readEnded(outcome: ReadingOutcome): void
  failed(error: unknown): void
}

const IDLE_TIMEOUT_MS = 30_000
const MAX_WAITING = 8

export class ReadingThread<Source, Content> implements AsyncDisposable {
  readonly #options: ReadingThreadOptions<Source>
  readonly #line: TaskLine<Source, ReadingAnswer<Content>>
  /** Readings at work or waiting, by the user. */
  readonly #readings = new Map<string, { source: Source; content: Promise<Content> }>()

  constructor(options: ReadingThreadOptions<Source>) {
    const { module, seconds, maxMemoryMb, failed } = options
    const limits = { idleMs: IDLE_TIMEOUT_MS, maxWaiting: MAX_WAITING, maxMemoryMb }
    this.#options = options
    this.#line = taskThread({ module, deadlineMs: seconds * 1_000, ...limits, failed })
  }

  /**
   * A second call with the same source, such as a repeat with the same key, gets the answer of the first. Throws VALIDATION_FAILED for a
   * source that can't be read, or not in time; RATE_LIMITED while another one of the same user is being read, or too many wait;
   * UNAVAILABLE if the server stops.
   */
  read(source: Source, userId: string): Promise<Content> {
    const { noun, isSame } = this.#options
    const known = this.#readings.get(userId)
    if (known && isSame(known.source, source)) return known.content
    if (known)
      return Promise.reject(new TablecastError('RATE_LIMITED', `Another ${noun} of yours is being read. Wait for it.`))
    const content = this.#readAlone(source).finally(() => this.#readings.delete(userId))
    this.#readings.set(userId, { source, content })
    return content
  }

  async #readAlone(source: Source): Promise<Content> {
    const { noun, readEnded } = this.#options
    try {
      const answer = await this.#line.run(source)
      readEnded(answer.kind)
      if (answer.kind === 'refused') throw new TablecastError('VALIDATION_FAILED', answer.why)
      return answer.content
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error
      readEnded(error.problem)
      throw refusalFor(error.problem, noun)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#line[Symbol.asyncDispose]()
  }
}

function refusalFor(problem: TaskProblem, noun: string): TablecastError {
  switch (problem) {
    case 'late':
    case 'heavy':
    case 'broken':
      return new TablecastError('VALIDATION_FAILED', `The ${noun} takes too long to read. Import it in parts.`)
    case 'busy':
      return new TablecastError('RATE_LIMITED', `Many ${noun}s are being read. Try again in a minute.`)
    case 'closed':
      return new TablecastError('UNAVAILABLE', 'The server is stopping. Try again in a moment.')
  }
}
