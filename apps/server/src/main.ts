// Reads the configuration, serves until it is told to stop, and drains.
import { ConfigError, isLoopback, parseConfig, usage } from './config.ts'
import { lanAddresses } from './lan.ts'
import { openServer } from './server.ts'

const DRAIN_MS = 10_000

if (process.argv.includes('--help')) {
  process.stdout.write(`Tablecast is configured by environment variables:\n\n${usage()}\n`)
} else {
  await run()
}

async function run(): Promise<void> {
  try {
    const config = parseConfig(process.env)
    const server = await openServer(config)
    const invites = await server.rooms.inviteCodes('main')
    const link = (role: string) => invites.find((invite) => invite.role === role)?.code
    const dm = link('owner') ?? link('dm')
    // Whoever lets the network in wants links that work from there.
    const lan = isLoopback(config.HOST) ? [] : lanAddresses()
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
        '  Stop with Ctrl-C.',
        '',
        '',
      ].join('\n'),
    )
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        setTimeout(() => process.exit(0), DRAIN_MS).unref()
        void server.drain().then(() => process.exit(0))
      })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      error instanceof ConfigError ? `Configuration: ${message}\n` : `Tablecast could not start: ${message}\n`,
    )
    process.exit(1)
  }
}
