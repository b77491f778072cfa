// Setup of each unit test: whatever opens a server or starts a process is an integration test, so that all unit tests together take
// less than a minute.
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { afterAll } from 'vitest'

let refused: Error | null = null

function refuse(): never {
  refused = new Error(
    'A unit test opens no server and starts no process. Rename its file to *.integration.test.ts, or to *.service.test.ts if it needs PostgreSQL, NATS or Redis.',
  )
  throw refused
}

net.Server.prototype.listen = refuse
// Each way to start a process without waiting for it ends here.
Object.assign(childProcess.ChildProcess.prototype, { spawn: refuse })
Object.assign(childProcess, { spawnSync: refuse, execFileSync: refuse, execSync: refuse })
syncBuiltinESMExports()

// The tested code may catch the error, so the file fails as well.
afterAll(() => {
  if (refused) throw refused
})
