import { assault, MAX_STALL_MS } from '@tablecast/server/testing/hostile'
import { attackScenario } from './attack.ts'

/** Of each family at each kind of endpoint. */
const RUNS = 600
const SECONDS = 420

export const hostileInputs = attackScenario({
  name: 'hostile-inputs',
  title: 'strangers, guests, players and DMs of another room send hostile input to every endpoint',
  async attack({ cluster, table, context, watches }) {
    const { attacks, found, worstStallMs } = await assault({
      url: cluster.url,
      port: cluster.front.port,
      runs: RUNS,
      seconds: SECONDS,
      // After a few wrong invites an address may join nothing for a while, and the attackers must be able to join again.
      isSelected: (_endpoint, target) => target !== 'rooms.join',
      seed: Math.floor(context.chance.next() * 2 ** 31),
      stallMs: async () =>
        Math.max(...(await Promise.all(watches.map((watch) => watch.worstStall()))).map(({ cpuMs }) => cpuMs)),
    })
    for (const { endpoint, family, who, target, text, problem } of found)
      table.complain(`${family} at ${endpoint}, ${target} by ${who}: ${problem}: ${text}`)
    if (worstStallMs > MAX_STALL_MS) table.complain(`one call kept the thread for ${Math.round(worstStallMs)} ms`)
    return {
      rounds: attacks,
      notes: [`${attacks} attacks; the longest of them kept the thread for ${Math.round(worstStallMs)} ms`],
    }
  },
})
