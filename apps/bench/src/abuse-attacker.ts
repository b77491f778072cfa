// An attacker with its own address, as fast as one process can be. The parent process starts and stops each attack.
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { clientFrame } from '@tablecast/testing'

export type Attack = 'flood' | 'oversize' | 'drip' | 'knock' | 'guess'
type Order = { attack: Attack | null }

const port = Number(process.argv[2])
const FROM = '127.0.0.2'
let current: Attack | null = null
let tries = 0
let known: Promise<string> | null = null

process.on('message', ({ attack }: Order) => {
  current = attack
  if (attack) void run(attack)
  else process.send?.({ tries })
})

async function run(attack: Attack): Promise<void> {
  tries = 0
  const workers = { flood: 4, oversize: 4, drip: 300, knock: 8, guess: 8 }[attack]
  await Promise.all(Array.from({ length: workers }, () => work(attack)))
}

async function work(attack: Attack): Promise<void> {
  // One guest is enough, and the server would refuse the next one.
  const token = attack === 'guess' ? await (known ??= guest()) : ''
  while (current === attack) {
    tries += 1
    await attacks[attack](token).catch(() => {})
  }
}

const call = clientFrame(JSON.stringify({ id: 1, method: 'query', params: { path: 'auth.config' } }))
const calls = Buffer.concat(Array.from({ length: 5_000 }, () => call))
const large = Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]), Buffer.alloc(1 << 20)])

const attacks: Record<Attack, (token: string) => Promise<void>> = {
  /** Thousands of calls without waiting. It connects again after the server has closed the connection. */
  async flood() {
    const socket = await opened('/trpc')
    socket.write(calls)
    await closed(socket)
  },
  async oversize() {
    const socket = await opened('/ws')
    socket.write(large)
    await closed(socket)
  },
  /** A request without end, which sends a byte at a time. */
  async drip() {
    const socket = open()
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
    const dripping = setInterval(() => (current === 'drip' ? socket.write('a') : socket.destroy()), 100)
    await closed(socket)
    clearInterval(dripping)
  },
  /** Opens sockets one after the other, and keeps each until the server closes it. */
  async knock() {
    const socket = open()
    socket.write(upgrade('/ws/stream'))
    await answered(socket)
    setTimeout(() => socket.destroy(), 1_000)
  },
  async guess(token) {
    await post('rooms.join', { key: `guess-${process.pid}-${tries}`, code: `guess-${tries}` }, token)
  },
}

function open(): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: FROM })
  socket.on('error', () => {})
  socket.resume()
  return socket
}

async function opened(path: string): Promise<Socket> {
  const socket = open()
  socket.write(upgrade(path))
  await answered(socket)
  return socket
}

const closed = (socket: Socket) =>
  socket.destroyed ? Promise.resolve() : new Promise<void>((resolve) => void socket.once('close', () => resolve()))

/** Resolves also when the connection breaks. */
const answered = (socket: Socket) => Promise.race([once(socket, 'data').catch(() => {}), closed(socket)])

const upgrade = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`

const agent = new Agent({ keepAlive: true })

/** `fetch` can not choose the local address. */
async function post(path: string, input: object, token = ''): Promise<string> {
  const sending = request({
    agent,
    host: '127.0.0.1',
    port,
    localAddress: FROM,
    path: `/trpc/${path}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
  })
  sending.end(JSON.stringify(input))
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  return text(response)
}

async function guest(): Promise<string> {
  const answer = JSON.parse(await post('auth.guest', { name: 'Guesser' })) as { result: { data: { token: string } } }
  return answer.result.data.token
}
