import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { readWhole } from './read-whole.ts'

it('a whole file of any length is read into one buffer of its own, and each piece is given in order', async () => {
  await using folder = await temporaryFolder()
  for (const length of [0, 1, 512 * 1_024, 512 * 1_024 + 1, 2_000_000]) {
    const path = join(folder.path, `${length}`)
    const written = randomBytes(length)
    await writeFile(path, written)
    const pieces: Buffer[] = []
    const content = await readWhole(path, (piece) => pieces.push(piece))
    expect(Buffer.compare(content, written)).toBe(0)
    expect(Buffer.compare(Buffer.concat(pieces), written)).toBe(0)
    expect(content.buffer.byteLength).toBe(length)
    expect(pieces.every(({ buffer }) => buffer === content.buffer)).toBe(true)
  }
})
