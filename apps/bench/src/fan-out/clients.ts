// Subscribers at the lowest cost: raw sockets that subscribe, and then discard what they read. The process sleeps between two sweeps
// over all sockets, so that one read takes several events.
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import type { Server } from './peers.ts'

const [server, port, count] = process.argv.slice(2) as [Server, string, string]
/** The bytes between two sweeps wait in the kernel, whose buffers hold far more than 20 ms bring. */
const SWEEP_INTERVAL_MS = 20
/** The number of clients that connect at a time. More would overflow the queue of the listening socket. */
const AT_ONCE = 250
/** Shorter than the time after which any of the servers checks a silent client. */
const KEEP_ALIVE_INTERVAL_MS = 10_000

const SUBSCRIBE = JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events', input: {} } })
const NATS = `CONNECT {"verbose":false,"pedantic":false,"protocol":1}\r\nSUB events 1\r\nPING\r\n`

/** The first message after the handshake, the server's answer, and the message that keeps the connection alive. */
const greetings: Partial<Record<Server, { say: string; hear: string; alive?: string }>> = {
  campaign: { say: SUBSCRIBE, hear: '"started"', alive: 'PONG' },
  trpc: { say: SUBSCRIBE, hear: '"started"' },
  'socket.io': { say: '40', hear: '40{', alive: '3' },
  nats: { say: NATS, hear: 'PONG' },
}
const path = server === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/'
/** The extension that every browser offers, and that uvicorn accepts by default. */
const offer = server === 'fastapi-browser' ? { extensions: 'permessage-deflate; client_max_window_bits' } : {}

const buffer = Buffer.allocUnsafe(64 * 1024)
/** The end of the last message of a round on NATS, by which the clients recognise it. */
const END = Buffer.from('END\r\n')
let ended = 0

for (let left = Number(count); left > 0; left -= AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, subscribe))
process.send?.({ ready: true })

const never = new Int32Array(new SharedArrayBuffer(4))
function sweep(): void {
  Atomics.wait(never, 0, 0, SWEEP_INTERVAL_MS)
  setImmediate(sweep)
}
sweep()

async function subscribe(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const greeting = greetings[server]
  let waitsFor = ['101 Switching', ...(greeting ? [greeting.hear] : [])]
  const socket = rawWebSocket(Number(port), path, {
    ...offer,
    onread: {
      buffer,
      callback(length) {
        const [expected] = waitsFor
        if (expected === undefined) pass(length)
        else if (buffer.toString('latin1', 0, length).includes(expected)) {
          waitsFor = waitsFor.slice(1)
          if (waitsFor.length === 0) resolve()
          else socket.write(clientFrame(greeting?.say ?? ''))
        }
        return true
      },
    },
  })
  socket.on('error', reject)
  socket.once('close', () => reject(new Error(`${server} closed a connection`)))
  await promise
  const { alive } = greeting ?? {}
  if (alive) setInterval(() => socket.write(clientFrame(alive)), KEEP_ALIVE_INTERVAL_MS)
  socket.on('close', () => {
    process.stderr.write(`${server} closed a subscriber's connection\n`)
    process.exit(1)
  })
}

function pass(length: number): void {
  if (server !== 'nats' || buffer.compare(END, 0, END.length, length - END.length, length) !== 0) return
  ended += 1
  if (ended % Number(count) === 0) process.send?.({ ended: true })
}
