import { randomUUID } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type MediaStore, mustBeHash, type StoredFile } from './media-store.ts'
import type { ByteRange } from './tile-row.ts'
import { isStoredVariant, isTileRow, type StoredVariant } from './variants.ts'

/** An operator's command may have changed the folder since. */
const COUNT_AGAIN_MS = 60_000

/** The end of the name of a file that is being written. */
const UNFINISHED = '.part'

/** Pictures as files in a folder: `<2 digits>/<hash>-<variant>.webp`, and `.tiles` for a row of a map's tiles. */
export class FileMedia implements MediaStore {
  readonly #folder: string
  readonly #now: () => number
  #used: { bytes: number; at: number } | null = null

  constructor(folder: string, now: () => number = () => performance.now()) {
    this.#folder = folder
    this.#now = now
  }

  async put(hash: string, variant: StoredVariant, content: Uint8Array): Promise<void> {
    const path = this.#pathOf(hash, variant)
    if (await touched(path)) return
    await mkdir(dirname(path), { recursive: true })
    const partial = `${path}.${randomUUID()}${UNFINISHED}`
    try {
      await writeDurably(partial, content)
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
    if (this.#used) this.#used.bytes += content.byteLength
  }

  async touch(hash: string, variant: StoredVariant): Promise<boolean> {
    return touched(this.#pathOf(hash, variant))
  }

  async read(hash: string, variant: StoredVariant): ReturnType<MediaStore['read']> {
    const file = await open(this.#pathOf(hash, variant)).catch(nullIfMissing)
    if (!file) return null
    try {
      const { size } = await file.stat()
      // The stream closes the file, also when its reader leaves early.
      return { bytes: size, body: file.createReadStream() }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async readRange(hash: string, variant: StoredVariant, { from, to }: ByteRange): Promise<Buffer | null> {
    const opened = await open(this.#pathOf(hash, variant)).catch(nullIfMissing)
    if (!opened) return null
    await using file = opened
    const { bytesRead, buffer } = await file.read(Buffer.alloc(to - from), 0, to - from, from)
    return bytesRead === to - from ? buffer : null
  }

  async remove(hash: string, storedBefore?: Date): Promise<void> {
    mustBeHash(hash)
    const folder = join(this.#folder, hash.slice(0, 2))
    for (const name of await namesIn(folder)) {
      if (fileNamed(name)?.hash !== hash) continue
      const path = join(folder, name)
      // With no wait between, so that nothing else of this process touches the file.
      const found = statSync(path, { throwIfNoEntry: false })
      if (found && (!storedBefore || found.mtime < storedBefore)) rmSync(path, { force: true })
    }
    this.#used = null
  }

  async removeUnfinished(begunBefore: Date): Promise<void> {
    for await (const { folder, name } of this.#names()) {
      if (!name.endsWith(UNFINISHED)) continue
      const path = join(this.#folder, folder, name)
      const found = await stat(path).catch(nullIfMissing)
      if (found && found.mtime < begunBefore) await rm(path, { force: true })
    }
  }

  async usedBytes(): Promise<number> {
    const now = this.#now()
    if (this.#used && now - this.#used.at < COUNT_AGAIN_MS) return this.#used.bytes
    let bytes = 0
    for await (const file of this.list()) bytes += file.bytes
    this.#used = { bytes, at: now }
    return bytes
  }

  async *list(): AsyncGenerator<StoredFile> {
    for await (const { folder, name } of this.#names()) {
      const file = fileNamed(name)
      if (!file) continue
      const found = await stat(join(this.#folder, folder, name)).catch(nullIfMissing)
      if (found) yield { ...file, bytes: found.size, putAt: found.mtime }
    }
  }

  async *#names(): AsyncGenerator<{ folder: string; name: string }> {
    for (const folder of await namesIn(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue
      for (const name of await namesIn(join(this.#folder, folder))) yield { folder, name }
    }
  }

  #pathOf(hash: string, variant: StoredVariant): string {
    mustBeHash(hash)
    return join(this.#folder, hash.slice(0, 2), nameOf(hash, variant))
  }
}

const nameOf = (hash: string, variant: StoredVariant): string =>
  `${hash}-${variant}.${isTileRow(variant) ? 'tiles' : 'webp'}`

function fileNamed(name: string): { hash: string; variant: StoredVariant } | null {
  const [, hash = '', variant = ''] = /^([0-9a-f]{64})-([\dt-]+)\.(?:webp|tiles)$/.exec(name) ?? []
  return isStoredVariant(variant) && name === nameOf(hash, variant) ? { hash, variant } : null
}

/** Marks a file as stored now. False when there is none. */
async function touched(path: string): Promise<boolean> {
  const now = new Date()
  return (await utimes(path, now, now).catch(nullIfMissing)) !== null
}

/** Without `sync`, a machine that loses its power may leave an empty file under the final name. */
async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(content)
  await file.sync()
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(nullIfMissing)) ?? []

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
