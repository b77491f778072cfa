// Files of other programs, and the reader that makes creatures of them.
import type { Imported } from '@tablecast/bestiary/import'
import { type CreatureFile, TablecastError } from '@tablecast/contracts'
import { orRefused } from './refusal.ts'

/** The content of one file, several files, or a ZIP file in base64. */
export type CreatureSource = {
  text?: string | undefined
  files?: readonly CreatureFile[] | undefined
  zip?: string | undefined
}

/** Reads files for a person. Throws VALIDATION_FAILED with a sentence, and what a reader in a thread throws. */
export type ReadCreatures = (source: CreatureSource, userId: string) => Promise<Imported>

/** Reads in this thread, which takes seconds for a text that is made for it. It unpacks nothing. */
export const readCreaturesHere: ReadCreatures = async ({ text, files, zip }) => {
  if (zip !== undefined)
    throw new TablecastError('VALIDATION_FAILED', 'ZIP files are not unpacked here. Import the files one by one.')
  const { read, readFolder } = await import('@tablecast/bestiary/import')
  return orRefused('VALIDATION_FAILED', () =>
    text === undefined
      ? readFolder((files ?? []).map((file) => ({ path: file.path, content: file.text })))
      : read(text),
  )
}
