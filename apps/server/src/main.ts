// Reads the configuration, serves until it is told to stop, and drains. When the database was restored meanwhile it drains too, and
// serves anew from the same process and on the same port.
import { type Config, ConfigError, isLoopback, parseConfig, usage } from './config.ts'
import { lanAddresses } from './lan.ts'
import { openServer, type Server } from './server.ts'

/** What is not answered so long after the last client was told is given up. */
const PATIENCE_MS = 8_000
/** Between tries to serve anew: the database may be away for a moment. */
const AGAIN_MS = 1_000

if (process.argv.includes('--help')) {
  process.stdout.write(`Tablecast is configured by environment variables:\n\n${usage()}\n`)
} else {
  await run()
}

async function run(): Promise<void> {
  try {
    const config = parseConfig(process.env)
    let server = await openServer(config)
    await announce(server, config)
    const stopping = stopped()
    for (;;) {
      const isStopping = await Promise.race([stopping, server.restored.then(() => false)])
      // What is open remembers what is not true any more: no time to lose.
      const seconds = isStopping ? config.DRAIN_SECONDS : 0
      const isDrained = await drained(server, seconds)
      if (isStopping) process.exit(isDrained ? 0 : 1)
      if (!isDrained) throw new Error('the database was restored, and what was open did not close: start it again')
      server = await openAgain({ ...config, PORT: server.port }, stopping)
      process.stdout.write('  The database was restored: this server began anew.\n')
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      error instanceof ConfigError ? `Configuration: ${message}\n` : `Tablecast could not start: ${message}\n`,
    )
    process.exit(1)
  }
}

/** False when it took too long: what is not done by then is cut short. */
async function drained(server: Server, seconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), seconds * 1_000 + PATIENCE_MS)
  const isDrained = await Promise.race([server.drain(seconds).then(() => true), promise])
  clearTimeout(timer)
  return isDrained
}

/** Tries until it serves, or is told to stop: the database may be away for a moment. */
async function openAgain(config: Config, stopping: Promise<unknown>): Promise<Server> {
  for (;;) {
    try {
      return await openServer(config)
    } catch (error) {
      process.stderr.write(
        `Tablecast could not begin anew: ${error instanceof Error ? error.message : String(error)}\n`,
      )
      const pause = new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      if ((await Promise.race([stopping, pause])) === true) process.exit(0)
    }
  }
}

function stopped(): Promise<true> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(true))
  })
}

async function announce(server: Server, config: Config): Promise<void> {
  const invites = await server.rooms.inviteCodes('main')
  const link = (role: string) => invites.find((invite) => invite.role === role)?.code
  const dm = link('owner') ?? link('dm')
  // Whoever lets the network in wants links that work from there.
  const lan = isLoopback(config.HOST) ? [] : lanAddresses(config.HOST)
  const base = config.PUBLIC_URL ?? (lan[0] ? `http://${lan[0]}:${server.port}` : server.url)
  process.stdout.write(
    [
      '',
      `  Tablecast is ready at  ${server.url}`,
      ...lan.map((address) => `  on the local network   http://${address}:${server.port}`),
      '',
      `  Sample table, as DM      ${base}/join/${dm}`,
      `  Sample table, as player  ${base}/join/${link('player')}`,
      '',
      // An operator who expects the tables of yesterday has to see that these are not they.
      ...(server.isNewDatabase ? [`  The database is new: ${placeOf(config)}.`, ''] : []),
      '  Stop with Ctrl-C.',
      '',
      '',
    ].join('\n'),
  )
}

function placeOf({ DATABASE_URL: url, DATA_DIR: folder }: Config): string {
  return url === undefined ? `SQLite in ${folder}` : `PostgreSQL at ${new URL(url).host || 'this machine'}`
}
