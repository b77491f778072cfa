import { TablecastError } from '@tablecast/contracts'
import { Refusal } from '@tablecast/rules'

/** The code of a refusal: of an operation, or of a slash command. */
export type RefusedAs = 'VALIDATION_FAILED' | 'UNKNOWN_COMMAND'

/** Runs `work`. A refusal of the rules gets that code, the same sentence, and the names to choose from. */
export function orRefused<T>(refusedAs: RefusedAs, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, options } = error
    throw new TablecastError(refusedAs, message, { refusal: code, options })
  }
}
