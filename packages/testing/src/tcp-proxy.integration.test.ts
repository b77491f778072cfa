import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort } from './port.ts'
import { TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts'
import { until } from './until.ts'

/** An echo server, a proxy before it, and clients of the proxy. */
async function openEcho(options: Partial<TcpProxyOptions> = {}) {
  await using opened = new AsyncDisposableStack()
  const ends = new Set<Socket>()
  const server = createServer((socket) => {
    ends.add(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  const { port } = address
  opened.defer(() => {
    for (const end of ends) end.destroy()
    server.close()
  })
  const proxy = opened.use(await TcpProxy.listen({ route: () => [port], ...options }))
  const owned = opened.move()
  const client = async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    owned.defer(() => void socket.destroy())
    const received = { text: '', error: '', isClosed: false }
    socket.on('data', (piece) => (received.text += String(piece)))
    socket.on('error', (error: NodeJS.ErrnoException) => (received.error = error.code ?? ''))
    socket.on('close', () => (received.isClosed = true))
    await once(socket, 'connect')
    return { socket, received, say: (text: string) => socket.write(text) }
  }
  return { proxy, port, ends, client, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

describe('the TCP proxy', () => {
  it('passes everything in both directions, also what is larger than a buffer', async () => {
    await using echo = await openEcho()
    const { say, received } = await echo.client()
    const text = 'word '.repeat(400_000)
    say(text)
    await until(() => received.text.length === text.length)
    expect(received.text).toBe(text)
  })

  it('ends the other side when one side ends, after it has passed on all bytes', async () => {
    await using echo = await openEcho()
    const { socket, received } = await echo.client()
    socket.end('last words')
    await until(() => received.isClosed)
    expect(received).toEqual({ text: 'last words', error: '', isClosed: true })
    expect(echo.proxy.connections.size).toBe(0)
  })

  it('resets both sides at once when it cuts', async () => {
    await using echo = await openEcho()
    const { say, received } = await echo.client()
    say('a')
    await until(() => received.text === 'a')
    echo.proxy.cut()
    await until(() => received.isClosed && [...echo.ends].every((end) => end.destroyed))
    expect(received.error).toBe('ECONNRESET')
  })

  it('cuts after exactly the given number of bytes to the client', async () => {
    await using echo = await openEcho()
    const { say, received } = await echo.client()
    say('a')
    await until(() => received.text === 'a')
    for (const connection of echo.proxy.connections) connection.cutAfter(5)
    say('bcdefghij')
    await until(() => received.isClosed)
    expect(received.text).toBe('abcdef')
  })

  it('passes nothing and closes nothing while it is frozen, and passes all of it afterwards', async () => {
    await using echo = await openEcho()
    const first = await echo.client()
    first.say('a')
    await until(() => first.received.text === 'a')
    echo.proxy.freeze()
    first.say('b')
    const second = await echo.client()
    second.say('c')
    const other = await openEcho()
    const { say, received } = await other.client()
    say('meanwhile')
    await until(() => received.text === 'meanwhile')
    await other[Symbol.asyncDispose]()
    expect([first.received, second.received]).toEqual([
      { text: 'a', error: '', isClosed: false },
      { text: '', error: '', isClosed: false },
    ])
    echo.proxy.thaw()
    await until(() => first.received.text === 'ab' && second.received.text === 'c')
  })

  it('keeps the order while it delays', async () => {
    await using echo = await openEcho()
    echo.proxy.delayMs = 5
    const { say, received } = await echo.client()
    const words = Array.from({ length: 20 }, (_, n) => `${n};`)
    for (const word of words) {
      say(word)
      await new Promise(setImmediate)
    }
    await until(() => received.text.length === words.join('').length)
    expect(received.text).toBe(words.join(''))
  })

  it('passes on the output of its tap', async () => {
    await using echo = await openEcho({
      tap: () => ({
        up: (piece) => Buffer.from(String(piece).toUpperCase()),
        down: (piece) => Buffer.from(`<${String(piece)}>`),
      }),
    })
    const { say, received } = await echo.client()
    say('word')
    await until(() => received.text === '<WORD>')
  })

  it('goes to the next port when one does not answer, and resets when none does', async () => {
    const closed = await freePort()
    const ports = [closed]
    await using echo = await openEcho({ route: () => ports })
    const refused = await echo.client()
    await until(() => refused.received.isClosed)
    ports.push(echo.port)
    const { say, received } = await echo.client()
    say('a')
    await until(() => received.text === 'a')
  })
})
