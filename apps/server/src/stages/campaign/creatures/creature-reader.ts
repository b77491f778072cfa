import { extname } from 'node:path'
import type { Imported } from '@tablecast/bestiary/import'
import type { CreatureSource } from '@tablecast/orchestrator'
import { ReadingThread, type ReadingThreadOptions } from '../reading-thread.ts'

/** It lies beside this module, also in a build, and then has this module's ending. */
const creatureWorker = new URL(`./creature-worker${extname(import.meta.url)}`, import.meta.url)
/** A ZIP file with 60 MB of notes takes about half of this. */
const MAX_MEMORY_MB = 768

/** Reads files of other programs. */
type CreatureReader = ReadingThread<CreatureSource, Imported>

export const openCreatureReader = (
  options: Pick<ReadingThreadOptions<CreatureSource>, 'seconds' | 'readEnded' | 'failed'>,
): CreatureReader =>
  new ReadingThread({ ...options, module: creatureWorker, noun: 'file', maxMemoryMb: MAX_MEMORY_MB, isSame })

const isSame = (one: CreatureSource, other: CreatureSource): boolean =>
  one.text === other.text &&
  one.zip === other.zip &&
  one.files?.length === other.files?.length &&
  (one.files ?? []).every(
    ({ path, text }, index) => other.files?.[index]?.path === path && other.files[index].text === text,
  )
