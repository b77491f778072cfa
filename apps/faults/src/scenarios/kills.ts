import { setTimeout as pause } from 'node:timers/promises'
import { play, type Scenario } from '../scenario.ts'

const ROUNDS = { full: 50, short: 3 }
const MAX_WAIT_MS = 900
/** The share of rounds in which the next kill comes while clients still return from the last one. */
const HASTE = 0.2

export const kills: Scenario = {
  name: 'kills',
  title: 'a server is killed (SIGKILL) at a random moment and started again',
  setups: ['sqlite', 'postgres', 'cluster'],
  short: ['sqlite', 'cluster'],
  run: (context) =>
    play(context, async ({ cluster, table, context: { chance, isShort } }) => {
      const rounds = isShort ? ROUNDS.short : ROUNDS.full
      for (let round = 0; round < rounds; round++) {
        await pause(chance.next() * MAX_WAIT_MS)
        const node = chance.pick(cluster.nodes)
        await node.end('SIGKILL')
        await node.start()
        const back = performance.now()
        if (chance.next() >= HASTE) await table.caughtUp(back)
      }
      return { rounds }
    }),
}
