// The effect of an attacker on a table: the time from the DM's message to the players' sockets, with and without the attack, in
// interleaved rounds. Server, attacker and table are separate processes, and share the machine's cores.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { AppRouter } from '@tablecast/server'
import { freePort, temporaryFolder, until } from '@tablecast/testing'
import { createTRPCClient, httpLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { Attack } from './abuse-attacker.ts'
import type { Section } from './section.ts'
import { median, quantile, table } from './statistics.ts'

const ROUNDS = 5
const PHASE_MS = 4_000
const MESSAGE_INTERVAL_MS = 25
const PLAYERS = 5

const attacks: Record<Attack, string> = {
  flood: '5,000 calls without waiting, again and again',
  oversize: 'frames of 1 MiB, again and again',
  drip: '300 requests that never end',
  knock: 'sockets, 8 at a time',
  guess: 'invites, 8 at a time',
}

export async function abuse(): Promise<Section> {
  await using folder = await temporaryFolder()
  const port = await freePort()
  const server = spawn(process.execPath, [fileURLToPath(import.meta.resolve('@tablecast/server/main'))], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: folder.path,
      LOG_LEVEL: 'silent',
      MARKET_SIM: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout, 'data')
  const stranger = fork(new URL('abuse-attacker.ts', import.meta.url), [String(port)])
  const memoryMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1_024
  const sat = await sit(port)
  try {
    await sat.measure(PHASE_MS)
    const rows = [
      ['attack', 'tries', 'p99 quiet, ms', 'p99 under attack, ms', 'ratio', 'memory before, after, MB (resident)'],
    ]
    for (const [attack, words] of Object.entries(attacks)) {
      const [quiet, loud, ratios, tries] = [[], [], [], []] as number[][]
      const before = memoryMb()
      for (let round = 0; round < ROUNDS; round++) {
        const calm = quantile(await sat.measure(PHASE_MS), 0.99)
        stranger.send({ attack })
        const busy = quantile(await sat.measure(PHASE_MS), 0.99)
        stranger.send({ attack: null })
        const [report] = (await once(stranger, 'message')) as [{ tries: number }]
        tries?.push(report.tries)
        quiet?.push(calm)
        loud?.push(busy)
        ratios?.push(busy / calm)
        await pause(500)
      }
      rows.push([
        words,
        Math.round(median(tries ?? [])).toLocaleString('en'),
        median(quiet ?? []).toFixed(1),
        median(loud ?? []).toFixed(1),
        `${median(ratios ?? []).toFixed(2)} ×`,
        `${before.toFixed(0)}, ${memoryMb().toFixed(0)}`,
      ])
    }
    return {
      title: 'Under attack',
      text: `A stranger from another address, as fast as one process can, on the same cores as the server and the table: from the DM's word to ${PLAYERS} players' sockets, ${1_000 / MESSAGE_INTERVAL_MS} a second, median of ${ROUNDS} rounds of ${PHASE_MS / 1_000} s.\n\n${table(rows)}`,
      targets: [],
    }
  } finally {
    sat.close()
    stranger.kill('SIGKILL')
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

async function sit(port: number) {
  const url = `http://127.0.0.1:${port}`
  const client = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
    })
  const { sample } = await client().auth.config.query()
  const join = async (name: string, code: string) => {
    const { token } = await client().auth.guest.mutate({ name })
    await client(token).rooms.join.mutate({ key: `join-${name}-key`, code })
    return token
  }
  const dm = client(await join('DM', sample?.ownerCode ?? ''))
  let saidAt = 0
  let expected = ''
  let heard = 0
  let latencies: number[] = []
  const sockets: WebSocket[] = []
  for (let n = 0; n < PLAYERS; n++) {
    const token = await join(`P${n}`, sample?.playerCode ?? '')
    const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`)
    sockets.push(socket)
    socket.on('open', () => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
      const params = { path: 'campaign.events', input: { roomId: 'main' } }
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text === 'PING') socket.send('PONG')
      if (expected === '' || !text.includes(expected)) return
      heard += 1
      latencies.push(performance.now() - saidAt)
    })
    await once(socket, 'message')
  }
  let count = 0
  return {
    async measure(ms: number): Promise<number[]> {
      latencies = []
      const end = performance.now() + ms
      while (performance.now() < end) {
        count += 1
        heard = 0
        expected = `word ${count}.`
        saidAt = performance.now()
        await dm.campaign.say.mutate({ roomId: 'main', key: `say-key-${count}`, message: expected })
        await until(() => heard === PLAYERS)
        await pause(Math.max(0, MESSAGE_INTERVAL_MS - (performance.now() - saidAt)))
      }
      return latencies
    },
    close() {
      for (const socket of sockets) socket.terminate()
    },
  }
}
