import { Worker } from 'node:worker_threads'
import { type Child, type ChildEvents, TaskLine, type TaskLineOptions } from './task-line.ts'

export type TaskThreadOptions = Pick<TaskLineOptions<unknown, unknown>, 'idleMs' | 'maxWaiting'> & {
  /** The code of the thread. It sends `'ready'` once it is loaded, and then answers each message with one message. */
  module: URL
  /** The longest that a task may take. The start of the thread does not count. */
  deadlineMs: number
  maxMemoryMb: number
  /** Called with the error that ended a thread: it ran out of memory, or its code has a bug. */
  failed(error: unknown): void
}

/** Runs slow tasks in a thread, away from the event loop that serves all clients. */
export function taskThread<Task, Answer>(options: TaskThreadOptions): TaskLine<Task, Answer> {
  const { deadlineMs, idleMs, maxWaiting } = options
  return new TaskLine({
    start: (events: ChildEvents<Answer>) => startThread<Task, Answer>(options, events),
    deadlineMs: () => deadlineMs,
    idleMs,
    maxWaiting,
  })
}

function startThread<Task, Answer>(
  { module, maxMemoryMb, failed }: TaskThreadOptions,
  events: ChildEvents<Answer>,
): Child<Task> {
  // The thread reads untrusted input, so it gets none of this process's environment.
  const thread = new Worker(module, { env: {}, resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } })
  thread.unref()
  thread.on('message', (message: Answer | 'ready') => (message === 'ready' ? events.ready() : events.answered(message)))
  thread.on('error', (error) => {
    failed(error)
    events.lost('broken', error instanceof Error ? error.message : String(error))
  })
  thread.on('exit', (code) => events.lost('broken', `it ended with ${code}`))
  return { send: (task) => thread.postMessage(task, []), end: () => thread.terminate() }
}
