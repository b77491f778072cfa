// Sends orders to child processes over their channel, and awaits the answers.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { isOnPath } from './on-path.ts'

/** The next message of a child. Rejects when it exits instead. */
export async function answer<T>(child: ChildProcess): Promise<T> {
  const over = new AbortController()
  const exit = once(child, 'exit', { signal: over.signal }).then(() => {
    throw new Error('a process of the benchmark has ended early')
  })
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: over.signal }), exit])
    return message as T
  } finally {
    // Removed, because nobody waits for the message any more.
    exit.catch(() => {})
    over.abort()
  }
}

export function ask<T>(child: ChildProcess, question: string | object): Promise<T> {
  const answered = answer<T>(child)
  child.send(question)
  return answered
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const hasChrt = isOnPath('chrt')

/**
 * For clients that stand for other machines: what they compute must not take the cores from the server and from the clock. Linux gives
 * them only time that nobody else wants, and elsewhere they have a low priority.
 */
export function yieldCores({ pid }: ChildProcess): void {
  if (pid === undefined) return
  const isIdle = hasChrt && spawnSync('chrt', ['--idle', '--all-tasks', '--pid', '0', String(pid)]).status === 0
  if (!isIdle) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
}
