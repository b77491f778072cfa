// A process that reads and writes without a rest, and prints its view of room `r` whenever that changes. It ends when
// its standard input is closed.
import { setImmediate } from 'node:timers/promises'
import { openStore } from '../open.ts'

process.stdin.resume().on('end', () => process.exit(0))

const [dataDir = '', databaseUrl] = process.argv.slice(2)
const store = await openStore({ dataDir, databaseUrl })
let before = ''
for (let count = 0; ; count++) {
  // SQLite answers without ever letting go of the thread.
  await setImmediate()
  const [name, rows] = await store.read(async ({ rooms, entries }) => [
    (await rooms.get('r'))?.name,
    (await entries.page('c', 'dm', { limit: 5_000 })).entries.length,
  ])
  await store.write(({ streams }) => streams.append('topic:t', '', () => `${count}`))
  const saw = `${name} ${rows}`
  if (saw !== before) process.stdout.write(`${saw}\n`)
  before = saw
}
