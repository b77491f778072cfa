// Preloaded into a server that is measured (`--expose-gc --import`): tells what it costs, without a change to the server.
import { setTimeout as pause } from 'node:timers/promises'

export type Ask = 'cost?' | 'memory?'
export type Cost = { cpuMs: number }
/** Bytes after garbage collection. `heap`: of V8's heap and the buffers outside it, what is in use. */
export type Memory = { resident: number; heap: number }

/** V8 gives pages back step by step. */
const COLLECTIONS = 8
const PAUSE_MS = 100

process.on('message', (ask: unknown) => {
  if (ask === 'cost?') {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMs: (user + system) / 1_000 } satisfies Cost)
  } else if (ask === 'memory?') {
    void memory().then((answer) => process.send?.(answer))
  }
})

async function memory(): Promise<Memory> {
  for (let again = 0; again < COLLECTIONS; again++) {
    globalThis.gc?.()
    await pause(PAUSE_MS)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, heap: heapUsed + external }
}
