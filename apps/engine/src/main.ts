// `pnpm engine`: plays the arena's games as a process of its own, on NATS. Ctrl-C leaves its sessions to other engines.
import { agentsFrom, ArenaEngine } from '@tablecast/arena-engine'
import { openBus } from '@tablecast/bus'
import { arenaOptions, busOptions, ConfigError, endWith, logOptions, modelOptions, runProgram } from '@tablecast/config'
import { pino } from 'pino'

const options = { ...busOptions, ...logOptions, ...arenaOptions, ...modelOptions }

await runProgram('The arena engine', options, async (config) => {
  if (!config.NATS_URL) throw new ConfigError('NATS_URL: required, for example nats://127.0.0.1:4222')
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const failed = (error: unknown) => log.warn({ err: error }, 'engine: background task failed')
  const agentFor = await agentsFrom(config, failed)
  const bus = await openBus({ natsUrl: config.NATS_URL, name: 'tablecast engine', failed })
  const engine = new ArenaEngine({
    bus,
    agentFor,
    rounds: config.ARENA_ROUNDS,
    agents: config.ARENA_SIZE,
    paceMs: config.ARENA_PACE_MS,
    failed: (error, session) => log.warn({ err: error, session }, 'session ended here'),
  })
  process.stdout.write(`The arena engine ${engine.engineId} plays on ${bus.url}. Stop with Ctrl-C.\n`)
  endWith(async () => {
    await engine[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
  })
})
