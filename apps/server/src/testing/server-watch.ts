// Loaded into a server with `--import`. It answers on its own port, which it prints, how long the event loop was blocked and how much
// memory is in use. It measures inside the process, so that other programs on the machine do not count.
import { createServer } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Memory, Stall } from './watched.ts'

const TICK_MS = 5

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** CPU time of the main thread in milliseconds, without other programs and the garbage collector's threads. */
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

let worst: Stall = { wallMs: 0, cpuMs: 0 }
let last = { wall: performance.now(), cpu: cpuMs() }
setInterval(() => {
  const now = { wall: performance.now(), cpu: cpuMs() }
  const wallMs = Math.max(0, now.wall - last.wall - TICK_MS)
  // The loop turned once between two ticks, so it was blocked for its CPU time, and never longer than the wall clock.
  const stall = { wallMs, cpuMs: Math.min(wallMs, now.cpu - last.cpu) }
  if (stall.cpuMs > worst.cpuMs) worst = stall
  last = now
}, TICK_MS).unref()

function memory(): Memory {
  collectGarbage()
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  return { heapUsed, external, arrayBuffers, rss }
}

const answers = createServer((request, response) => {
  const answer = request.url === '/memory' ? memory() : worst
  worst = { wallMs: 0, cpuMs: 0 }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
})
answers.listen(0, '127.0.0.1', () => {
  const address = answers.address()
  if (typeof address === 'object') process.stdout.write(`watched on port ${address?.port}\n`)
})
answers.unref()
