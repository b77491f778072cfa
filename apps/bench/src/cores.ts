// The server that is measured has a core to itself, whatever plays its clients has another: on a small machine the two would
// otherwise share, and the number would tell of both.
import { type ChildProcess, fork, type ForkOptions, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

export const SERVER_CORE = 0
export const CLIENT_CORE = 1

const hasTaskset = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'taskset')))

/** False where there is no `taskset` (Linux has it) or one core only: then nobody is pinned. */
export const isPinned = hasTaskset && availableParallelism() > 1

/** The words before a command that keep it on one core. */
export const onCore = (core: number): readonly string[] => (isPinned ? ['taskset', '-c', String(core)] : [])

/** A Node process of ours on one core, with a channel for messages. */
export function forkOn(core: number, script: URL, args: readonly string[], options: ForkOptions = {}): ChildProcess {
  const [command, ...before] = [...onCore(core), process.execPath]
  return fork(script, args, { ...options, execPath: command, execArgv: [...before, ...(options.execArgv ?? [])] })
}

/** This process keeps to one core until it is disposed of. */
export function keepToCore(core: number): Disposable {
  const pin = (cores: string) => {
    if (isPinned) spawnSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)])
  }
  const all = `0-${availableParallelism() - 1}`
  pin(String(core))
  return { [Symbol.dispose]: () => pin(all) }
}
