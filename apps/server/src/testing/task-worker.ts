// A thread for the tests of `TaskThread`: each task names what the thread does.
import { parentPort } from 'node:worker_threads'

const held: unknown[] = []

parentPort?.on('message', (task: string) => {
  if (task === 'spin') for (;;) held.length = 0
  // In small pieces, as parsers do: V8 may abort the whole process for a large one that it finds no place for.
  if (task === 'fill') for (let chain: object = {}; ;) chain = { chain }
  if (task === 'throw') throw new Error('a fault of its own')
  if (task === 'leave') process.exit(0)
  parentPort?.postMessage(`done: ${task}`, [])
})
