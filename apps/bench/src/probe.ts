// Preloaded into a measured server (`--expose-gc --import`). Reports the server's cost, without a change to the server.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'

export type Ask = 'cost?' | 'memory?'
export type Cost = { cpuMs: number }
/** Bytes after garbage collection. `heap`: of living objects, and of buffers outside of V8. `peak`: the most resident memory. */
export type Memory = { resident: number; heap: number; peak: number }

/** V8 returns memory in several steps, and all that it can with the last resort. */
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

/** The least of some readings, because at any one of them frames of clients may be in memory. */
async function memory(): Promise<Memory> {
  let [resident, heap] = [Infinity, Infinity]
  for (let again = 0; again < COLLECTIONS; again++) {
    await pause(PAUSE_MS)
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    const { used_heap_size: living, external_memory: external } = getHeapStatistics()
    resident = Math.min(resident, process.memoryUsage.rss())
    heap = Math.min(heap, living + external)
  }
  return { resident, heap, peak: peakOf() }
}

/** `maxRSS` includes the memory of the process that started this one, a large build for example. Linux also tells the peak alone. */
function peakOf(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1_024
}
