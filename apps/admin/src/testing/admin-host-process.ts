// The process of an `AdminHost`.
import { runCommand } from '../command-line.ts'
import { commands } from '../commands/index.ts'

export type HostedCommand = { id: number; environment: Record<string, string | undefined>; typed: string[] }
export type HostedResult = { id: number; code: number; said: string; noted: string }

process.on('message', ({ id, environment, typed }: HostedCommand) => {
  let [said, noted] = ['', '']
  const output = {
    say: (line: string) => void (said += `${line}\n`),
    note: (line: string) => void (noted += `${line}\n`),
  }
  void runCommand(commands, typed, environment, output).then((code) => process.send?.({ id, code, said, noted }))
})
