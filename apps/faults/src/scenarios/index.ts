import type { Scenario } from '../scenario.ts'
import { tokenExpiresDuringSleep, providerUnreachable } from './accounts.ts'
import { hugeBodies } from './bodies.ts'
import { busMessages } from './bus-messages.ts'
import { ambiguousCommit, commitThenKill, publishThenKill } from './commit.ts'
import { databaseFileGone } from './database-file-gone.ts'
import { diskFull } from './disk-full.ts'
import { hostileInputs } from './hostile-inputs.ts'
import { hostileMoves } from './hostile-moves.ts'
import { hostilePictures } from './hostile-pictures.ts'
import { kills } from './kills.ts'
import { mapReveal } from './map-reveal.ts'
import { nodeWithoutRedis } from './market.ts'
import { blackHoledPlayer, cutConnections, frozenConnection, sleepingClient } from './networks.ts'
import { busDown, databaseDown } from './outages.ts'
import { removedWhileWriting } from './removed-while-writing.ts'
import { rollingRestart } from './rolling-restart.ts'
import { television } from './television.ts'

export const scenarios: readonly Scenario[] = [
  kills,
  commitThenKill,
  publishThenKill,
  ambiguousCommit,
  busDown,
  busMessages,
  databaseDown,
  nodeWithoutRedis,
  frozenConnection,
  blackHoledPlayer,
  tokenExpiresDuringSleep,
  providerUnreachable,
  sleepingClient,
  cutConnections,
  rollingRestart,
  television,
  mapReveal,
  removedWhileWriting,
  diskFull,
  databaseFileGone,
  hugeBodies,
  hostileInputs,
  hostilePictures,
  hostileMoves,
]
