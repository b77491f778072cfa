// Preloaded into a measured server (`--expose-gc --import`). Reports the server's cost, without a change to the server.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'

export type Ask = 'cost?' | 'memory?' | 'delay?'
export type Cost = { cpuMs: number }
/** Bytes after garbage collection. `heap`: of living objects, and of buffers outside of V8. `peak`: the most resident memory. */
export type Memory = { resident: number; heap: number; peak: number }

/** By how much the event loop ran a timer late, since it was last asked. */
export type LoopDelay = { p99Ms: number; maxMs: number }

/** V8 returns memory in several steps, and all that it can with the last resort. */
const COLLECTIONS = 8
const PAUSE_MS = 100

process.on('message', (ask: unknown) => {
  if (ask === 'cost?') {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMs: (user + system) / 1_000 } satisfies Cost)
  } else if (ask === 'memory?') {
    void memory().then((answer) => process.send?.(answer))
  } else if (ask === 'delay?') {
    process.send?.(loopDelay())
  }
})

let delays: ReturnType<typeof monitorEventLoopDelay> | null = null

/** It measures from the first time on, so that other benchmarks do not pay for its timer. */
function loopDelay(): LoopDelay {
  const answer = delays ? { p99Ms: late(delays.percentile(99)), maxMs: late(delays.max) } : { p99Ms: 0, maxMs: 0 }
  delays ??= monitorEventLoopDelay({ resolution: DELAY_INTERVAL_MS })
  delays.enable()
  delays.reset()
  return answer
}

const DELAY_INTERVAL_MS = 5
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - DELAY_INTERVAL_MS)

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
