import { TablecastError } from '@tablecast/contracts'
import { Refusal } from '@tablecast/rules'

/** Runs `work`. A refusal of the rules becomes VALIDATION_FAILED with the same sentence, and with the names to choose from. */
export function orRefused<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, options } = error
    throw new TablecastError('VALIDATION_FAILED', message, { refusal: code, options })
  }
}
