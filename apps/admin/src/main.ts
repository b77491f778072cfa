// `pnpm admin <command>`: the operator's commands, beside running servers.
import { runCommand } from './command-line.ts'
import { commands } from './commands/index.ts'

// Exit handlers remove unfinished files.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

// The reader of the pipe has closed it, as `head` does: the output has no reader any more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(1)
})

process.exitCode = await runCommand(commands, process.argv.slice(2), process.env, {
  say: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
})
