import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { until } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBody } from './read-body.ts'

const MAX = 8_000_000

describe('A request’s body', () => {
  let port: number
  let reading: Promise<Buffer>
  const server = createServer((request: IncomingMessage, response) => {
    reading = readBody(request, MAX)
    reading.then(
      (body) => response.end(body),
      () => response.writeHead(413).end(),
    )
  })
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const echo = async (body: string | ReadableStream) => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, duplex: 'half' })
    return { status: answer.status, text: await answer.text() }
  }
  const inPieces = (text: string, size: number) =>
    ReadableStream.from(
      Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        Buffer.from(text.slice(n * size, (n + 1) * size)),
      ),
    )

  it('is read whole, in one or many pieces, with or without an announced length', async () => {
    const text = 'The bell tolls. '.repeat(1_000)
    expect(await echo(text)).toEqual({ status: 200, text })
    expect(await echo(inPieces(text, 7))).toEqual({ status: 200, text })
    expect((await echo(inPieces('y'.repeat(MAX), 65_536))).text).toHaveLength(MAX)
    expect(await echo('')).toEqual({ status: 200, text: '' })
  })

  it('is refused as soon as it exceeds the limit', async () => {
    expect((await echo(inPieces('y'.repeat(MAX + 1), 65_536))).status).toBe(413)
  })

  it('gives its memory back at once when the client breaks it off', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${MAX}\r\n\r\n${'z'.repeat(MAX / 2)}`)
    const [request] = (await once(server, 'request')) as [IncomingMessage]
    await until(() => request.socket.bytesRead > MAX / 2)
    const before = process.memoryUsage().arrayBuffers
    socket.destroy()
    await expect(reading).rejects.toThrow('broken off')
    // The chunks from the socket count too, and the garbage collector frees them later.
    expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(MAX / 2)
  })
})
