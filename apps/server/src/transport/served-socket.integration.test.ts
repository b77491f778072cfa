import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rawWebSocket, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Connection } from './served-socket.ts'
import { SocketServer } from './socket-server.ts'

class Noted implements Connection {
  readonly received: string[] = []
  readonly closes: number[] = []
  pongs = 0

  receive(data: unknown): void {
    this.received.push(String(data))
  }

  pong(): void {
    this.pongs += 1
  }

  close(code: number): void {
    this.closes.push(code)
  }
}

async function start() {
  const sockets = new SocketServer<Noted>({ maxFrameBytes: 65_536 })
  const connections: Noted[] = []
  const http = createServer()
  http.on('upgrade', (request, socket, head) =>
    sockets.accept(request, socket, head, {
      make: () => new Noted(),
      begin: (connection) => void connections.push(connection),
    }),
  )
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    sockets,
    connections,
    port,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      http.close()
      await once(http, 'close')
    },
  }
}

/** A ping with 125 bytes, masked with zeros (RFC 6455 §5.5.2). */
const PING = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125, 'x')])

describe('The socket of a client', () => {
  it('hands frames, pongs and its close to its connection, and needs no listener', async () => {
    await using server = await start()
    const client = new WebSocket(`ws://127.0.0.1:${server.port}/`)
    await once(client, 'open')
    client.send('hello')
    await until(() => server.connections[0]?.received.join() === 'hello')
    const [served] = server.sockets.clients
    expect(served?.eventNames()).toEqual([])
    served?.ping()
    await until(() => server.connections[0]?.pongs === 1)
    client.close(4_000)
    await until(() => server.connections[0]?.closes.join() === '4000')
    expect(server.sockets.clients.size).toBe(0)
  })

  it('answers a ping with the same bytes', async () => {
    await using server = await start()
    const client = new WebSocket(`ws://127.0.0.1:${server.port}/`)
    await once(client, 'open')
    const answered = once(client, 'pong')
    client.ping('are you there?')
    expect(String((await answered)[0])).toBe('are you there?')
  })

  it('closes after a frame that breaks the protocol', async () => {
    await using server = await start()
    const client = rawWebSocket(server.port, '/')
    client.on('error', () => {})
    await once(client, 'data')
    // The client's frames must be masked.
    client.write(Buffer.from([0x81, 0x01, 0x41]))
    await until(() => server.connections[0]?.closes.length === 1)
  })

  it('cuts off a client that pings and reads nothing, before its pongs fill the memory', async () => {
    await using server = await start()
    const client = rawWebSocket(server.port, '/')
    client.on('error', () => {})
    await once(client, 'data')
    client.pause()
    const pings = Buffer.concat(Array.from({ length: 500 }, () => PING))
    const pinging = setInterval(() => client.writableLength < 1 << 20 && client.write(pings), 1)
    try {
      await until(() => server.connections[0]?.closes.length === 1)
    } finally {
      clearInterval(pinging)
      client.destroy()
    }
    expect(server.connections[0]?.closes).toEqual([1_006])
  })
})
