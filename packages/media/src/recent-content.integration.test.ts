import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { RecentContent } from './recent-content.ts'
import type { Variant } from './variants.ts'

/** A store with files named by their hash, which counts its readings. */
function storeOf(files: Record<string, Buffer>) {
  const reads: string[] = []
  const store = {
    reads,
    files,
    async read(hash: string) {
      reads.push(hash)
      await Promise.resolve()
      const content = files[hash]
      if (!content) return null
      return { bytes: content.length, body: Readable.from([content.subarray(0, 3), content.subarray(3)]) }
    },
  }
  return store
}

/** Takes what is written into it. */
const response = () => new Writable({ write: (_piece, _encoding, taken) => taken() })

/** The bytes that a client gets; null for an unknown file. */
async function sent(recent: RecentContent, hash: string, variant: Variant = '640'): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  const to = new Writable({ write: (piece: Buffer, _encoding, taken) => taken(void pieces.push(Buffer.from(piece))) })
  const found = await recent.read(hash, variant, to)
  if (!found) return null
  await pipeline(found.body, to)
  const content = Buffer.concat(pieces)
  expect(content.length).toBe(found.bytes)
  return content
}

const contentOf = async (...wanted: Parameters<typeof sent>): Promise<string> => String(await sent(...wanted))

describe('recent content', () => {
  it('that several people ask for at once is read once, and not again after that', async () => {
    const store = storeOf({ letter: Buffer.from('the letter') })
    const recent = new RecentContent(store, 100)
    const all = await Promise.all([1, 2, 3].map(() => contentOf(recent, 'letter')))
    expect([...all, await contentOf(recent, 'letter')]).toEqual(Array.from({ length: 4 }, () => 'the letter'))
    expect(store.reads).toEqual(['letter'])
  })

  it('that was just stored is not read from the store', async () => {
    const store = storeOf({})
    const recent = new RecentContent(store, 2_000_000)
    recent.hold('photo', '2560', Buffer.alloc(1_500_000, 'p'))
    expect((await sent(recent, 'photo', '2560'))?.equals(Buffer.alloc(1_500_000, 'p'))).toBe(true)
    expect(store.reads).toEqual([])
    expect(await sent(recent, 'photo')).toBeNull()
  })

  it('makes room by forgetting what was asked for longest ago', async () => {
    const store = storeOf({ a: Buffer.alloc(40, 'a'), b: Buffer.alloc(40, 'b'), c: Buffer.alloc(40, 'c') })
    const recent = new RecentContent(store, 100)
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await contentOf(recent, hash)
    expect(store.reads).toEqual(['a', 'b', 'c', 'b'])
  })

  it('is not forgotten while it is sent; more than fits is sent from the store in pieces', async () => {
    const store = storeOf({ slow: Buffer.alloc(80, 's'), next: Buffer.alloc(80, 'n') })
    const recent = new RecentContent(store, 100)
    const slow = response()
    const found = await recent.read('slow', '640', slow)
    // All of it was taken from the stream, and waits for the network.
    await found?.body.toArray()
    expect(await contentOf(recent, 'next')).toBe('n'.repeat(80))
    store.reads.length = 0
    await contentOf(recent, 'slow')
    expect(store.reads).toEqual([])
    slow.destroy()
    await once(slow, 'close')
    await contentOf(recent, 'next')
    store.reads.length = 0
    await contentOf(recent, 'next')
    expect(store.reads).toEqual([])
  })

  it('that is forgotten gives its memory back at once, and so does what finds no room', async () => {
    const recent = new RecentContent(storeOf({}), 100)
    const first = Buffer.allocUnsafeSlow(60)
    const second = Buffer.allocUnsafeSlow(60)
    const again = Buffer.allocUnsafeSlow(60)
    const large = Buffer.allocUnsafeSlow(101)
    recent.hold('first', '640', first)
    recent.hold('second', '640', second)
    recent.hold('second', '640', again)
    recent.hold('large', '640', large)
    expect([first, second, again, large].map((content) => content.buffer.byteLength)).toEqual([0, 60, 0, 0])
    const small = Buffer.from('it shares the memory of others')
    recent.hold('small', '640', small)
    recent.hold('third', '640', Buffer.alloc(100))
    expect(String(small)).toBe('it shares the memory of others')
  })

  it('reaches a slow client whole, while others ask for more than there is room for', async () => {
    const recent = new RecentContent(storeOf({}), 6_000_000)
    recent.hold('slow', '2560', Buffer.allocUnsafeSlow(4_000_000).fill('s'))
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    await using server = createServer((_request, to) => {
      void recent
        .read('slow', '2560', to)
        .then((found) => found && pipeline(found.body, to))
        .then(() => resolve())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const [answer] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage]
    // The client has read the head, and leaves the rest in the network.
    for (const hash of ['b', 'c', 'd']) recent.hold(hash, '2560', Buffer.allocUnsafeSlow(2_000_000).fill(hash))
    const content = Buffer.concat((await answer.toArray()) as Buffer[])
    expect(content.equals(Buffer.alloc(4_000_000, 's'))).toBe(true)
    await ended
    const next = Buffer.allocUnsafeSlow(5_000_000).fill('n')
    recent.hold('next', '2560', next)
    expect(next.buffer.byteLength).toBe(5_000_000)
  })

  it('takes the memory of its bytes and no more, however small it is', async () => {
    const recent = new RecentContent(storeOf({ face: Buffer.from('a small face') }), 100)
    const found = await recent.read('face', '96', response())
    const pieces: unknown[] = (await found?.body.toArray()) ?? []
    expect(pieces.map((piece) => Buffer.isBuffer(piece) && piece.buffer.byteLength)).toEqual([12])
  })

  it('larger than all of the room leaves what is held alone', async () => {
    const store = storeOf({ small: Buffer.alloc(50, 's'), large: Buffer.alloc(101, 'l') })
    const recent = new RecentContent(store, 100)
    await contentOf(recent, 'small')
    expect(await contentOf(recent, 'large')).toBe('l'.repeat(101))
    store.reads.length = 0
    await contentOf(recent, 'small')
    expect(store.reads).toEqual([])
  })

  it('of an unknown file is null; a reading that fails takes no room, and the next one tries again', async () => {
    const store = storeOf({ a: Buffer.alloc(90, 'a') })
    let isBroken = true
    const recent = new RecentContent(
      {
        read: async (hash) => {
          const found = await store.read(hash)
          return found && isBroken ? { ...found, bytes: found.bytes + 1 } : found
        },
      },
      100,
    )
    expect(await sent(recent, 'unknown')).toBeNull()
    await expect(sent(recent, 'a')).rejects.toThrow('changed while it was read')
    isBroken = false
    for (let again = 0; again < 2; again++) expect(await contentOf(recent, 'a')).toBe('a'.repeat(90))
    expect(store.reads).toEqual(['unknown', 'unknown', 'a', 'a'])
  })
})
