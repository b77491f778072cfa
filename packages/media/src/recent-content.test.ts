import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { RecentContent } from './recent-content.ts'

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

const contentOf = async (found: Promise<{ bytes: number; body: Readable } | null>): Promise<string> => {
  const { bytes, body } = (await found) ?? { bytes: 0, body: Readable.from([]) }
  const content = Buffer.concat(await body.toArray())
  expect(content.length).toBe(bytes)
  return content.toString()
}

describe('recent content', () => {
  it('that several people ask for at once is read once, and not again after that', async () => {
    const store = storeOf({ letter: Buffer.from('the letter') })
    const recent = new RecentContent(store, 100)
    const all = await Promise.all([1, 2, 3].map(() => contentOf(recent.read('letter', '640'))))
    expect([...all, await contentOf(recent.read('letter', '640'))]).toEqual(
      Array.from({ length: 4 }, () => 'the letter'),
    )
    expect(store.reads).toEqual(['letter'])
  })

  it('that was just stored is not read from the store', async () => {
    const store = storeOf({})
    const recent = new RecentContent(store, 2_000_000)
    const photo = Buffer.alloc(1_500_000, 'p')
    recent.hold('photo', '2560', photo)
    const found = await recent.read('photo', '2560')
    expect(Buffer.compare(Buffer.concat((await found?.body.toArray()) ?? []), photo)).toBe(0)
    expect(store.reads).toEqual([])
    expect(await recent.read('photo', '640')).toBeNull()
  })

  it('makes room by forgetting what was asked for longest ago', async () => {
    const store = storeOf({ a: Buffer.alloc(40, 'a'), b: Buffer.alloc(40, 'b'), c: Buffer.alloc(40, 'c') })
    const recent = new RecentContent(store, 100)
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await contentOf(recent.read(hash, '640'))
    expect(store.reads).toEqual(['a', 'b', 'c', 'b'])
  })

  it('is not forgotten while it is sent; more than fits is sent from the store in pieces', async () => {
    const store = storeOf({ slow: Buffer.alloc(80, 's'), next: Buffer.alloc(80, 'n') })
    const recent = new RecentContent(store, 100)
    const slow = await recent.read('slow', '640')
    expect(await contentOf(recent.read('next', '640'))).toBe('n'.repeat(80))
    store.reads.length = 0
    await contentOf(recent.read('slow', '640'))
    expect(store.reads).toEqual([])
    slow?.body.destroy()
    if (slow) await once(slow.body, 'close')
    await contentOf(recent.read('next', '640'))
    store.reads.length = 0
    await contentOf(recent.read('next', '640'))
    expect(store.reads).toEqual([])
  })

  it('takes the memory of its bytes and no more, however small it is', async () => {
    const recent = new RecentContent(storeOf({ face: Buffer.from('a small face') }), 100)
    const found = await recent.read('face', '96')
    const pieces: unknown[] = (await found?.body.toArray()) ?? []
    expect(pieces.map((piece) => Buffer.isBuffer(piece) && piece.buffer.byteLength)).toEqual([12])
  })

  it('larger than all of the room leaves what is held alone', async () => {
    const store = storeOf({ small: Buffer.alloc(50, 's'), large: Buffer.alloc(101, 'l') })
    const recent = new RecentContent(store, 100)
    await contentOf(recent.read('small', '640'))
    expect(await contentOf(recent.read('large', '640'))).toBe('l'.repeat(101))
    store.reads.length = 0
    await contentOf(recent.read('small', '640'))
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
    expect(await recent.read('unknown', '640')).toBeNull()
    await expect(recent.read('a', '640')).rejects.toThrow('changed while it was read')
    isBroken = false
    for (let again = 0; again < 2; again++) expect(await contentOf(recent.read('a', '640'))).toBe('a'.repeat(90))
    expect(store.reads).toEqual(['unknown', 'unknown', 'a', 'a'])
  })
})
