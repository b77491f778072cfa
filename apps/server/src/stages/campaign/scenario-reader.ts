import { type Scenario, scenarioWorker } from '@tablecast/narrator'
import { ReadingThread, type ReadingThreadOptions } from './reading-thread.ts'

/** A text of 500,000 characters takes about a third of this. */
const MAX_MEMORY_MB = 512

/** Reads uploaded scenarios. */
export type ScenarioReader = ReadingThread<string, Scenario>

export const openScenarioReader = (
  options: Pick<ReadingThreadOptions<string>, 'seconds' | 'readEnded' | 'failed'>,
): ScenarioReader =>
  new ReadingThread({
    ...options,
    module: scenarioWorker,
    noun: 'scenario',
    maxMemoryMb: MAX_MEMORY_MB,
    isSame: (one, other) => one === other,
  })
