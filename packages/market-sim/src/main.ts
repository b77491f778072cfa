// `pnpm market:sim`: moves the sample market, as a process of its own, on Redis. Ctrl-C ends it.
import { openPubSub } from '@tablecast/bus'
import { ConfigError, logOptions, parseOptions, redisOptions, simulatorOptions, usageOf } from '@tablecast/config'
import { pino } from 'pino'
import { publishersOn } from './publish.ts'
import { sampleMarket } from './sample-market.ts'
import { startSimulator } from './simulator.ts'
import { MarketWorld } from './world.ts'

const options = { ...redisOptions, ...simulatorOptions, ...logOptions }

if (process.argv.includes('--help')) {
  process.stdout.write(`The market simulator is configured by environment variables:\n\n${usageOf(options)}\n`)
} else {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`Configuration: ${error.message}\n`)
    process.exitCode = 1
  }
}

function run(): void {
  const config = parseOptions(options, process.env)
  if (!config.REDIS_URL) throw new ConfigError('REDIS_URL: required, for example redis://127.0.0.1:6379/0')
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const failed = (error: unknown) => log.warn({ err: error }, 'trouble')
  const channels = openPubSub({ redisUrl: config.REDIS_URL, name: 'tablecast-market-sim', failed })
  const world = new MarketWorld({ market: sampleMarket, seed: config.MARKET_SIM_SEED, startAt: Date.now() })
  const simulator = startSimulator({
    world,
    publishers: publishersOn(channels),
    rate: config.MARKET_SIM_RATE,
    failed,
  })
  process.stdout.write(
    `The market moves on ${channels.url}, ${config.MARKET_SIM_RATE} messages a second. Stop with Ctrl-C.\n`,
  )
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      simulator[Symbol.dispose]()
      void channels[Symbol.asyncDispose]().then(() => process.exit(0))
    })
}
