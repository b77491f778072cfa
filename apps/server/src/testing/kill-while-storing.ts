// Preloaded into a server (`--import`): from SIGUSR2 on, ends the process with SIGKILL while it stores the second row of a map's tiles. The
// row is written under the name of an unfinished file and has not got its own name yet. No signal from outside would hit that place.
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

let isArmed = false
process.on('SIGUSR2', () => {
  isArmed = true
  process.stdout.write('armed\n')
})

const { rename } = promises
let rows = 0
promises.rename = (from, to) => {
  if (isArmed && String(to).endsWith('.tiles') && ++rows === 2) process.kill(process.pid, 'SIGKILL')
  return rename(from, to)
}
syncBuiltinESMExports()
