import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { FileMedia } from './file-media.ts'
import { mediaStoreContract } from './media-store-contract.ts'

describe('pictures in files', () => {
  mediaStoreContract(async () => {
    const folder = await temporaryFolder()
    const path = join(folder.path, 'media')
    return {
      store: new FileMedia(path),
      other: new FileMedia(path),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    }
  })

  it('count only their own files', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'tmp'))
    await mkdir(join(folder.path, 'ab'))
    await writeFile(join(folder.path, 'tmp', 'an upload'), 'x'.repeat(100))
    await writeFile(join(folder.path, 'ab', `${'ab'.repeat(32)}-640.webp.1234.part`), 'x'.repeat(100))
    expect(await new FileMedia(folder.path).usedBytes()).toBe(0)
  })

  it('of which a killed process has written a part are removed by their age', async () => {
    await using folder = await temporaryFolder()
    const store = new FileMedia(folder.path)
    const content = randomBytes(70)
    const hash = createHash('sha256').update(content).digest('hex')
    await store.put(hash, '96', content)
    const folderOfHash = join(folder.path, hash.slice(0, 2))
    const part = `${hash}-640.webp.1234.part`
    await writeFile(join(folderOfHash, part), 'x'.repeat(100))
    const begun = new Date('2026-11-01T12:00:00Z')
    for (const name of await readdir(folderOfHash)) await utimes(join(folderOfHash, name), begun, begun)
    await store.removeUnfinished(begun)
    expect(await readdir(folderOfHash)).toEqual(expect.arrayContaining([part]))
    await store.removeUnfinished(new Date(begun.getTime() + 1))
    expect(await readdir(folderOfHash)).toEqual([`${hash}-96.webp`])
  })

  it('count again after a minute, because a command of an operator may have removed some', async () => {
    await using folder = await temporaryFolder()
    let now = 0
    const store = new FileMedia(folder.path, () => now)
    const [content, other] = [randomBytes(70), randomBytes(30)]
    const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    await store.put(hashOf(content), '96', content)
    expect(await store.usedBytes()).toBe(70)
    await store.put(hashOf(other), '96', other)
    expect(await store.usedBytes()).toBe(100)
    await new FileMedia(folder.path).remove(hashOf(content))
    now += 61_000
    expect(await store.usedBytes()).toBe(30)
  })
})
