// Gives the measured server a core of its own, and its clients another. On a small machine they would otherwise share a core, and the
// measurement would include both.
import { type ChildProcess, fork, type ForkOptions, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { isOnPath } from './on-path.ts'

export const SERVER_CORE = 0
export const CLIENT_CORE = 1

const hasTaskset = isOnPath('taskset')

/** False on a machine without `taskset` (a part of Linux) or with a single core. Then no process is pinned. */
export const isPinned = hasTaskset && availableParallelism() > 1

/** The prefix of a command that keeps it on one core. */
export const onCore = (core: number): readonly string[] => (isPinned ? ['taskset', '-c', String(core)] : [])

/** Starts a Node process on one core, with a channel for messages. */
export function forkOn(core: number, script: URL, args: readonly string[], options: ForkOptions = {}): ChildProcess {
  const [command, ...before] = [...onCore(core), process.execPath]
  return fork(script, args, { ...options, execPath: command, execArgv: [...before, ...(options.execArgv ?? [])] })
}

/** Keeps this process on one core until the result is disposed. */
export function keepToCore(core: number): Disposable {
  const pin = (cores: string) => {
    if (isPinned) spawnSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)])
  }
  const all = `0-${availableParallelism() - 1}`
  pin(String(core))
  return { [Symbol.dispose]: () => pin(all) }
}
