// Importers of other programs' files, behind one function.
import { isImprovedInitiative, readImprovedInitiative } from './improved-initiative.ts'
import { ImportResult, type Imported } from './imported.ts'
import { parseBounded } from './parse-bounded.ts'

export type { Imported, ImportedEncounter } from './imported.ts'

/**
 * Reads a file by its content. Nothing is stored. Parts that can't be read are listed by name and reason. Throws `Refusal` for a
 * file that is too large, too deep, or no JSON at all.
 */
export function read(given: Uint8Array | string): Imported {
  const content = parseBounded(given)
  const result = new ImportResult()
  if (isImprovedInitiative(content)) readImprovedInitiative(content, result)
  else
    result.addProblem(
      'This file',
      'It is of no program that can be imported. Export creatures from Improved Initiative.',
    )
  const { creatures, encounters, characters, problems } = result
  return { creatures, encounters, characters, problems }
}
