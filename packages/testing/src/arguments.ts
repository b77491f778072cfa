import { parseArgs, type ParseArgsConfig } from 'node:util'

/** The arguments of a script. For an unknown one it writes one line to the error stream and exits with code 2. */
export function argumentsOf<const C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`)
    process.exit(2)
  }
}
