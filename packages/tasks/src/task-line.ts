/**
 * `late`: longer than the deadline. `heavy`: the child took too much memory. `broken`: the child ended, for example out of memory, or does
 * not keep to the protocol. `busy`: too many tasks wait. `closed`: disposed.
 */
export type TaskProblem = 'late' | 'heavy' | 'broken' | 'busy' | 'closed'

export class TaskFailed extends Error {
  readonly problem: TaskProblem

  constructor(problem: TaskProblem) {
    super(`a task failed: ${problem}`)
    this.problem = problem
  }
}

/** A thread or a process that works on tasks. `end` resolves when it has ended. */
export interface Child<Task> {
  send(task: Task): void
  end(): Promise<unknown>
}

/** Messages of a child to its line. Those of a child that was given up are ignored. */
export interface ChildEvents<Answer> {
  /** The code of the child is loaded. */
  ready(): void
  answered(answer: Answer): void
  /** The child can't be used any more. */
  lost(problem: 'broken' | 'heavy', why: string): void
}

export type TaskLineOptions<Task, Answer> = {
  start(events: ChildEvents<Answer>): Child<Task>
  /** The longest that a task may take, in ms. The start of the child does not count. */
  deadlineMs(task: Task): number
  /** The child is ended after this time without a task. */
  idleMs: number
  /** Tasks that may wait for the one at work. */
  maxWaiting: number
  /** Called when a child ended that should not have, or was ended because it was late. */
  lost?(why: string): void
}

/** A child that is not ready after this time counts as broken. A busy machine takes seconds to load its code. */
const START_DEADLINE_MS = 60_000

type Job<Task, Answer> = { task: Task; resolve: (answer: Answer) => void; reject: (error: TaskFailed) => void }

/**
 * Tasks for a child: one at a time, in order of arrival.
 *
 * The child starts with the first task. If it ends for any reason, the next task starts a new one.
 */
export class TaskLine<Task, Answer> implements AsyncDisposable {
  readonly #options: TaskLineOptions<Task, Answer>
  readonly #waiting: Job<Task, Answer>[] = []
  readonly #ending = new Set<Promise<unknown>>()
  #atWork: Job<Task, Answer> | null = null
  #child: Child<Task> | null = null
  #isReady = false
  /** The deadline of the start or of the task at work, or the end of the idle time. */
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: TaskLineOptions<Task, Answer>) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#child !== null
  }

  /** The task at work. */
  get task(): Task | null {
    return this.#atWork?.task ?? null
  }

  /** Rejects with `TaskFailed`. A refusal by the code in the child counts as an answer. */
  run(task: Task): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) reject(new TaskFailed('closed'))
      else if (this.#atWork && this.#waiting.length >= this.#options.maxWaiting) reject(new TaskFailed('busy'))
      else {
        this.#waiting.push({ task, resolve, reject })
        this.#next()
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(new TaskFailed('closed'))
    this.#end('closed')
    await Promise.all(this.#ending)
  }

  #next(): void {
    if (this.#atWork) return
    clearTimeout(this.#timer)
    const job = this.#waiting.shift()
    if (!job) {
      this.#timer = setTimeout(() => this.#end('closed'), this.#options.idleMs).unref()
      return
    }
    this.#atWork = job
    const child = (this.#child ??= this.#started())
    if (this.#isReady) this.#startDeadline()
    else this.#timer = setTimeout(() => this.#lost('broken', 'it did not start in time'), START_DEADLINE_MS)
    child.send(job.task)
  }

  #startDeadline(): void {
    clearTimeout(this.#timer)
    if (!this.#atWork) return
    const longest = this.#options.deadlineMs(this.#atWork.task)
    this.#timer = setTimeout(() => this.#lost('late', 'a task took too long'), longest)
  }

  #started(): Child<Task> {
    const unlessGivenUp = (react: () => void) => {
      if (this.#child === child) react()
    }
    const child: Child<Task> = this.#options.start({
      ready: () =>
        unlessGivenUp(() => {
          this.#isReady = true
          this.#startDeadline()
        }),
      answered: (answer) => unlessGivenUp(() => this.#answered(answer)),
      lost: (problem, why) => unlessGivenUp(() => this.#lost(problem, why)),
    })
    return child
  }

  #answered(answer: Answer): void {
    const job = this.#atWork
    this.#atWork = null
    job?.resolve(answer)
    this.#next()
  }

  #lost(problem: TaskProblem, why: string): void {
    this.#options.lost?.(why)
    this.#end(problem)
  }

  /** Ends the child and rejects the task at work. The next task gets a new child. */
  #end(problem: TaskProblem): void {
    clearTimeout(this.#timer)
    const child = this.#child
    this.#child = null
    this.#isReady = false
    if (child) {
      const ending = child.end().finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
    }
    const job = this.#atWork
    this.#atWork = null
    job?.reject(new TaskFailed(problem))
    if (!this.#isClosed && this.#waiting.length > 0) this.#next()
  }
}
