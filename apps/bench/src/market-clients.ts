// Clients of the market: raw sockets that only count messages and answer the server's pings. So a thousand of them cost less than the
// server.
import type { Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'

const [port, socketIoCount, trpcCount] = process.argv.slice(2).map(Number)

const EVENT = Buffer.from('42["')
const MESSAGE = Buffer.from('"data":{"type":"')
const SNAPSHOT = Buffer.from('market:snapshot')
const BOARD = Buffer.from('market:board')

type Client = { kind: 'socket.io' | 'trpc'; count: number }
const clients: Client[] = []

const opening = [
  ...Array.from({ length: socketIoCount ?? 0 }, () => open('socket.io', '/socket.io/?EIO=4&transport=websocket')),
  ...Array.from({ length: trpcCount ?? 0 }, () => open('trpc', '/trpc')),
]
await Promise.all(opening)
process.send?.({ ready: true })
process.on('message', () => process.send?.({ counts: clients.map(({ kind, count }) => [kind, count]) }))

function open(kind: Client['kind'], path: string): Promise<void> {
  const socket = rawWebSocket(port ?? 0, path)
  const client: Client = { kind, count: 0 }
  clients.push(client)
  const { promise, resolve } = Promise.withResolvers<void>()
  let rest: Buffer = Buffer.alloc(0)
  let isOpen = false
  socket.on('data', (part: Buffer) => {
    let data = rest.length > 0 ? Buffer.concat([rest, part]) : part
    if (!isOpen) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        rest = data
        return
      }
      isOpen = true
      data = data.subarray(end + 4)
      if (kind === 'trpc')
        socket.write(clientFrame('{"id":1,"method":"subscription","params":{"path":"market.events","input":{}}}'))
    }
    rest = frames(data, (opcode, from, to, whole) => {
      if (opcode === 9) pong(socket)
      else if (kind === 'socket.io') socketIoFrame(socket, client, whole, from, to, resolve)
      else trpcFrame(socket, client, whole, from, to, resolve)
    })
  })
  return promise
}

function socketIoFrame(socket: Socket, client: Client, data: Buffer, from: number, to: number, opened: () => void) {
  if (data.compare(EVENT, 0, 4, from, Math.min(to, from + 4)) === 0) {
    if (data.indexOf(SNAPSHOT, from) !== from + 4) client.count += 1
  } else if (data[from] === 0x30) socket.write(clientFrame('40'))
  else if (data[from] === 0x32) socket.write(clientFrame('3'))
  else if (data[from] === 0x34 && data[from + 1] === 0x30) opened()
}

function trpcFrame(socket: Socket, client: Client, data: Buffer, from: number, to: number, opened: () => void) {
  if (to - from === 4 && data.toString('latin1', from, to) === 'PING') return socket.write(clientFrame('PONG'))
  const frame = data.subarray(from, to)
  if (!frame.includes(MESSAGE)) return
  if (frame.includes(SNAPSHOT)) opened()
  else if (!frame.includes(BOARD)) client.count += 1
}

/** Calls back for each whole frame (RFC 6455 §5.2, unmasked). Returns the rest of the bytes. */
function frames(data: Buffer, take: (opcode: number, from: number, to: number, data: Buffer) => void): Buffer {
  let at = 0
  while (data.length - at >= 2) {
    const short = (data[at + 1] ?? 0) & 0x7f
    const head = short === 127 ? 10 : short === 126 ? 4 : 2
    if (data.length - at < head) break
    const length =
      short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short === 126 ? data.readUInt16BE(at + 2) : short
    if (data.length - at < head + length) break
    take((data[at] ?? 0) & 0x0f, at + head, at + head + length, data)
    at += head + length
  }
  return data.subarray(at)
}

const pong = (socket: Socket) => socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
