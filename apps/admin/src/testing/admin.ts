import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inherited } from '@tablecast/testing'
import { runCommand } from '../command-line.ts'
import { commands } from '../commands/index.ts'
import type { HostedCommand, HostedResult } from './admin-host-process.ts'

export const adminMain = fileURLToPath(new URL('../main.ts', import.meta.url))

export type CommandResult = { code: number; said: string; noted: string }

/** As an operator runs it: a process of its own. */
export async function adminProcess(environment: Record<string, string>, ...typed: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [adminMain, ...typed], {
    env: { ...inherited(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, noted] = ['', '']
  child.stdout.on('data', (part) => (said += String(part)))
  child.stderr.on('data', (part) => (noted += String(part)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, said, noted }
}

/**
 * Runs commands one after the other in one process beside the server's. A process for each takes a second to load, for commands that
 * take a few milliseconds. Not for what leaves work to the end of the process, as an unfinished backup does.
 */
export class AdminHost implements Disposable {
  readonly #process: ChildProcess = fork(fileURLToPath(new URL('admin-host-process.ts', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  #count = 0

  run(given: Record<string, string>, ...typed: string[]): Promise<CommandResult> {
    const command: HostedCommand = { id: ++this.#count, environment: { ...inherited(), ...given }, typed }
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the process of the commands ended'))
      const answered = ({ id, ...result }: HostedResult) => {
        if (id !== command.id) return
        this.#process.off('message', answered).off('exit', ended)
        resolve(result)
      }
      this.#process.on('message', answered).once('exit', ended)
      this.#process.send(command)
    })
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL')
  }
}

/** The same in this process, where nothing else uses the database. */
export async function admin(environment: Record<string, string>, ...typed: string[]): Promise<CommandResult> {
  const said: string[] = []
  const noted: string[] = []
  const output = { say: (line: string) => void said.push(line), note: (line: string) => void noted.push(line) }
  const code = await runCommand(commands, typed, environment, output)
  return { code, said: said.join('\n'), noted: noted.join('\n') }
}
