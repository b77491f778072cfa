import { Worker } from 'node:worker_threads'

export type TaskThreadOptions = {
  /** The code of the thread. It sends `'ready'` once it is loaded, and then answers each message with one message. */
  module: URL
  /** The thread is ended when a task takes longer than this. The start of the thread does not count. */
  deadlineMs: number
  /** The thread is ended after this time without a task. */
  idleMs: number
  maxMemoryMb: number
  /** The number of tasks that may wait for the one at work. */
  maxWaiting: number
  /** Called with the error that ended a thread: it ran out of memory, or its code has a bug. */
  failed(error: unknown): void
}

/** `late`: longer than the deadline. `broken`: the thread died, for example out of memory. `busy`: too many wait. `closed`: disposed. */
export type TaskProblem = 'late' | 'broken' | 'busy' | 'closed'

export class TaskFailed extends Error {
  readonly problem: TaskProblem

  constructor(problem: TaskProblem) {
    super(`a task of a thread failed: ${problem}`)
    this.problem = problem
  }
}

/** A thread that is not ready after this time counts as broken. A busy machine takes seconds to load its code. */
const START_DEADLINE_MS = 60_000

type Job<Task, Answer> = { task: Task; resolve: (answer: Answer) => void; reject: (error: TaskFailed) => void }

/**
 * Runs slow tasks in a thread, away from the event loop that serves all clients: one task at a time, in order of arrival.
 *
 * The thread starts with the first task. If it ends for any reason, the next task starts a new one.
 */
export class TaskThread<Task, Answer> implements AsyncDisposable {
  readonly #options: TaskThreadOptions
  readonly #waiting: Job<Task, Answer>[] = []
  readonly #ending = new Set<Promise<unknown>>()
  #atWork: Job<Task, Answer> | null = null
  #thread: Worker | null = null
  #isReady = false
  /** The deadline of the start or of the task at work, or the end of the idle time. */
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: TaskThreadOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#thread !== null
  }

  /** Rejects with `TaskFailed`. A refusal by the code in the thread counts as an answer. */
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
    this.#thread ??= this.#started()
    this.#thread.postMessage(job.task, [])
    if (this.#isReady) this.#startDeadline()
    else this.#timer = setTimeout(() => this.#end('broken'), START_DEADLINE_MS)
  }

  #startDeadline(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end('late'), this.#options.deadlineMs)
  }

  #started(): Worker {
    const { module, maxMemoryMb } = this.#options
    // The thread reads untrusted input, so it gets none of this process's environment.
    const thread = new Worker(module, { env: {}, resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } })
    thread.unref()
    thread.on('message', (message: Answer | 'ready') => {
      if (this.#thread !== thread) return
      if (message === 'ready') {
        this.#isReady = true
        this.#startDeadline()
        return
      }
      const job = this.#atWork
      this.#atWork = null
      job?.resolve(message)
      this.#next()
    })
    thread.on('error', (error) => {
      this.#options.failed(error)
      if (this.#thread === thread) this.#end('broken')
    })
    thread.on('exit', () => {
      if (this.#thread === thread) this.#end('broken')
    })
    return thread
  }

  /** Ends the thread and rejects the task at work. The next task gets a new thread. */
  #end(problem: TaskProblem): void {
    clearTimeout(this.#timer)
    const thread = this.#thread
    this.#thread = null
    this.#isReady = false
    if (thread) {
      const ending = thread.terminate().finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
    }
    const job = this.#atWork
    this.#atWork = null
    job?.reject(new TaskFailed(problem))
    if (!this.#isClosed && this.#waiting.length > 0) this.#next()
  }
}
