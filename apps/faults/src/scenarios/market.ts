// Redis, which the market needs, is unreachable for one node, and then for all.
import { setTimeout as pause } from 'node:timers/promises'
import { MarketTalk } from '../market-talk.ts'
import { play, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const OUTAGE_MS = 6_000
const NOTICE_TIMEOUT_MS = 90_000
const SAID_MEANWHILE = { full: 650, short: 200 }

export const nodeWithoutRedis: Scenario = {
  name: 'node-without-redis',
  title:
    'one node’s own way to Redis is cut, then swallows everything, and then Redis is killed, while people talk about the market',
  setups: ['cluster'],
  short: ['cluster'],
  run: (context) =>
    play(
      context,
      async ({ cluster, table }) => {
        const { redis, links } = cluster
        const way = links[1]?.redis
        if (!redis || !way) throw new Error('there is no Redis to lose')
        using talk = await MarketTalk.open(cluster)
        const count = context.isShort ? SAID_MEANWHILE.short : SAID_MEANWHILE.full
        const faults: [begin: () => unknown, end: () => unknown][] = [
          [() => way.cut(), () => way.mend()],
          [() => way.proxy.freeze(), () => way.proxy.thaw()],
          [() => redis.stop(), () => redis.start()],
        ]
        for (const [begin, end] of faults) {
          await talk.say(20)
          await begin()
          await Promise.all([talk.say(count), pause(OUTAGE_MS)])
          await end()
          await talk.say(20)
          const back = performance.now()
          await within(NOTICE_TIMEOUT_MS, 'every node has Redis again', () => everyNodeHasRedis(cluster.nodes))
          await talk.heard()
          await table.caughtUp(back)
        }
        const { acknowledged, delivered } = talk.verdict()
        return {
          rounds: faults.length,
          notes: [`of these, ${acknowledged} messages of the market, told ${delivered} times to stock clients`],
          verdict: talk.verdict(),
        }
      },
      { hasRedis: true },
    ),
}

async function everyNodeHasRedis(nodes: readonly { port: number }[]): Promise<boolean> {
  const healths = nodes.map(async ({ port }) => {
    const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { redis_connected: boolean }
    return health.redis_connected
  })
  return (await Promise.all(healths)).every(Boolean)
}
