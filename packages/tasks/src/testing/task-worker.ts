// A thread for the tests of `taskThread`. The text of a task names its behaviour. `loadingMs` in its URL delays its start.
import { parentPort } from 'node:worker_threads'

const held: unknown[] = []
const loadingMs = Number(new URL(import.meta.url).searchParams.get('loadingMs'))
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, loadingMs)

parentPort?.on('message', (task: string) => {
  if (task === 'spin') for (;;) held.length = 0
  // Small pieces, as parsers allocate them. V8 may abort the whole process when one large piece does not fit.
  if (task === 'fill') for (let chain: object = {}; ;) chain = { chain }
  if (task === 'throw') throw new Error('a fault of its own')
  if (task === 'leave') process.exit(0)
  parentPort?.postMessage(`done: ${task}`, [])
})
parentPort?.postMessage('ready', [])
