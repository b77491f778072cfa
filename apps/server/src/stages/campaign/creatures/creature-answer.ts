// The thread that reads creatures, and its answers. This loads none of the readers.
import { extname } from 'node:path'
import type { Imported } from '@tablecast/bestiary/import'

/** The answer of the thread in `creatureWorker` to a `CreatureSource`. */
export type CreatureAnswer = { kind: 'read'; imported: Imported } | { kind: 'refused'; why: string }

/** It lies beside this module, also in a build, and then has this module's ending. */
export const creatureWorker = new URL(`./creature-worker${extname(import.meta.url)}`, import.meta.url)
