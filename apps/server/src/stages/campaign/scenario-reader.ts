import { TablecastError } from '@tablecast/contracts'
import { type Scenario, type ScenarioAnswer, scenarioWorker } from '@tablecast/narrator'
import { TaskFailed, type TaskProblem, TaskThread } from '../../task-thread.ts'

export type ScenarioReaderOptions = {
  /** The longest that reading one may take. */
  seconds: number
  /** Called with how each reading ended. */
  read(outcome: ScenarioOutcome): void
  failed(error: unknown): void
}
export type ScenarioOutcome = 'read' | 'refused' | TaskProblem

const IDLE_MS = 30_000
/** A text of 500,000 characters takes about a third of it. */
const MAX_MEMORY_MB = 512
const MAX_WAITING = 8

/** Reads uploaded scenarios in a thread of their own: a text that is made to take minutes delays other uploads, and nothing else. */
export class ScenarioReader implements AsyncDisposable {
  readonly #thread: TaskThread<string, ScenarioAnswer>
  readonly #read: (outcome: ScenarioOutcome) => void
  /** The people whose text is being read, or waits for it. */
  readonly #people = new Set<string>()

  constructor({ seconds, read, failed }: ScenarioReaderOptions) {
    const limits = { idleMs: IDLE_MS, maxMemoryMb: MAX_MEMORY_MB, maxWaiting: MAX_WAITING }
    this.#thread = new TaskThread({ module: scenarioWorker, deadlineMs: seconds * 1_000, ...limits, failed })
    this.#read = read
  }

  /**
   * Throws VALIDATION_FAILED for a text that can't be read, or not in time; RATE_LIMITED while another of the same person is read,
   * or too many wait; UNAVAILABLE when the server stops.
   */
  async read(userId: string, markdown: string): Promise<Scenario> {
    if (this.#people.has(userId))
      throw new TablecastError('RATE_LIMITED', 'Another scenario of yours is being read: wait for it.')
    this.#people.add(userId)
    try {
      const answer = await this.#thread.run(markdown)
      this.#read(answer.kind === 'scenario' ? 'read' : 'refused')
      if (answer.kind === 'refused') throw new TablecastError('VALIDATION_FAILED', answer.why)
      return answer.scenario
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error
      this.#read(error.problem)
      throw refusalFor(error.problem)
    } finally {
      this.#people.delete(userId)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]()
  }
}

function refusalFor(problem: TaskProblem): TablecastError {
  switch (problem) {
    case 'late':
    case 'broken':
      return new TablecastError('VALIDATION_FAILED', 'The text takes too long to read: import it in parts.')
    case 'busy':
      return new TablecastError('RATE_LIMITED', 'Many scenarios are being read: try again in a minute.')
    case 'closed':
      return new TablecastError('UNAVAILABLE', 'The server is stopping: try again in a moment.')
  }
}
