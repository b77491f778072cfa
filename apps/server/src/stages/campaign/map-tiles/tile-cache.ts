import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file begins with the sum of its content: a machine that loses its power may leave a file with other bytes. */
const SUM_BYTES = 32

type Known = { bytes: number }

/**
 * Tiles on the disk, by a key that stands for their content. It keeps the newest ones, up to a number of bytes, and knows them again after a
 * restart. Whether somebody may see a tile is asked before, each time.
 */
export class TileCache {
  readonly #folder: string
  readonly #maxBytes: number
  /** The tile that was used last stands last. */
  #known: Promise<Map<string, Known>> | null = null
  #bytes = 0

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /** Of all tiles. 0 before the first one is asked for. */
  get bytes(): number {
    return this.#bytes
  }

  async get(key: string): Promise<Buffer | null> {
    const name = nameOf(key)
    const known = await this.#opened()
    const found = known.get(name)
    if (!found) return null
    const path = this.#pathOf(name)
    const file = await readFile(path).catch(() => null)
    const content = file && checked(file)
    if (!content) {
      this.#forget(known, name)
      await rm(path, { force: true })
      return null
    }
    if (known.delete(name)) known.set(name, found)
    const now = new Date()
    // Another process may have removed the file meanwhile.
    await utimes(path, now, now).catch(() => {})
    return content
  }

  /** Throws where the disk is full. */
  async put(key: string, content: Buffer): Promise<void> {
    if (content.length > this.#maxBytes) return
    const name = nameOf(key)
    const known = await this.#opened()
    const path = this.#pathOf(name)
    const partial = `${path}.${randomUUID()}.part`
    await mkdir(dirname(path), { recursive: true })
    try {
      await writeFile(partial, Buffer.concat([sumOf(content), content]), { flag: 'wx' })
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
    this.#forget(known, name)
    this.#remember(known, name, content.length + SUM_BYTES)
    await this.#shrink(known)
  }

  async #shrink(known: Map<string, Known>): Promise<void> {
    for (const name of known.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#forget(known, name)
      await rm(this.#pathOf(name), { force: true })
    }
  }

  #remember(known: Map<string, Known>, name: string, bytes: number): void {
    known.set(name, { bytes })
    this.#bytes += bytes
  }

  #forget(known: Map<string, Known>, name: string): void {
    const found = known.get(name)
    if (!found) return
    known.delete(name)
    this.#bytes -= found.bytes
  }

  #opened(): Promise<Map<string, Known>> {
    return (this.#known ??= this.#read())
  }

  /** The tiles of an earlier process, without those that it was writing. */
  async #read(): Promise<Map<string, Known>> {
    const found: { name: string; bytes: number; usedAt: number }[] = []
    for (const folder of await namesIn(this.#folder))
      for (const name of await namesIn(join(this.#folder, folder))) {
        const path = join(this.#folder, folder, name)
        if (name.endsWith('.part')) await rm(path, { force: true })
        const file = /^[0-9a-f]{64}$/.test(name) ? await stat(path).catch(() => null) : null
        if (file) found.push({ name, bytes: file.size, usedAt: file.mtimeMs })
      }
    const known = new Map<string, Known>()
    for (const { name, bytes } of found.toSorted((one, other) => one.usedAt - other.usedAt))
      this.#remember(known, name, bytes)
    await this.#shrink(known)
    return known
  }

  #pathOf(name: string): string {
    return join(this.#folder, name.slice(0, 2), name)
  }
}

/** Keys hold names of tiles, and these open tiles: no folder shows them. */
const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex')

const sumOf = (content: Buffer): Buffer => createHash('sha256').update(content).digest()

function checked(file: Buffer): Buffer | null {
  const content = file.subarray(SUM_BYTES)
  return content.length > 0 && sumOf(content).equals(file.subarray(0, SUM_BYTES)) ? content : null
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
