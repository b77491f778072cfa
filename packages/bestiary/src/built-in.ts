// The creatures of the System Reference Document 5.1 that ship with the product: names and figures, no sentences. See NOTICE.md.
import { z } from 'zod'
import data from './creatures.json' with { type: 'json' }
import { StatBlock } from './stat-block.ts'

export const BUILT_IN_SOURCE = 'SRD 5.1'

/** All 334, by name. It checks each of them, which takes some milliseconds: the caller keeps the list. */
export function readBuiltIn(): StatBlock[] {
  return z
    .array(StatBlock)
    .parse(data.creatures)
    .map((block) => ({ ...block, source: BUILT_IN_SOURCE }))
}
