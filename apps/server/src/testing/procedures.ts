import { stages } from '@tablecast/contracts'
import { parseConfig } from '../config.ts'
import { createRouter } from '../router.ts'

/** The router with nothing behind it: for what its procedures declare. */
export const idleRouter = createRouter({
  config: parseConfig({}),
  host: { rooms: {} },
  stages: Object.fromEntries(stages.map((stage) => [stage, {}])),
  reports: {},
  telemetry: {},
} as never)
