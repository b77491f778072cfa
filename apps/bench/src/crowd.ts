// A crowd joins one room. Measures the bytes that all receive, and the server's CPU time, beside a Socket.IO room that announces each
// join.
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { answer, ask, end } from './child.ts'
import { CLIENT_CORE, forkOn, keepToCore, SERVER_CORE } from './cores.ts'
import type { Cost } from './probe.ts'
import { Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { table } from './statistics.ts'

const SIZES = [100, 200, 400, 800, 1_600]
/** The number of handshakes at a time. */
const AT_ONCE = 20
/** After this time without a message everything has arrived. */
const QUIET_MS = 1_000
const PROBE = new URL('probe.ts', import.meta.url)

type Row = { size: number; bytes: number; cpuMs: number; seconds: number }
type Kind = 'plain' | 'trpc' | 'socket.io'

const names: Record<Kind, string> = {
  plain: 'Tablecast, plain sockets',
  trpc: 'Tablecast, `presence.events`',
  'socket.io': 'Socket.IO, a notice for each join',
}

export async function crowd(): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  const rows: Record<Kind, Row[]> = { plain: [], trpc: [], 'socket.io': [] }
  await using product = await Product.start()
  const tokens = await product.players(Math.max(...SIZES))
  const cost = async () => (await product.cost()).cpuMs
  for (const size of SIZES) {
    // A restart clears the roster of the previous crowd, which is in memory only.
    await product.restart()
    rows.plain.push(await join(size, cost, () => rawWebSocket(product.port, '/ws/campaign/player')))
    await product.restart()
    rows.trpc.push(await join(size, cost, (n) => rosterOf(product.port, tokens[n] ?? '')))
    rows['socket.io'].push(await joinPeer(size))
  }
  return {
    title: 'A crowd joins one room',
    text: `Players join one room over loopback, ${AT_ONCE} handshakes at a time. Bytes are all that the clients read, with handshakes and snapshots. CPU is that of the server's process, from the first join until nothing more comes. The plain sockets have no token, and each also gets the campaign. The players of \`presence.events\` are members with tokens.\n\n${tableOf(rows)}`,
    targets: [
      atMost('Bytes per player as their number grows: exponent, plain sockets', 0.1, growth(rows.plain), ''),
      atMost('Bytes per player as their number grows: exponent, `presence.events`', 0.1, growth(rows.trpc), ''),
      atMost('Bytes of 1,600 joins on plain sockets, of those of Socket.IO', 1, ofPeer(rows.plain, rows['socket.io'])),
    ],
  }
}

/** A client of the typed API that follows only the roster. */
function rosterOf(port: number, token: string): Socket {
  const socket = rawWebSocket(port, '/trpc?connectionParams=1')
  const send = (message: object) => socket.write(clientFrame(JSON.stringify(message)))
  socket.once('data', () => {
    send({ method: 'connectionParams', data: { token } })
    const input = { roomId: 'main', lastEventId: null }
    send({ id: 1, method: 'subscription', params: { path: 'presence.events', input } })
  })
  return socket
}

async function joinPeer(size: number): Promise<Row> {
  const execArgv = ['--expose-gc', '--import', PROBE.href]
  const child = forkOn(SERVER_CORE, new URL('crowd-peer.ts', import.meta.url), [], { execArgv })
  try {
    const { port } = await answer<{ port: number }>(child)
    const cost = async () => (await ask<Cost>(child, 'cost?')).cpuMs
    return await join(size, cost, () => {
      const socket = rawWebSocket(port, '/socket.io/?EIO=4&transport=websocket')
      socket.once('data', () => socket.write(clientFrame('40')))
      return socket
    })
  } finally {
    await end(child)
  }
}

async function join(size: number, cost: () => Promise<number>, open: (n: number) => Socket): Promise<Row> {
  const sockets: Socket[] = []
  let bytes = 0
  let heardAt = performance.now()
  const began = performance.now()
  const before = await cost()
  const openOne = (n: number) =>
    new Promise<void>((resolve) => {
      const socket = open(n)
      sockets.push(socket)
      socket.on('data', (part) => {
        bytes += part.length
        heardAt = performance.now()
        resolve()
      })
      socket.on('close', () => resolve())
    })
  while (sockets.length < size) {
    const from = sockets.length
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, size - from) }, (_, n) => openOne(from + n)))
  }
  while (performance.now() - heardAt < QUIET_MS) await pause(100)
  const row = { size, bytes, cpuMs: (await cost()) - before, seconds: (heardAt - began) / 1_000 }
  const alive = sockets.filter(({ destroyed }) => !destroyed).length
  for (const socket of sockets) socket.destroy()
  if (alive !== size) throw new Error(`${size - alive} of ${size} clients were turned away`)
  return row
}

const perPlayer = ({ bytes, size }: Row): number => bytes / size

/** 0: a player costs the same in every room. 1: the cost grows in proportion to the number of people. */
function growth(rows: readonly Row[]): number | null {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return null
  return Math.log(perPlayer(last) / perPlayer(first)) / Math.log(last.size / first.size)
}

function ofPeer(rows: readonly Row[], peers: readonly Row[]): number | null {
  const [own, peer] = [rows.at(-1), peers.at(-1)]
  return own && peer ? own.bytes / peer.bytes : null
}

function tableOf(rows: Record<Kind, readonly Row[]>): string {
  const lines = (['plain', 'trpc', 'socket.io'] as const).flatMap((kind) =>
    rows[kind].map((row) => [
      names[kind],
      row.size.toLocaleString('en'),
      (row.bytes / 1e6).toFixed(2),
      (perPlayer(row) / 1e3).toFixed(1),
      (row.cpuMs / 1e3).toFixed(2),
      row.seconds.toFixed(1),
    ]),
  )
  const head = [
    'server',
    'players',
    'MB that all receive',
    'kB per player',
    'CPU of the server, s',
    'until all have it, s',
  ]
  return table([head, ...lines])
}
