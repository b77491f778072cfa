// Checks that an answer has only the errors that the documents list for its procedure.
import { accessErrors, commonErrors, keyError, procedureErrors } from '@tablecast/contracts'
import { procedures } from '../real-calls.ts'

/** The first error in an answer of this procedure that the contract does not list, as a sentence, or null. */
export function undeclaredError(path: string, text: string): string | null {
  const own = procedureErrors[path]
  // Targets outside the typed API are not procedures.
  if (!own) return null
  const access = Object.entries(accessErrors).find(([name]) => name === procedures[path]?._def.meta?.access)
  const declared = new Set<string>([...commonErrors, keyError, ...(access?.[1] ?? []), ...own])
  const answered = [...text.matchAll(/"tablecast":\{"code":"(\w+)"/g)].map(([, code = '']) => code)
  const missing = answered.find((code) => !declared.has(code))
  return missing ? `${path} answered ${missing}, which packages/contracts/src/procedure-errors.ts does not list` : null
}
