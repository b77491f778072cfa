import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Channel } from '@tablecast/hub'
import { rawWebSocket } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { until } from '../testing/testbed.ts'
import { SocketSink, textFrame } from './socket-sink.ts'

const LIMIT = 64 * 1024
const wire = { form: 'plain', encode: ({ text }: { text: string }) => text }

describe('A frame', () => {
  it('takes the memory of its bytes and no more, because a channel keeps its newest events', () => {
    for (const length of [0, 1, 400, 70_000]) {
      const frame = textFrame('x'.repeat(length))
      expect(frame.buffer.byteLength).toBe(frame.length)
    }
  })
})

describe('A socket as a sink', () => {
  it('[H6] buffers at most its limit and one batch for a reader that stopped, while another reader gets every event', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const channel = new Channel(
      'c',
      { epoch: 'e', head: 0 },
      { policy: { kind: 'dropOldest', pending: 1_000 }, ringSize: 64 },
    )
    const sockets: { tcp: Socket; lag(): number }[] = []
    server.on('connection', (socket, request) => {
      const sink = new SocketSink({
        socket,
        wire,
        maxBufferedBytes: LIMIT,
        tally: { transport: 'plain', deliveries: 0, bytes: 0 },
        owner: { closed() {} },
      })
      const cursor = channel.subscribe(sink, channel.head)
      sink.follow(cursor)
      sockets.push({ tcp: request.socket, lag: () => cursor.lag })
    })
    const stopped = rawWebSocket(port, '/')
    await once(stopped, 'data')
    stopped.pause()
    const good = new WebSocket(`ws://127.0.0.1:${port}`)
    let received = 0
    good.on('message', () => (received += 1))
    await once(good, 'open')
    await until(() => sockets.length === 2)

    const text = JSON.stringify('x'.repeat(16_000))
    for (let round = 0; round < 1_500; round++) {
      channel.publish({ seq: channel.head + 1, text })
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => received === 1_500)
    // 24 MB were published. The kernel buffers a part. Only the limit and one batch wait here, because a cursor is a number.
    expect(sockets[0]?.tcp.writableLength).toBeLessThanOrEqual(LIMIT + 300 * 1024)
    expect(sockets[0]?.lag()).toBeGreaterThan(0)
    stopped.destroy()
    good.terminate()
    server.close()
  })

  it('sends the newest event to a reader that reads again, even if the buffer never reached its high-water mark', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy: { kind: 'latest' }, ringSize: 8 })
    let tcp: Socket | null = null
    server.on('connection', (socket, request) => {
      tcp = request.socket
      const tally = { transport: 'plain' as const, deliveries: 0, bytes: 0 }
      const sink = new SocketSink({ socket, wire, maxBufferedBytes: 0, tally, owner: { closed() {} } })
      sink.follow(channel.subscribe(sink, channel.head))
    })
    const reader = rawWebSocket(port, '/')
    let text = ''
    reader.on('data', (part: Buffer) => (text = (text + part.toString('latin1')).slice(-20_000)))
    await until(() => channel.size === 1 && text.includes('101'))
    reader.pause()
    const isStuck = () => (tcp?.writableLength ?? 0) > 0
    await until(async () => {
      for (let n = 0; n < 50 && !isStuck(); n++) {
        channel.publish({ seq: channel.head + 1, text: `${channel.head + 1} ${'x'.repeat(10_000)}` })
        await new Promise((resolve) => setImmediate(resolve))
      }
      return isStuck()
    })
    // The stream does not count as full.
    expect(tcp).toMatchObject({ writableNeedDrain: false })
    channel.publish({ seq: channel.head + 1, text: 'the newest' })
    reader.resume()
    await until(() => text.endsWith('the newest'))
    reader.destroy()
    server.close()
  })

  it('builds frames that `ws` reads, for every form of the length field (RFC 6455)', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const texts = [0, 1, 125, 126, 65_535, 65_536, 200_000].map(
      (length) => 'é'.repeat(length / 2) + 'x'.repeat(length % 2),
    )
    server.on('connection', (_socket, request) => {
      for (const text of texts) request.socket.write(textFrame(text))
    })
    const client = new WebSocket(`ws://127.0.0.1:${port}`)
    const got: string[] = []
    client.on('message', (data) => void got.push((data as Buffer).toString()))
    await until(() => got.length === texts.length)
    expect(got).toEqual(texts)
    client.terminate()
    server.close()
  })
})
