import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inherited } from '@tablecast/testing'
import { runCommand } from '../command-line.ts'
import { commands } from '../commands/index.ts'

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

/** The same in this process, where nothing else uses the database. */
export async function admin(environment: Record<string, string>, ...typed: string[]): Promise<CommandResult> {
  const said: string[] = []
  const noted: string[] = []
  const output = { say: (line: string) => void said.push(line), note: (line: string) => void noted.push(line) }
  const code = await runCommand(commands, typed, environment, output)
  return { code, said: said.join('\n'), noted: noted.join('\n') }
}
