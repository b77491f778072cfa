// The thread that reads scenarios, and its answers. This loads none of the readers.
import { extname } from 'node:path'
import type { Scenario } from './scenario/reading.ts'

/** The answer of the thread in `scenarioWorker` to a text. */
export type ScenarioAnswer = { kind: 'read'; content: Scenario } | { kind: 'refused'; why: string }

/**
 * Reads a scenario in a thread of its own: a message is the text, its answer a `ScenarioAnswer`.
 *
 * It lies beside this module, also in a build, and then has this module's ending.
 */
export const scenarioWorker = new URL(`./scenario-worker${extname(import.meta.url)}`, import.meta.url)
