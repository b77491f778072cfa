// `pnpm market:sim`: moves the sample market, as a process of its own, on Redis. Ctrl-C ends it.
import { openPubSub } from '@tablecast/bus'
import { ConfigError, endWith, logOptions, redisOptions, runProgram, simulatorOptions } from '@tablecast/config'
import { pino } from 'pino'
import { immediatePublishersOn } from './publish.ts'
import { sampleMarket } from './sample-market.ts'
import { startSimulator } from './simulator.ts'
import { MarketWorld } from './world.ts'

const options = { ...redisOptions, ...simulatorOptions, ...logOptions }

await runProgram('The market simulator', options, async (config) => {
  if (!config.REDIS_URL) throw new ConfigError('REDIS_URL: required, for example redis://127.0.0.1:6379/0')
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const failed = (error: unknown) => log.warn({ err: error }, 'market simulator: background task failed')
  const channels = await openPubSub({ redisUrl: config.REDIS_URL, name: 'tablecast-market-sim', failed })
  const world = new MarketWorld({ market: sampleMarket, seed: config.MARKET_SIM_SEED, startAt: Date.now() })
  const simulator = startSimulator({
    world,
    publishers: immediatePublishersOn(channels),
    rate: config.MARKET_SIM_RATE,
    failed,
  })
  process.stdout.write(
    `The market moves on ${channels.url}, ${config.MARKET_SIM_RATE} messages a second. Stop with Ctrl-C.\n`,
  )
  endWith(async () => {
    simulator[Symbol.dispose]()
    await channels[Symbol.asyncDispose]()
  })
})
