import { ConfigError, type Options, parseOptions, usageOf, type Values } from './options.ts'

/** Runs a program with its environment variables. `--help` prints them; a wrong one ends it with one line that names the variable. */
export async function runProgram<O extends Options>(
  title: string,
  options: O,
  run: (config: Values<O>) => Promise<void>,
): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${title} is configured by environment variables:\n\n${usageOf(options)}\n`)
    return
  }
  try {
    await run(parseOptions(options, process.env))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`Configuration: ${error.message}\n`)
    process.exitCode = 1
  }
}

/** Ends the process at SIGTERM or SIGINT, after `close`. */
export function endWith(close: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void close().then(() => process.exit(0)))
}
