// Loaded by a server before everything else (`node --import`), to end its process at a place that no signal from outside would hit. The
// server knows nothing of it: only what Node itself offers is wrapped. Each signal arms one of the places, once:
//
// SIGUSR2: SQLite has committed a change of a campaign, and neither the DM nor a player knows of it.
// SIGHUP: the change is committed and published, and the DM's answer would be written now.
import { ServerResponse } from 'node:http'
import { StatementSync } from 'node:sqlite'

/** Time for the players' sockets before the process ends: they get a change whose acknowledgement the DM never receives. */
const PUBLISHED_MS = 100

let armed: 'commit' | 'answer' | null = null
process.on('SIGUSR2', () => (armed = 'commit'))
process.on('SIGHUP', () => (armed = 'answer'))

const end = () => process.kill(process.pid, 'SIGKILL')

let hasChanged = false
const run = StatementSync.prototype.run as (...all: unknown[]) => unknown
function watchedRun(this: StatementSync, ...all: unknown[]) {
  const result = Reflect.apply(run, this, all)
  if (this.sourceSQL.startsWith('begin')) hasChanged = false
  else if (this.sourceSQL.startsWith('insert into "campaign_journal"')) hasChanged = true
  else if (this.sourceSQL === 'commit' && hasChanged && armed === 'commit') end()
  return result
}
Object.defineProperty(StatementSync.prototype, 'run', { value: watchedRun, writable: true, configurable: true })

const isHeld = new WeakSet<ServerResponse>()
for (const name of ['write', 'end'] as const) {
  const real = ServerResponse.prototype[name] as (...all: unknown[]) => unknown
  const watched = function (this: ServerResponse, ...all: unknown[]) {
    if (armed === 'answer' && this.req.url?.startsWith('/trpc/campaign.say')) {
      armed = null
      isHeld.add(this)
      setTimeout(end, PUBLISHED_MS)
    }
    return isHeld.has(this) ? this : Reflect.apply(real, this, all)
  }
  Object.defineProperty(ServerResponse.prototype, name, { value: watched, writable: true, configurable: true })
}
