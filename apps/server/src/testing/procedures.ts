import { stages } from '@tablecast/contracts'
import { parseConfig } from '../config.ts'
import { createRouter } from '../router.ts'

/** A router without collaborators. Tests read the declarations of its procedures and call none. */
export const idleRouter = createRouter({
  config: parseConfig({}),
  host: { rooms: {} },
  stages: { ...Object.fromEntries(stages.map((stage) => [stage, {}])), campaign: { orchestrator: { fights: {} } } },
  reports: {},
  telemetry: {},
} as never)
