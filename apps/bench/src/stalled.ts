// The effect of one subscriber that reads nothing on the 999 others: the time from publishing to delivery on the real server, in rounds
// with and without it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { clientFrame, freePort, rawWebSocket, temporaryFolder } from '@tablecast/testing'
import { WebSocket } from 'ws'
import type { Section } from './section.ts'
import { median, quantile, table } from './statistics.ts'

const SUBSCRIBERS = 1_000
const ROUNDS = 6
const MESSAGES = 60
const PERIOD_MS = 40
const FILLING = 'x'.repeat(2_000)
const TOPIC = 'stalled'
/** Only the stalled subscriber follows this topic. Its messages fill that subscriber's buffers. */
const FILL_TOPIC = 'fill'
const FILL = { messages: 800, bytes: 16_000 }

export async function stalledSubscriber(): Promise<Section> {
  await using folder = await temporaryFolder()
  const port = await freePort()
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: folder.path,
      LOG_LEVEL: 'silent',
      MAX_SOCKETS_PER_IP: '5000',
      CONNECTIONS_PER_SECOND_PER_IP: '100000',
      CALLS_PER_SECOND_PER_IP: '100000',
      CALLS_PER_SECOND: '100000',
      SLOW_CONSUMER_TIMEOUT: '3600',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    await once(server.stdout, 'data')
    for (const name of [TOPIC, FILL_TOPIC])
      await fetch(`http://127.0.0.1:${port}/topics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      })
    return await measure(server, port)
  } finally {
    server.kill('SIGKILL')
  }
}

async function measure(server: ChildProcess, port: number): Promise<Section> {
  let arrivals: number[] = []
  const readers = await Promise.all(
    Array.from({ length: SUBSCRIBERS - 1 }, () =>
      subscriber(port, (sentAt) => {
        arrivals.push(performance.now() - sentAt)
      }),
    ),
  )
  const publisher = await open(port)
  const round = async (): Promise<number> => {
    arrivals = []
    for (let n = 0; n < MESSAGES; n++) {
      const message = { id: '550e8400-e29b-41d4-a716-446655440000', payload: { sentAt: performance.now(), FILLING } }
      publisher.send(JSON.stringify({ type: 'publish', topic: TOPIC, message }))
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS))
    }
    while (arrivals.length < MESSAGES * readers.length) await new Promise((resolve) => setTimeout(resolve, 5))
    return quantile(arrivals, 0.99)
  }
  await round()
  const memory = { before: memoryOf(server), after: 0 }
  const p99 = { without: [] as number[], with: [] as number[] }
  for (let n = 0; n < ROUNDS; n++) {
    p99.without.push(await round())
    const stalled = await rawSubscriber(port)
    stalled.pause()
    await fill(publisher)
    p99.with.push(await round())
    stalled.destroy()
  }
  memory.after = memoryOf(server)
  const ratio = median(p99.with.map((value, n) => value / (p99.without[n] ?? value)))
  const rows = [
    ['p99, publish to delivery, ms', 'ratio', 'server memory before and after, MB'],
    [
      `${median(p99.without).toFixed(1)} without, ${median(p99.with).toFixed(1)} with`,
      ratio.toFixed(2),
      `${(memory.before / 1e6).toFixed(0)}, ${(memory.after / 1e6).toFixed(0)}`,
    ],
  ]
  for (const reader of readers) reader.terminate()
  publisher.terminate()
  return {
    title: 'One who does not read',
    text: `One stalled subscriber of a topic among ${SUBSCRIBERS.toLocaleString('en')}, its buffers full; 2 kB every ${PERIOD_MS} ms, median of ${ROUNDS} pairs of rounds.\n\n${table(rows)}`,
    targets: [],
  }
}

/** Publishes until the buffers of the kernel and of the server are full. */
async function fill(publisher: WebSocket): Promise<void> {
  const message = { id: '550e8400-e29b-41d4-a716-446655440000', payload: 'x'.repeat(FILL.bytes) }
  for (let n = 0; n < FILL.messages; n++) {
    const acknowledged = once(publisher, 'message')
    publisher.send(JSON.stringify({ type: 'publish', topic: FILL_TOPIC, message }))
    await acknowledged
  }
}

async function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false })
  await once(socket, 'open')
  return socket
}

async function subscriber(port: number, heard: (sentAt: number) => void): Promise<WebSocket> {
  const socket = await open(port)
  socket.send(JSON.stringify({ type: 'subscribe', topic: TOPIC, client_id: 'c' }))
  await once(socket, 'message')
  socket.on('message', (data) => {
    const sentAt = /"sentAt":([\d.]+)/.exec((data as Buffer).toString('latin1'))?.[1]
    if (sentAt) heard(Number(sentAt))
  })
  return socket
}

/** A subscriber that can stop reading. */
async function rawSubscriber(port: number): Promise<Socket> {
  const socket = rawWebSocket(port, '/ws')
  await once(socket, 'data')
  for (const topic of [TOPIC, FILL_TOPIC]) {
    socket.write(clientFrame(JSON.stringify({ type: 'subscribe', topic, client_id: 'raw' })))
    await once(socket, 'data')
  }
  return socket
}

/** Resident bytes; 0 on a system without `/proc`. */
function memoryOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) * 1_024 : 0
}
