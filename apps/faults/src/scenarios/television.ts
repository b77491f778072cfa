// A screen at the table, which nobody touches for an evening.
import { setTimeout as pause } from 'node:timers/promises'
import { play, type Scenario } from '../scenario.ts'

/** The long form takes half an hour: this before, between and after the restarts. */
const PHASE_MS = { short: 2_000, long: 600_000 }

export const television: Scenario = {
  name: 'television',
  title: 'every server restarts twice while a television follows: once in order (SIGTERM), once not (SIGKILL)',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    play(context, async ({ cluster, table }) => {
      const phaseMs = context.isShort ? PHASE_MS.short : PHASE_MS.long
      await table.watchOnTelevision('television')
      await pause(phaseMs)
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const since = performance.now()
        for (const node of cluster.nodes) {
          await node.end(signal)
          await node.start()
          await node.look()
        }
        await table.acknowledged()
        await table.caughtUp(since)
        await pause(phaseMs)
      }
      return { rounds: 2 }
    }),
}
