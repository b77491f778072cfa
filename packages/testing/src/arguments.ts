import { parseArgs, type ParseArgsConfig } from 'node:util'

/** What was typed behind a script's name; one line on the error stream, and exit code 2, for what it does not take. */
export function argumentsOf<const C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`)
    process.exit(2)
  }
}
