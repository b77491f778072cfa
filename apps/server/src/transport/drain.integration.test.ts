import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { until } from '@tablecast/testing'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { CallsInFlight } from './calls-in-flight.ts'
import { moveConnections } from './drain.ts'

async function openSockets(count: number) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients = Array.from({ length: count }, () => new WebSocket(`ws://127.0.0.1:${port}`))
  const closes = clients.map((client) => once(client, 'close') as Promise<[number, Buffer]>)
  const received: string[] = []
  for (const client of clients) client.on('message', (data: Buffer) => received.push(data.toString()))
  await until(() => server.clients.size === count && clients.every(({ readyState }) => readyState === WebSocket.OPEN))
  return {
    sockets: [...server.clients],
    closes,
    received,
    [Symbol.dispose]() {
      for (const client of clients) client.terminate()
      server.close()
    },
  }
}

const nobody = { trpc: [], plain: [], streams: [], calls: new CallsInFlight(), spreadMs: 0 }

describe('Sending clients elsewhere', () => {
  it('closes each socket at a random moment of its own, and all sockets in the end', async () => {
    using open = await openSockets(3)
    const order: number[] = []
    open.sockets.forEach((socket, index) => {
      const close = vi.spyOn(socket, 'close')
      close.mockImplementationOnce((...all) => {
        order.push(index)
        close.mockRestore()
        socket.close(...all)
      })
    })
    const chances = [0.9, 0.1, 0.5, 0]
    const ended: string[] = []
    await moveConnections({
      ...nobody,
      plain: open.sockets,
      streams: [() => ended.push(order.join())],
      spreadMs: 300,
      random: () => chances.shift() ?? 0,
    })
    expect(order).toEqual([1, 2, 0])
    expect(ended).toEqual([''])
    for (const [code] of await Promise.all(open.closes)) expect(code).toBe(1012)
  })

  it('asks a tRPC client to reconnect before it closes the connection', async () => {
    using open = await openSockets(1)
    await moveConnections({ ...nobody, trpc: open.sockets })
    await Promise.all(open.closes)
    expect(open.received).toEqual(['{"id":null,"method":"reconnect"}'])
  })

  it('closes no connection on which a call waits for its answer', async () => {
    using open = await openSockets(2)
    const [busy, idle] = open.sockets
    const calls = new CallsInFlight()
    const ends = busy ? [calls.begin(busy), calls.begin(busy)] : []
    let isDone = false
    const sending = moveConnections({ ...nobody, plain: open.sockets, calls }).then(() => (isDone = true))
    await until(() => idle?.readyState === WebSocket.CLOSED)
    for (const end of ends) {
      expect([busy?.readyState, isDone]).toEqual([WebSocket.OPEN, false])
      end()
      end()
      await new Promise(setImmediate)
    }
    await sending
    await Promise.all(open.closes)
  })
})
