import { TablecastError } from '@tablecast/contracts'
import { type Scenario, type ScenarioAnswer, scenarioWorker } from '@tablecast/narrator'
import { TaskFailed, type TaskProblem, TaskThread } from '../../task-thread.ts'

export type ScenarioReaderOptions = {
  /** The longest that reading one scenario may take. */
  seconds: number
  /** Called when a reading has ended. */
  readEnded(outcome: ScenarioOutcome): void
  failed(error: unknown): void
}
export type ScenarioOutcome = 'read' | 'refused' | TaskProblem

const IDLE_TIMEOUT_MS = 30_000
/** A text of 500,000 characters takes about a third of this. */
const MAX_MEMORY_MB = 512
const MAX_WAITING = 8

/** Reads uploaded scenarios in a thread of its own, so that a text that is made to take minutes delays only other uploads. */
export class ScenarioReader implements AsyncDisposable {
  readonly #thread: TaskThread<string, ScenarioAnswer>
  readonly #readEnded: (outcome: ScenarioOutcome) => void
  /** Ids of users whose scenario is being read or waits. */
  readonly #readers = new Set<string>()

  constructor({ seconds, readEnded, failed }: ScenarioReaderOptions) {
    const limits = { idleMs: IDLE_TIMEOUT_MS, maxMemoryMb: MAX_MEMORY_MB, maxWaiting: MAX_WAITING }
    this.#thread = new TaskThread({ module: scenarioWorker, deadlineMs: seconds * 1_000, ...limits, failed })
    this.#readEnded = readEnded
  }

  /**
   * Throws VALIDATION_FAILED for a text that can't be read, or not in time; RATE_LIMITED while another scenario of the same user is
   * being read, or too many wait; UNAVAILABLE if the server stops.
   */
  async read(userId: string, markdown: string): Promise<Scenario> {
    if (this.#readers.has(userId))
      throw new TablecastError('RATE_LIMITED', 'Another scenario of yours is being read: wait for it.')
    this.#readers.add(userId)
    try {
      const answer = await this.#thread.run(markdown)
      this.#readEnded(answer.kind === 'scenario' ? 'read' : 'refused')
      if (answer.kind === 'refused') throw new TablecastError('VALIDATION_FAILED', answer.why)
      return answer.scenario
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error
      this.#readEnded(error.problem)
      throw refusalFor(error.problem)
    } finally {
      this.#readers.delete(userId)
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
