// How long each kind of silence lasts, measured on real sockets: what docs/security.md promises.
import { connect, type Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProcess } from '../testing/process.ts'
import { until } from '../testing/testbed.ts'

const HEADER_SECONDS = 4
const IDLE_SECONDS = 8
/** What a busy machine may add to a few seconds. What was wrong took 21 s and more. */
const SLACK_SECONDS = 7

/** Seconds until the other end is gone. */
function lasts(socket: Socket): Promise<number> {
  const from = performance.now()
  socket.on('error', () => {})
  return new Promise((resolve) => void socket.once('close', () => resolve((performance.now() - from) / 1_000)))
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN

// Each waits for the ends of its own connections.
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

  /** A socket that is read and written to by hand. `heard`: all that came. */
  function raw(path: string) {
    const socket = rawWebSocket(port, path)
    let heard = ''
    socket.on('data', (part: Buffer) => (heard += part.toString('latin1')))
    return { socket, heard: () => heard, lasts: lasts(socket) }
  }

  it('does not finish the head of a request, or does not begin one, ends when HEADER_TIMEOUT says', async () => {
    const late: Promise<number>[] = []
    // At every moment between two looks of Node's.
    for (let n = 0; n < 20; n++) {
      const socket = connect(port, '127.0.0.1').resume()
      late.push(lasts(socket).then((seconds) => seconds - HEADER_SECONDS))
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

  it('says nothing on /trpc for 5 s ends, whether it announced parameters or not; one that answers the question stays', async () => {
    const silent = ['/trpc', '/trpc?connectionParams=1'].map(raw)
    const quiet = raw('/trpc')
    quiet.socket.on('data', (part: Buffer) => {
      if (part.includes('PING')) quiet.socket.write(clientFrame('PONG'))
    })
    for (const { lasts: seconds } of silent) expect(await seconds).toBeLessThan(5 + SLACK_SECONDS)
    quiet.socket.write(clientFrame('{"id":1,"method":"query","params":{"path":"auth.config"}}'))
    await until(() => quiet.heard().includes('"guests":true'))
    // It follows nothing, and asks for nothing more.
    expect(await quiet.lasts).toBeLessThan(5 + IDLE_SECONDS + 5 + 2 * SLACK_SECONDS)
    expect(quiet.heard()).toContain('idle')
  })

  it('opens Socket.IO and says nothing ends after 5 s, over WebSocket and over polling', async () => {
    const socketIo = async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^tablecast_connections\{transport="socketio"\} (\d+)$/m.exec(text)?.[1])
    }
    const from = performance.now()
    const silent = raw('/socket.io/?EIO=4&transport=websocket')
    await (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).text()
    await until(async () => (await socketIo()) === 2)
    expect(await silent.lasts).toBeLessThan(6 + SLACK_SECONDS)
    await until(async () => (await socketIo()) === 0)
    expect((performance.now() - from) / 1_000).toBeLessThan(6 + 2 * SLACK_SECONDS)
  })

  it('does not answer a close is cut off a second later', async () => {
    // Binary: with a mask of zeros, and one byte.
    const binary = Buffer.from([0x82, 0x81, 0, 0, 0, 0, 1])
    for (const path of ['/ws', '/ws/stream', '/ws/campaign/player', '/ws/arena/a']) {
      const refused = raw(path)
      await until(() => refused.heard().includes('101'))
      refused.socket.write(binary)
      expect(await refused.lasts).toBeLessThan(1 + SLACK_SECONDS)
      expect([path, refused.heard().includes('send text frames')]).toEqual([path, true])
    }
  })
})
