import { randomBytes } from 'node:crypto'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { TileCache } from './tile-cache.ts'

/** A tile takes 32 bytes more on the disk. */
const TILE = 968

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

it('keeps the tiles that were used last, up to its bytes', async () => {
  await using folder = await temporaryFolder()
  const cache = new TileCache(folder.path, 3_000)
  const tiles = new Map(['a', 'b', 'c', 'd'].map((key) => [key, randomBytes(TILE)]))
  const put = (key: string) => cache.put(key, tiles.get(key) ?? Buffer.alloc(0))
  for (const key of ['a', 'b', 'c']) await put(key)
  expect(await cache.get('a')).toEqual(tiles.get('a'))
  await put('d')
  expect(await cache.get('b')).toBeNull()
  for (const key of ['a', 'c', 'd']) expect(await cache.get(key)).toEqual(tiles.get(key))
  expect([cache.bytes, (await filesIn(folder.path)).length]).toEqual([3_000, 3])
})

it('knows its tiles after a restart, the oldest first, and removes what another process was writing', async () => {
  await using folder = await temporaryFolder()
  const before = new TileCache(folder.path, 3_000)
  for (const key of ['a', 'b', 'c']) await before.put(key, randomBytes(TILE))
  for (const [place, path] of (await filesIn(folder.path)).entries()) await utimes(path, 1_000 + place, 1_000 + place)
  await before.get('b')
  const [first = ''] = await filesIn(folder.path)
  await writeFile(`${first}.1234.part`, 'half a tile')
  const after = new TileCache(folder.path, 1_500)
  expect(await after.get('b')).not.toBeNull()
  expect([after.bytes, (await filesIn(folder.path)).length]).toEqual([1_000, 1])
})

it('gives back no tile whose bytes have changed on the disk', async () => {
  await using folder = await temporaryFolder()
  const cache = new TileCache(folder.path, 10_000)
  for (const damage of [
    (file: Buffer) => file.subarray(0, 500),
    (file: Buffer) => Buffer.alloc(file.length),
    () => Buffer.alloc(0),
  ]) {
    await cache.put('a', randomBytes(TILE))
    const [path = ''] = await filesIn(folder.path)
    await writeFile(path, damage(await readFile(path)))
    expect(await cache.get('a')).toBeNull()
    expect([cache.bytes, await filesIn(folder.path)]).toEqual([0, []])
  }
})

it('has no file with the name of a tile, which would open it', async () => {
  await using folder = await temporaryFolder()
  const name = randomBytes(16).toString('base64url')
  await new TileCache(folder.path, 10_000).put(`hash 0-0-0 ${name}`, randomBytes(TILE))
  expect((await filesIn(folder.path)).some((path) => path.includes(name))).toBe(false)
})

it('of no bytes keeps nothing', async () => {
  await using folder = await temporaryFolder()
  const cache = new TileCache(folder.path, 0)
  await cache.put('a', randomBytes(TILE))
  expect([await cache.get('a'), await filesIn(folder.path)]).toEqual([null, []])
})
