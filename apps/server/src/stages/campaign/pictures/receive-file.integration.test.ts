import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { receiveFile } from './receive-file.ts'

/** Receives a body into a file. Returns the memory of each piece that the file was made of. */
async function received(body: Buffer<ArrayBuffer>, path: string): Promise<ArrayBufferLike[]> {
  const pieces: ArrayBufferLike[] = []
  const server = createServer((request, response) => {
    watched(request, pieces)
    receiveFile(request, path, 10_000_000).then(
      () => response.end(),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body })
    return pieces
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

function watched(request: IncomingMessage, pieces: ArrayBufferLike[]): void {
  const iterator = request.iterator.bind(request)
  request.iterator = async function* (options) {
    for await (const piece of iterator(options)) {
      if (Buffer.isBuffer(piece)) pieces.push(piece.buffer)
      yield piece
    }
    return undefined
  }
}

describe('a received file', () => {
  it('leaves no piece of the body for the garbage collector', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'photo')
    const body = randomBytes(3_000_000)
    const pieces = await received(body, path)
    expect(pieces.length).toBeGreaterThan(10)
    expect(pieces.filter(({ byteLength }) => byteLength > 0)).toEqual([])
    expect(Buffer.compare(await readFile(path), body)).toBe(0)
  })
})
