import { Worker } from 'node:worker_threads'

export type TaskThreadOptions = {
  /** What the thread runs: it answers each message with one message. */
  module: URL
  /** The thread is ended when a task takes longer. */
  deadlineMs: number
  /** The thread is ended after a rest of that length. */
  idleMs: number
  maxMemoryMb: number
  /** Tasks that may wait for the one at work. */
  maxWaiting: number
  /** Called with the error that ended a thread: its memory was used up, or its code has a fault. */
  failed(error: unknown): void
}

/** `late`: longer than the deadline. `broken`: the thread died, as when its memory was used up. `busy`: too many wait. */
export type TaskProblem = 'late' | 'broken' | 'busy' | 'closed'

export class TaskFailed extends Error {
  readonly problem: TaskProblem

  constructor(problem: TaskProblem) {
    super(`a task of a thread failed: ${problem}`)
    this.problem = problem
  }
}

type Job<Task, Answer> = { task: Task; resolve: (answer: Answer) => void; reject: (error: TaskFailed) => void }

/**
 * Work that may take long, away from the loop that serves everybody: one thread, one task at a time, in the order in which they came.
 *
 * The thread starts with the first task. Ended for any reason, it starts again with the next.
 */
export class TaskThread<Task, Answer> implements AsyncDisposable {
  readonly #options: TaskThreadOptions
  readonly #waiting: Job<Task, Answer>[] = []
  readonly #ending = new Set<Promise<unknown>>()
  #atWork: Job<Task, Answer> | null = null
  #thread: Worker | null = null
  /** Of the task at work, or of the rest without one. */
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: TaskThreadOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#thread !== null
  }

  /** Throws `TaskFailed`. A refusal by the code in the thread is an answer. */
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
    const { deadlineMs, idleMs } = this.#options
    clearTimeout(this.#timer)
    const job = this.#waiting.shift()
    if (!job) {
      this.#timer = setTimeout(() => this.#end('closed'), idleMs).unref()
      return
    }
    this.#atWork = job
    this.#thread ??= this.#started()
    this.#thread.postMessage(job.task, [])
    this.#timer = setTimeout(() => this.#end('late'), deadlineMs)
  }

  #started(): Worker {
    const { module, maxMemoryMb } = this.#options
    // Strangers wrote what it reads, so it gets nothing of this process's environment.
    const thread = new Worker(module, { env: {}, resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } })
    thread.unref()
    thread.on('message', (answer: Answer) => {
      if (this.#thread !== thread) return
      const job = this.#atWork
      this.#atWork = null
      job?.resolve(answer)
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

  /** The task at work has no answer then; the next has a new thread. */
  #end(problem: TaskProblem): void {
    clearTimeout(this.#timer)
    const thread = this.#thread
    this.#thread = null
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
