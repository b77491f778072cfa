import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CutTask,
  type EncodedPicture,
  EncoderMessage,
  type EncoderTask,
  type MaskTask,
  type ReadTask,
  type TiledPicture,
  type TilesTask,
} from './encoder-task.ts'
import { PictureRefused, type RefusalReason } from './picture-refused.ts'

export type { EncodedPicture, TiledPicture } from './encoder-task.ts'

export type EncoderOptions = {
  /** The longest that one picture may take. The start of the process does not count. */
  deadlineMs: number
  /** The longest that the picture of a map may take. */
  mapDeadlineMs: number
  /** The process is ended after this time without a picture. */
  idleMs: number
  /** The process is ended when it takes more resident memory. */
  maxMemoryBytes: number
  /** Pictures that may wait for the one at work. */
  maxWaiting: number
  /** Called when a process ended that should not have. */
  died(why: string): void
}

const child = fileURLToPath(new URL(`./encoder-child${extname(import.meta.url)}`, import.meta.url))
/** A busy machine takes seconds to load the code. */
const START_DEADLINE_MS = 60_000

type Answer = Extract<EncoderMessage, { type: 'encoded' | 'cut' | 'tiled' | 'masked' }>
/** `take`: false for the answer of another kind of task. */
type Job = { task: EncoderTask; take: (answer: Answer) => boolean; reject: (refusal: PictureRefused) => void }

/**
 * Encodes pictures in a process of its own, with a low priority: one at a time, in order of arrival. A file that crashes its decoder
 * or takes all of the memory costs that process, and one person gets a sentence.
 *
 * The process starts with the first picture. If it ends for any reason, the next picture starts a new one.
 */
export class Encoder implements AsyncDisposable {
  readonly #options: EncoderOptions
  readonly #waiting: Job[] = []
  readonly #ending = new Set<Promise<void>>()
  #atWork: Job | null = null
  #process: ChildProcess | null = null
  #isReady = false
  /** The deadline of the start or of the picture at work, or the end of the idle time. */
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: EncoderOptions) {
    this.#options = options
  }

  /** The id of the process; null while none runs. */
  get processId(): number | null {
    return this.#process?.pid ?? null
  }

  /** Rejects with `PictureRefused`. Then some of the output may exist. */
  encode(task: Omit<ReadTask, 'do'>): Promise<EncodedPicture> {
    return this.#run({ do: 'read', ...task }, (answer) => (answer.type === 'encoded' ? answer.picture : null))
  }

  /** Rejects with `PictureRefused`. */
  async cut(task: Omit<CutTask, 'do'>): Promise<void> {
    await this.#run({ do: 'cut', ...task }, (answer) => (answer.type === 'cut' ? answer : null))
  }

  /** Rejects with `PictureRefused`. Then some of the output may exist. */
  tiles(task: Omit<TilesTask, 'do'>): Promise<TiledPicture> {
    return this.#run({ do: 'tiles', ...task }, (answer) => (answer.type === 'tiled' ? answer.picture : null))
  }

  /** Rejects with `PictureRefused`. */
  async mask(task: Omit<MaskTask, 'do'>): Promise<void> {
    await this.#run({ do: 'mask', ...task }, (answer) => (answer.type === 'masked' ? answer : null))
  }

  #run<T>(task: EncoderTask, read: (answer: Answer) => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const take = (answer: Answer): boolean => {
        const result = read(answer)
        if (result !== null) resolve(result)
        return result !== null
      }
      if (this.#isClosed) reject(new PictureRefused('ended'))
      else if (this.#atWork && this.#waiting.length >= this.#options.maxWaiting) reject(new PictureRefused('busy'))
      else {
        this.#waiting.push({ task, take, reject })
        this.#next()
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(new PictureRefused('ended'))
    this.#end('ended')
    await Promise.all(this.#ending)
  }

  #next(): void {
    if (this.#atWork) return
    clearTimeout(this.#timer)
    const job = this.#waiting.shift()
    if (!job) {
      this.#timer = setTimeout(() => this.#end('ended'), this.#options.idleMs).unref()
      return
    }
    this.#atWork = job
    const running = (this.#process ??= this.#started())
    running.send(job.task, (error) => {
      if (error && this.#process === running) this.#lost('ended', error.message)
    })
    if (this.#isReady) this.#startDeadline()
    else this.#timer = setTimeout(() => this.#lost('ended', 'it did not start in time'), START_DEADLINE_MS)
  }

  #startDeadline(): void {
    clearTimeout(this.#timer)
    const { deadlineMs, mapDeadlineMs } = this.#options
    const longest = this.#atWork?.task.do === 'tiles' ? mapDeadlineMs : deadlineMs
    this.#timer = setTimeout(() => this.#lost('too_slow', 'a picture took too long'), longest)
  }

  #started(): ChildProcess {
    // It reads files of strangers, so it gets nothing of this process's environment. With two arenas its allocator gives memory back. With
    // one thread for its work it leaves the other cores to the tables: the sizes of one picture would be written by four at once.
    const started = fork(child, [], {
      // The memory of the process is looked at between two steps of its code, and the text of a map's file is read in one.
      execArgv: ['--max-old-space-size=400'],
      env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    started.on('message', (message) => {
      if (this.#process === started) this.#hear(message)
    })
    started.on('error', (error) => {
      if (this.#process === started) this.#lost('ended', error.message)
    })
    started.on('exit', (code, signal) => {
      if (this.#process === started) this.#lost('ended', `it ended with ${signal ?? code}`)
    })
    // Neither the process nor its channel keeps a server that wants to end.
    started.unref()
    started.channel?.unref()
    lower(started)
    return started
  }

  #hear(given: unknown): void {
    const parsed = EncoderMessage.safeParse(given)
    if (!parsed.success) return this.#lost('ended', 'it sent something else than an answer')
    const message = parsed.data
    switch (message.type) {
      case 'ready':
        this.#isReady = true
        this.#startDeadline()
        return
      case 'memory':
        if (message.bytes > this.#options.maxMemoryBytes) this.#lost('too_heavy', 'it took too much memory')
        return
      case 'unable':
        this.#lost('ended', message.error)
        return
      case 'encoded':
      case 'cut':
      case 'tiled':
      case 'masked':
        if (this.#atWork?.take(message) === false) return this.#lost('ended', 'it answered another task')
        return this.#done()
      case 'refused':
        this.#atWork?.reject(new PictureRefused(message.reason, message.detail))
        this.#done()
    }
  }

  #done(): void {
    this.#atWork = null
    this.#next()
  }

  #lost(reason: RefusalReason, why: string): void {
    this.#options.died(why)
    this.#end(reason)
  }

  /** Ends the process and rejects the picture at work. The next picture gets a new process. */
  #end(reason: RefusalReason): void {
    clearTimeout(this.#timer)
    const ended = this.#process
    this.#process = null
    this.#isReady = false
    if (ended) {
      const ending = endedProcess(ended).finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
    }
    const job = this.#atWork
    this.#atWork = null
    job?.reject(new PictureRefused(reason))
    if (!this.#isClosed && this.#waiting.length > 0) this.#next()
  }
}

/** Not the lowest priority: beside two busy programs that gets a seventieth of a core, and each picture would take too long. */
function lower({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It ended already, or the system does not allow it: pictures are encoded all the same.
  }
}

async function endedProcess(process: ChildProcess): Promise<void> {
  if (process.pid === undefined || process.exitCode !== null || process.signalCode !== null) return
  const exited = new Promise<void>((resolve) => process.once('exit', () => resolve()))
  process.ref()
  process.kill('SIGKILL')
  await exited
}
