// The promises of a media store, as tests that each kind of store runs.
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { MediaStore, StoredFile } from './media-store.ts'
import type { Variant } from './variants.ts'

const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** `toEqual` takes seconds to compare megabytes. */
const same = (one: Buffer | undefined, other: Buffer) => one !== undefined && one.equals(other)

const listOf = async (store: MediaStore) => {
  const files: StoredFile[] = []
  for await (const file of store.list()) files.push(file)
  return files
}

const contentOf = async (store: MediaStore, hash: string, variant: Variant) => {
  const found = await store.read(hash, variant)
  return found && { bytes: found.bytes, content: await buffer(found.body) }
}

/** `open`: a store that is empty, and another one on the same content, as a second node has it. */
export function mediaStoreContract(
  open: () => Promise<{ store: MediaStore; other: MediaStore } & AsyncDisposable>,
): void {
  describe('the media store', () => {
    it.each([1, 1_000, 262_144, 262_145, 3_000_000])('gives back %i bytes as they were put', async (length) => {
      await using opened = await open()
      const content = randomBytes(length)
      const hash = hashOf(content)
      await opened.store.put(hash, '640', content)
      for (const store of [opened.store, opened.other]) {
        const found = await contentOf(store, hash, '640')
        expect([found?.bytes, same(found?.content, content)]).toEqual([length, true])
      }
    })

    it.each([
      [0, 8],
      [262_140, 262_150],
      [100_000, 700_000],
      [799_999, 800_000],
    ])('gives back the bytes from %i to %i alone', async (from, to) => {
      await using opened = await open()
      const content = randomBytes(800_000)
      const hash = hashOf(content)
      await opened.store.put(hash, 't0-3', content)
      const found = await opened.other.readRange(hash, 't0-3', { from, to })
      expect(same(found ?? undefined, content.subarray(from, to))).toBe(true)
    })

    it('gives back nothing of a range that ends behind the file, or of an unknown file', async () => {
      await using opened = await open()
      const content = randomBytes(100)
      await opened.store.put(hashOf(content), 't0-0', content)
      expect(await opened.store.readRange(hashOf(content), 't0-0', { from: 50, to: 101 })).toBeNull()
      expect(await opened.store.readRange(hashOf(content), 't0-1', { from: 0, to: 1 })).toBeNull()
    })

    it('lists, counts and removes the rows of a map’s tiles with its other files', async () => {
      await using opened = await open()
      const { store, other } = opened
      const content = randomBytes(100)
      const hash = hashOf(content)
      for (const variant of ['96', 't0-0', 't0-12', 't6-0'] as const) await store.put(hash, variant, content)
      const kept = hashOf(randomBytes(1))
      await store.put(kept, 't0-0', content)
      expect((await listOf(other)).map(({ variant }) => variant).toSorted()).toEqual([
        '96',
        't0-0',
        't0-0',
        't0-12',
        't6-0',
      ])
      await store.remove(hash)
      expect((await listOf(store)).map((file) => file.hash)).toEqual([kept])
      expect(await store.usedBytes()).toBe(100)
    })

    it('knows nothing of other hashes and other variants', async () => {
      await using opened = await open()
      const content = randomBytes(100)
      await opened.store.put(hashOf(content), '96', content)
      expect(await opened.store.read(hashOf(content), '640')).toBeNull()
      expect(await opened.store.read(hashOf(randomBytes(1)), '96')).toBeNull()
    })

    it('keeps content that is put twice once, also when two do it at the same moment', async () => {
      await using opened = await open()
      const content = randomBytes(600_000)
      const hash = hashOf(content)
      const { store, other } = opened
      await Promise.all([store, other, store, other].map((one) => one.put(hash, '2560', content)))
      expect(same((await contentOf(other, hash, '2560'))?.content, content)).toBe(true)
      expect(await other.usedBytes()).toBe(600_000)
    })

    it('counts the bytes of all files, and lists each of them', async () => {
      await using opened = await open()
      const { store, other } = opened
      expect(await store.usedBytes()).toBe(0)
      expect(await listOf(store)).toEqual([])
      const contents = Array.from({ length: 12 }, (_, place) => randomBytes(100 + place))
      for (const content of contents) {
        await store.put(hashOf(content), '96', content)
        await store.put(hashOf(content), '640', content)
      }
      const total = contents.reduce((sum, { length }) => sum + 2 * length, 0)
      expect([await store.usedBytes(), await other.usedBytes()]).toEqual([total, total])
      const listed = await listOf(other)
      const expected = contents.flatMap((content) =>
        (['640', '96'] as const).map((variant) => `${hashOf(content)} ${variant} ${content.length}`),
      )
      expect(listed.map(({ hash, variant, bytes }) => `${hash} ${variant} ${bytes}`).toSorted()).toEqual(
        expected.toSorted(),
      )
    })

    it('removes all variants of a hash, and leaves others', async () => {
      await using opened = await open()
      const { store } = opened
      const [gone, kept] = [randomBytes(300_000), randomBytes(50)]
      for (const variant of ['96', '640', '2560'] as const) await store.put(hashOf(gone), variant, gone)
      await store.put(hashOf(kept), '96', kept)
      await store.remove(hashOf(gone))
      await store.remove(hashOf(gone))
      expect(await store.read(hashOf(gone), '2560')).toBeNull()
      expect(await store.usedBytes()).toBe(50)
      expect((await contentOf(store, hashOf(kept), '96'))?.content).toEqual(kept)
      await store.put(hashOf(gone), '96', gone)
      expect((await contentOf(store, hashOf(gone), '96'))?.content).toEqual(gone)
    })

    it('remembers when content was put last, so that a cleaning leaves what an upload has just put again', async () => {
      await using opened = await open()
      const { store } = opened
      const content = randomBytes(10)
      const putAt = async () => (await listOf(store)).map((file) => file.putAt.getTime())
      const before = Date.now() - 1_000
      await store.put(hashOf(content), '96', content)
      const [first = 0] = await putAt()
      expect(first).toBeGreaterThan(before)
      while (Date.now() <= first + 2) await new Promise((resolve) => setImmediate(resolve))
      await store.put(hashOf(content), '96', content)
      const [second = 0] = await putAt()
      expect(second).toBeGreaterThan(first)
      while (Date.now() <= second + 2) await new Promise((resolve) => setImmediate(resolve))
      expect(await opened.other.touch(hashOf(content), '96')).toBe(true)
      const [third = 0] = await putAt()
      expect(third).toBeGreaterThan(second)
      expect(await store.touch(hashOf(content), '640')).toBe(false)
      expect(await listOf(store)).toHaveLength(1)
    })

    it('refuses any other text in place of a hash, because a hash becomes a path', async () => {
      await using opened = await open()
      for (const hash of ['', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}/..`]) {
        await expect(opened.store.put(hash, '96', randomBytes(1))).rejects.toThrow('not the hash')
        await expect(opened.store.read(hash, '96')).rejects.toThrow('not the hash')
        await expect(opened.store.readRange(hash, 't0-0', { from: 0, to: 1 })).rejects.toThrow('not the hash')
        await expect(opened.store.touch(hash, '96')).rejects.toThrow('not the hash')
        await expect(opened.store.remove(hash)).rejects.toThrow('not the hash')
      }
    })
  })
}
