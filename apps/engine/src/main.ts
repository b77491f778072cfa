// `pnpm engine`: plays the arena's games as a process of its own, on NATS. Ctrl-C leaves its sessions to other engines.
import { agentsFrom, ArenaEngine } from '@tablecast/arena-engine'
import { openBus } from '@tablecast/bus'
import {
  arenaOptions,
  busOptions,
  ConfigError,
  logOptions,
  modelOptions,
  parseOptions,
  usageOf,
} from '@tablecast/config'
import { pino } from 'pino'

const options = { ...busOptions, ...logOptions, ...arenaOptions, ...modelOptions }

if (process.argv.includes('--help')) {
  process.stdout.write(`The arena engine is configured by environment variables:\n\n${usageOf(options)}\n`)
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
  if (!config.NATS_URL) throw new ConfigError('NATS_URL: required, for example nats://127.0.0.1:4222')
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const failed = (error: unknown) => log.warn({ err: error }, 'trouble')
  const agentFor = agentsFrom(config, failed)
  const bus = openBus({ natsUrl: config.NATS_URL, name: 'tablecast engine', failed })
  const engine = new ArenaEngine({
    bus,
    agentFor,
    rounds: config.ARENA_ROUNDS,
    agents: config.ARENA_SIZE,
    paceMs: config.ARENA_PACE_MS,
    failed: (error, session) => log.warn({ err: error, session }, 'session ended here'),
  })
  process.stdout.write(`The arena engine ${engine.engineId} plays on ${bus.url}. Stop with Ctrl-C.\n`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      void engine[Symbol.asyncDispose]()
        .then(() => bus[Symbol.asyncDispose]())
        .then(() => process.exit(0))
    })
}
