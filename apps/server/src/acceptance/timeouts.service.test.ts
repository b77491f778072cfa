// The timeouts of silent connections that docs/security.md promises, measured on real sockets.
import { connect, type Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProcess } from '../testing/process.ts'
import { until } from '../testing/testbed.ts'

const HEADER_SECONDS = 4
const IDLE_SECONDS = 8
/** A busy machine adds a few seconds. The bug that this test caught took 21 s and more. */
const SLACK_SECONDS = 7

/** Seconds until the other end closes. */
function secondsOpen(socket: Socket): Promise<number> {
  const from = performance.now()
  socket.on('error', () => {})
  return new Promise((resolve) => void socket.once('close', () => resolve((performance.now() - from) / 1_000)))
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN

// Each test only waits for its own connections to close.
describe.concurrent('a connection that', () => {
  let server: Awaited<ReturnType<typeof openProcess>>
  let port: number
  beforeAll(async () => {
    server = await openProcess({
      HEADER_TIMEOUT: String(HEADER_SECONDS),
      IDLE_TIMEOUT: String(IDLE_SECONDS),
      CONNECTIONS_PER_SECOND_PER_IP: '20000',
    })
    port = server.port
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** A bare socket. `received` returns all received text. */
  function raw(path: string) {
    const socket = rawWebSocket(port, path)
    let received = ''
    socket.on('data', (part: Buffer) => (received += part.toString('latin1')))
    return { socket, received: () => received, secondsOpen: secondsOpen(socket) }
  }

  it('never begins or finishes the head of a request ends after HEADER_TIMEOUT', async () => {
    const late: Promise<number>[] = []
    // Node checks at intervals, so the connections begin at many moments between two checks.
    for (let n = 0; n < 20; n++) {
      const socket = connect(port, '127.0.0.1').resume()
      late.push(secondsOpen(socket).then((seconds) => seconds - HEADER_SECONDS))
      if (n % 2 === 0) {
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
        const drip = setInterval(() => socket.write('a'), 300)
        socket.once('close', () => clearInterval(drip))
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const seconds = await Promise.all(late)
    expect(Math.min(...seconds)).toBeGreaterThan(-0.5)
    expect(median(seconds)).toBeLessThan(SLACK_SECONDS)
  })

  it('is silent on /trpc ends after 5 s, and one that answers PING stays until IDLE_TIMEOUT', async () => {
    const silent = ['/trpc', '/trpc?connectionParams=1'].map(raw)
    const quiet = raw('/trpc')
    quiet.socket.on('data', (part: Buffer) => {
      if (part.includes('PING')) quiet.socket.write(clientFrame('PONG'))
    })
    for (const { secondsOpen: seconds } of silent) expect(await seconds).toBeLessThan(5 + SLACK_SECONDS)
    quiet.socket.write(clientFrame('{"id":1,"method":"query","params":{"path":"auth.config"}}'))
    await until(() => quiet.received().includes('"guests":true'))
    // It has no subscription and sends no further call.
    expect(await quiet.secondsOpen).toBeLessThan(5 + IDLE_SECONDS + 5 + 2 * SLACK_SECONDS)
    expect(quiet.received()).toContain('idle')
  })

  it('opens Socket.IO and sends nothing ends after 5 s, over WebSocket and over polling', async () => {
    const socketIo = async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^tablecast_connections\{transport="socketio"\} (\d+)$/m.exec(text)?.[1])
    }
    const from = performance.now()
    const silent = raw('/socket.io/?EIO=4&transport=websocket')
    await (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).text()
    await until(async () => (await socketIo()) === 2)
    expect(await silent.secondsOpen).toBeLessThan(6 + SLACK_SECONDS)
    await until(async () => (await socketIo()) === 0)
    expect((performance.now() - from) / 1_000).toBeLessThan(6 + 2 * SLACK_SECONDS)
  })

  it('does not answer a close frame is cut off a second later', async () => {
    // A binary frame with a mask of zeros and one byte.
    const binary = Buffer.from([0x82, 0x81, 0, 0, 0, 0, 1])
    for (const path of ['/ws', '/ws/stream', '/ws/campaign/player', '/ws/arena/a']) {
      const refused = raw(path)
      await until(() => refused.received().includes('101'))
      refused.socket.write(binary)
      expect(await refused.secondsOpen).toBeLessThan(1 + SLACK_SECONDS)
      expect([path, refused.received().includes('send text frames')]).toEqual([path, true])
    }
  })
})
