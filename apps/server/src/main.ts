// Reads the configuration, serves until a signal stops it, and drains. After a restore of the database it also drains, and then opens a
// new server in the same process and on the same port.
import { type Config, ConfigError, isLoopback, parseConfig, usage } from './config.ts'
import { lanAddresses } from './lan.ts'
import { openServer, type Server } from './server.ts'

/** The drain may take this long beyond DRAIN_SECONDS. Then it is cut short. */
const DRAIN_TIMEOUT_MS = 8_000
/** The delay between tries to open the server again, because the database may be unreachable for a moment. */
const RETRY_DELAY_MS = 1_000

if (process.argv.includes('--help')) {
  process.stdout.write(
    `Tablecast is configured by environment variables:\n\n${usage()}\n\n  --lan   lets the local network in: the same as HOST=0.0.0.0\n`,
  )
} else {
  await run()
}

async function run(): Promise<void> {
  try {
    const isForNetwork = process.argv.includes('--lan')
    const config = parseConfig(isForNetwork ? { ...process.env, HOST: '0.0.0.0' } : process.env)
    let server = await openServer(config)
    // Before the address is printed: a supervisor may stop a server that it has just seen ready.
    const stopping = stopped()
    await announce(server, config)
    for (;;) {
      const isStopping = await Promise.race([stopping, server.restored.then(() => false)])
      // After a restore the open server holds outdated state, so it drains without a delay.
      const seconds = isStopping ? config.DRAIN_SECONDS : 0
      const isDrained = await drained(server, seconds)
      if (isStopping) process.exit(isDrained ? 0 : 1)
      if (!isDrained) throw new Error('the database was restored, and what was open did not close: start it again')
      server = await openAgain({ ...config, PORT: server.port }, stopping)
      process.stdout.write('  The database was restored: this server has started again.\n')
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      error instanceof ConfigError ? `Configuration: ${message}\n` : `Tablecast could not start: ${message}\n`,
    )
    process.exit(1)
  }
}

/** Drains the server. False when it took too long. */
async function drained(server: Server, seconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), seconds * 1_000 + DRAIN_TIMEOUT_MS)
  const isDrained = await Promise.race([server.drain(seconds).then(() => true), promise])
  clearTimeout(timer)
  return isDrained
}

/** Tries until the server is open or a signal stops the process. */
async function openAgain(config: Config, stopping: Promise<unknown>): Promise<Server> {
  for (;;) {
    try {
      return await openServer(config)
    } catch (error) {
      process.stderr.write(
        `Tablecast could not start again: ${error instanceof Error ? error.message : String(error)}\n`,
      )
      const pause = new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS))
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
  const invites = await server.rooms.invites.codes('main')
  const link = (role: string) => invites.find((invite) => invite.role === role)?.code
  const ownerLink = link('owner')
  const dm = ownerLink ?? link('dm')
  // With an open network, print links that other machines can use.
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
      ...(ownerLink
        ? ['  The DM link works once: it makes the first person who opens it the owner of the table.']
        : []),
      '',
      // An operator who expects existing rooms must see that this database is a new one.
      ...(server.isNewDatabase ? [`  The database is new: ${locationOf(config)}.`, ''] : []),
      '  Stop with Ctrl-C.',
      '',
      '',
    ].join('\n'),
  )
}

function locationOf({ DATABASE_URL: url, DATA_DIR: folder }: Config): string {
  return url === undefined ? `SQLite in ${folder}` : `PostgreSQL at ${new URL(url).host || 'this machine'}`
}
