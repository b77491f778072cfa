// A command of `pnpm admin` as data: `--help` and the parsing of what was typed come from the same table.
import type { Environment } from '@tablecast/config'

export type Flag = { type: 'string' | 'boolean'; multiple?: boolean; does: string; value?: string }

/** A mistake in the typed command; the message says how to type it. */
export class UsageError extends Error {}

/** `say`: the result, on standard output. `note`: what it does meanwhile, on standard error. */
export type Output = { say(line: string): void; note(line: string): void }

type Asked = {
  /** As many as `takes` names. */
  words: readonly string[]
  text(flag: string): string | undefined
  texts(flag: string): string[]
  isSet(flag: string): boolean
  environment: Environment
  output: Output
}

export type Command = {
  /** The effect of the command, in one line. */
  does: string
  /** The words that it needs. */
  takes: readonly string[]
  flags: Readonly<Record<string, Flag>>
  /** More for `--help`. */
  more?: string
  /** Resolves with the exit code. */
  run(asked: Asked): Promise<number>
}
