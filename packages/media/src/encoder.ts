import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, type ChildEvents, TaskFailed, TaskLine, type TaskProblem } from '@tablecast/tasks'
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

const program = fileURLToPath(new URL(`./encoder-child${extname(import.meta.url)}`, import.meta.url))

type Answer = Extract<EncoderMessage, { type: 'encoded' | 'cut' | 'tiled' | 'masked' | 'refused' }>

/**
 * Encodes pictures in a process of its own, with a low priority: one at a time, in order of arrival. A file that crashes its decoder
 * or takes all of the memory costs that process, and one person gets a sentence.
 */
export class Encoder implements AsyncDisposable {
  readonly #line: TaskLine<EncoderTask, Answer>
  #process: ChildProcess | null = null

  constructor({ deadlineMs, mapDeadlineMs, idleMs, maxMemoryBytes, maxWaiting, died }: EncoderOptions) {
    this.#line = new TaskLine({
      start: (events) => {
        this.#process = startProcess()
        return listened(this.#process, { events, maxMemoryBytes, atWork: () => this.#line.task })
      },
      deadlineMs: (task) => (task.do === 'tiles' ? mapDeadlineMs : deadlineMs),
      idleMs,
      maxWaiting,
      lost: died,
    })
  }

  /** The id of the process; null while none runs. */
  get processId(): number | null {
    return (this.#line.isRunning && this.#process?.pid) || null
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

  async #run<T>(task: EncoderTask, read: (answer: Answer) => T | null): Promise<T> {
    const answer = await this.#line.run(task).catch((error: unknown) => {
      throw error instanceof TaskFailed ? new PictureRefused(reasons[error.problem]) : error
    })
    if (answer.type === 'refused') throw new PictureRefused(answer.reason, answer.detail)
    const result = read(answer)
    if (result === null) throw new PictureRefused('ended')
    return result
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#line[Symbol.asyncDispose]()
  }
}

const reasons: Record<TaskProblem, RefusalReason> = {
  late: 'too_slow',
  heavy: 'too_heavy',
  broken: 'ended',
  busy: 'busy',
  closed: 'ended',
}

/** The answers that a task may have, beside a refusal. */
const answers: Record<EncoderTask['do'], Answer['type']> = {
  read: 'encoded',
  cut: 'cut',
  tiles: 'tiled',
  mask: 'masked',
}

function startProcess(): ChildProcess {
  // It reads files of strangers, so it gets nothing of this process's environment. With two arenas its allocator gives memory back. With
  // one thread for its work it leaves the other cores to the tables: the sizes of one picture would be written by four at once.
  const started = fork(program, [], {
    // The memory of the process is looked at between two steps of its code, and the text of a map's file is read in one.
    execArgv: ['--max-old-space-size=400'],
    env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Neither the process nor its channel keeps a server that wants to end.
  started.unref()
  started.channel?.unref()
  lower(started)
  return started
}

type Listening = { events: ChildEvents<Answer>; maxMemoryBytes: number; atWork(): EncoderTask | null }

function listened(process: ChildProcess, { events, maxMemoryBytes, atWork }: Listening): Child<EncoderTask> {
  process.on('message', (given) => {
    const parsed = EncoderMessage.safeParse(given)
    if (!parsed.success) return events.lost('broken', 'it sent something else than an answer')
    const message = parsed.data
    switch (message.type) {
      case 'ready':
        return events.ready()
      case 'memory':
        if (message.bytes > maxMemoryBytes) events.lost('heavy', 'it took too much memory')
        return
      case 'unable':
        return events.lost('broken', message.error)
      case 'refused':
        return events.answered(message)
      case 'encoded':
      case 'cut':
      case 'tiled':
      case 'masked': {
        const task = atWork()
        if (task && answers[task.do] === message.type) return events.answered(message)
        return events.lost('broken', 'it answered another task')
      }
    }
  })
  process.on('error', (error) => events.lost('broken', error.message))
  process.on('exit', (code, signal) => events.lost('broken', `it ended with ${signal ?? code}`))
  return {
    send: (task) =>
      void process.send(task, (error) => {
        if (error) events.lost('broken', error.message)
      }),
    end: () => endedProcess(process),
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
