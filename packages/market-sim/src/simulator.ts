// Runs a world at a rate.
import { BusError } from '@tablecast/bus'
import type { MarketPublishers } from './publish.ts'
import type { MarketWorld } from './world.ts'

const TICK_MS = 20
/** After a longer pause, such as a sleeping machine, the missed messages are skipped. */
const MAX_BEHIND_MS = 1_000

export type SimulatorDeps = {
  world: MarketWorld
  publishers: MarketPublishers
  /** Messages per second. */
  rate: number
  failed(error: unknown): void
}

/** Publishes until it is disposed. While the channels are unreachable, the world goes on and its messages are lost. */
export function startSimulator({ world, publishers, rate, failed }: SimulatorDeps): Disposable {
  let from = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    from = Math.max(from, now - MAX_BEHIND_MS)
    for (; from + 1_000 / rate <= now; from += 1_000 / rate)
      try {
        world.next(Date.now())(publishers)
      } catch (error) {
        if (!(error instanceof BusError && error.code === 'UNAVAILABLE')) failed(error)
      }
  }, TICK_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
