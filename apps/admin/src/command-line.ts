import { parseArgs } from 'node:util'
import { ConfigError, type Environment } from '@tablecast/config'
import { MaintenanceError } from '@tablecast/store'
import { type Command, type Flag, type Output, UsageError } from './command.ts'
import { messageOf } from './words.ts'

/** Runs the typed command. Resolves with the exit code: 0 for success, 1 for a failure, 2 for a typing mistake. */
export async function runCommand(
  commands: Readonly<Record<string, Command>>,
  typed: readonly string[],
  environment: Environment,
  output: Output,
): Promise<number> {
  const [name = '', ...rest] = typed
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    const isAsked = name === '' || name === '--help' || name === 'help'
    output[isAsked ? 'say' : 'note'](isAsked ? usage(commands) : `There is no command ${name}.\n\n${usage(commands)}`)
    return isAsked ? 0 : 2
  }
  try {
    const { values, positionals } = parsed(command, rest)
    if (values['help']) {
      output.say(usageOf(name, command))
      return 0
    }
    if (positionals.length !== command.takes.length)
      throw new UsageError(command.takes.length === 0 ? 'it takes no arguments' : `it takes ${command.takes.join(' ')}`)
    const textsOf = (flag: string) => [values[flag] ?? []].flat().map(String)
    return await command.run({
      words: positionals,
      text: (flag) => textsOf(flag)[0],
      texts: textsOf,
      isSet: (flag) => values[flag] === true,
      environment,
      output,
    })
  } catch (error) {
    if (error instanceof UsageError) {
      output.note(`${error.message}\n\n${usageOf(name, command)}`)
      return 2
    }
    output.note(failureText(error))
    return 1
  }
}

const HELP: Flag = { type: 'boolean', does: 'Prints this' }

function parsed({ flags }: Command, rest: string[]) {
  const all: Record<string, Flag> = { ...flags, help: HELP }
  const options = Object.fromEntries(
    Object.entries(all).map(([flag, { type, multiple = false }]) => [flag, { type, multiple }]),
  )
  try {
    return parseArgs({ args: rest, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** One line for an error that an operator can mend. For all others, the stack too. */
function failureText(error: unknown): string {
  if (error instanceof ConfigError) return `Configuration: ${error.message}`
  const isKnown = error instanceof MaintenanceError || (error instanceof Error && 'code' in error)
  return isKnown || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
}

const usage = (commands: Readonly<Record<string, Command>>): string =>
  [
    'pnpm admin <command>, configured by the same environment variables as the server:',
    '',
    ...Object.entries(commands).map(([name, { takes, does }]) => `  ${[name, ...takes].join(' ').padEnd(28)} ${does}`),
    '',
    'pnpm admin <command> --help lists its options.',
  ].join('\n')

const usageOf = (name: string, { does, takes, flags, more }: Command): string =>
  [
    `pnpm admin ${[name, ...takes, ...(Object.keys(flags).length > 0 ? ['[options]'] : [])].join(' ')}`,
    '',
    does,
    ...(more === undefined ? [] : ['', more]),
    ...(Object.keys(flags).length > 0 ? [''] : []),
    ...Object.entries(flags).map(
      ([flag, { value, does: what }]) =>
        `  ${`--${flag}${value === undefined ? '' : ` <${value}>`}`.padEnd(28)} ${what}`,
    ),
  ].join('\n')
