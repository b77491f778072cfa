import type { Scenario } from '../scenario.ts'
import { hugeBodies } from './bodies.ts'
import { busMessages } from './bus-messages.ts'
import { ambiguousCommit, commitThenKill, publishThenKill } from './commit.ts'
import { diskFull } from './disk-full.ts'
import { hostileInputs } from './hostile-inputs.ts'
import { kills } from './kills.ts'
import { cutConnections, frozenConnection, sleepingClient } from './networks.ts'
import { busDown, databaseDown } from './outages.ts'
import { rollingRestart } from './rolling-restart.ts'

export const scenarios: readonly Scenario[] = [
  kills,
  commitThenKill,
  publishThenKill,
  ambiguousCommit,
  busDown,
  busMessages,
  databaseDown,
  frozenConnection,
  sleepingClient,
  cutConnections,
  rollingRestart,
  diskFull,
  hugeBodies,
  hostileInputs,
]
