import { Readable } from 'node:stream'
import { MEDIA_CHUNK_BYTES, type MediaFileRow, type Store } from '@tablecast/store'
import { type MediaStore, mustBeHash, type StoredFile } from './media-store.ts'
import type { ByteRange } from './tile-row.ts'
import { isStoredVariant, type StoredVariant } from './variants.ts'

const PAGE = 500

/** Pictures in the tables of a database that several nodes share, so that each node serves what any node has stored. */
export class TableMedia implements MediaStore {
  readonly #store: Pick<Store, 'read' | 'write'>

  constructor(store: Pick<Store, 'read' | 'write'>) {
    this.#store = store
  }

  async put(hash: string, variant: StoredVariant, content: Uint8Array): Promise<void> {
    mustBeHash(hash)
    const row = { hash, variant, putAt: new Date().toISOString() }
    await this.#store.write(({ mediaFiles }) => mediaFiles.put(row, content))
  }

  async touch(hash: string, variant: StoredVariant): Promise<boolean> {
    mustBeHash(hash)
    const putAt = new Date().toISOString()
    return this.#store.write(({ mediaFiles }) => mediaFiles.touch({ hash, variant, putAt }))
  }

  async read(hash: string, variant: StoredVariant): ReturnType<MediaStore['read']> {
    mustBeHash(hash)
    const bytes = await this.#store.read(({ mediaFiles }) => mediaFiles.size(hash, variant))
    return bytes === null
      ? null
      : { bytes, body: Readable.from(this.#chunks(hash, variant, bytes), { objectMode: false }) }
  }

  async readRange(hash: string, variant: StoredVariant, { from, to }: ByteRange): Promise<Buffer | null> {
    mustBeHash(hash)
    const first = Math.floor(from / MEDIA_CHUNK_BYTES)
    const count = Math.ceil(to / MEDIA_CHUNK_BYTES) - first
    const chunks = await this.#store.read(({ mediaFiles }) =>
      Promise.all(Array.from({ length: count }, (_none, at) => mediaFiles.chunk(hash, variant, first + at))),
    )
    const start = from - first * MEDIA_CHUNK_BYTES
    const found = Buffer.concat(chunks.flatMap((chunk) => (chunk ? [chunk] : []))).subarray(start, start + to - from)
    return found.length === to - from ? found : null
  }

  async remove(hash: string, storedBefore?: Date): Promise<void> {
    mustBeHash(hash)
    await this.#store.write(({ mediaFiles }) => mediaFiles.remove(hash, storedBefore?.toISOString()))
  }

  async removeUnfinished(): Promise<void> {
    // A transaction leaves nothing unfinished.
  }

  usedBytes(): Promise<number> {
    return this.#store.read(({ mediaFiles }) => mediaFiles.usedBytes())
  }

  async *list(): AsyncGenerator<StoredFile> {
    let rows = await this.#page(null)
    while (rows.length > 0) {
      for (const { hash, variant, bytes, putAt } of rows)
        if (isStoredVariant(variant)) yield { hash, variant, bytes, putAt: new Date(putAt) }
      rows = await this.#page(rows.at(-1) ?? null)
    }
  }

  #page(after: MediaFileRow | null): Promise<MediaFileRow[]> {
    return this.#store.read(({ mediaFiles }) => mediaFiles.page(after, PAGE))
  }

  /** A transaction for each chunk: a slow reader must not hold one for minutes. */
  async *#chunks(hash: string, variant: StoredVariant, bytes: number): AsyncGenerator<Uint8Array> {
    let sent = 0
    for (let place = 0; sent < bytes; place++) {
      const chunk = await this.#store.read(({ mediaFiles }) => mediaFiles.chunk(hash, variant, place))
      if (chunk === null) throw new Error('the picture was removed while it was read')
      sent += chunk.byteLength
      yield chunk
    }
  }
}
