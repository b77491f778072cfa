// A thread for the tests of `TaskThread`: each task names what the thread does.
import { parentPort } from 'node:worker_threads'

const held: unknown[] = []

parentPort?.on('message', (task: string) => {
  if (task === 'spin') for (;;) held.length = 0
  if (task === 'fill') for (;;) held.push(Array.from({ length: 10_000 }, () => ({})))
  if (task === 'throw') throw new Error('a fault of its own')
  if (task === 'leave') process.exit(0)
  parentPort?.postMessage(`done: ${task}`, [])
})
