// All clients return at once: the server is killed and starts again on its data, and each client resumes at its position.
import { CLIENT_CORE, keepToCore } from './cores.ts'
import { Players } from './product/players-process.ts'
import { Product } from './product/product.ts'
import type { Section } from './section.ts'
import { median, quantile, table } from './statistics.ts'

const CLIENTS = 5_000
const USERS = 500
const ROUNDS = 3

export async function storm(): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  await using product = await Product.start()
  await using players = new Players()
  const [dm, tokens] = [await product.join('DM', 'owner'), await product.players(USERS)]
  const rounds: {
    at50: number
    at99: number
    all: number
    cpuMs: number
    again: number
    failed: number
    snapshots: number
  }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { cursor } = await product.client(tokens[0]).campaign.since.query({ roomId: 'main', cursor: null })
    const missed = `missed-${round}`
    await product.client(dm).campaign.say.mutate({ roomId: 'main', key: product.key(), message: missed })
    await product.restart()
    const { cpuMs } = await product.cost()
    const { liveMs, again, failed, snapshots } = await players.come({
      port: product.port,
      transport: 'trpc',
      tokens,
      each: CLIENTS / USERS,
      cursor,
      liveWith: missed,
      atOnce: CLIENTS,
    })
    rounds.push({
      at50: quantile(liveMs, 0.5),
      at99: quantile(liveMs, 0.99),
      all: Math.max(...liveMs),
      cpuMs: (await product.cost()).cpuMs - cpuMs,
      again,
      failed,
      snapshots,
    })
    await players.leave()
  }
  const of = (key: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[key]))
  const seconds = (ms: number) => (ms / 1_000).toFixed(2)
  return {
    title: 'Everybody comes back at once',
    text: `The whole server is killed and started again on its data; as soon as it listens, ${CLIENTS.toLocaleString('en')} clients of ${USERS} users connect in the same moment, sign in, and subscribe with the cursor that they had. A client is live when it has the update that it missed. Median of ${ROUNDS} restarts, limits per address raised.\n\n${table(
      [
        [
          'clients',
          '50 % live, s',
          '99 % live, s',
          'all live, s',
          'CPU of the server, s',
          'turned away, came again',
          'never came in',
          'got a snapshot instead',
        ],
        [
          CLIENTS.toLocaleString('en'),
          seconds(of('at50')),
          seconds(of('at99')),
          seconds(of('all')),
          seconds(of('cpuMs')),
          String(of('again')),
          String(rounds.reduce((sum, { failed }) => sum + failed, 0)),
          String(rounds.reduce((sum, { snapshots }) => sum + snapshots, 0)),
        ],
      ],
    )}`,
    targets: [],
  }
}
