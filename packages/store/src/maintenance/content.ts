// The content of pictures in a backup. Databases keep it in different places, so it travels as rows of its own, after the tables.
import type { Readable } from 'node:stream'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Database } from '../schema.ts'
import { MaintenanceError, type Part, type Row, type TableRows } from './backup-format.ts'

/** Where the content of pictures is kept. A file is known by its hash and its variant. */
export interface PictureContent {
  list(): AsyncIterable<{ hash: string; variant: string; bytes: number }>
  /** Null for an unknown file. */
  read(hash: string, variant: string): Promise<{ body: Readable } | null>
  /** Throws for a hash or a variant that there is not. */
  put(hash: string, variant: string, content: Uint8Array): Promise<void>
}

/** No table of a database has this name. */
const CONTENT = 'picture_content'
const COLUMNS = ['hash', 'variant', 'place', 'data']
/** A row of a backup that holds pictures is at most 256 kB long: this in base64, and the names. */
const PART_BYTES = 189 * 1_024
/** A row of a map's tiles is the longest: at most 40 tiles of 512 × 512 pixels. None needs more than four bytes a pixel. */
const MAX_FILE_BYTES = 40 * 512 * 512 * 4

type File = { hash: string; variant: string; bytes: number }

/** The content of every picture that this transaction sees. `rows`: their number, which the header of a backup names. */
export async function contentRows(
  transaction: Kysely<Database>,
  content: PictureContent,
): Promise<{ table: string; count: number; rows: () => TableRows }> {
  const pictures = await transaction.selectFrom('pictures').select('hash').distinct().execute()
  const named = new Set(pictures.map(({ hash }) => hash))
  const files: File[] = []
  for await (const { hash, variant, bytes } of content.list()) if (named.has(hash)) files.push({ hash, variant, bytes })
  const count = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes / PART_BYTES), 0)
  return { table: CONTENT, count, rows: () => ({ table: CONTENT, columns: COLUMNS, rows: partsOf(content, files) }) }
}

async function* partsOf(content: PictureContent, files: readonly File[]): AsyncGenerator<Row[]> {
  for (const { hash, variant, bytes } of files) {
    const found = await content.read(hash, variant)
    if (!found) throw new MaintenanceError(`the content of picture ${hash} is gone: back up again`)
    let place = 0
    let sent = 0
    for await (const part of inParts(found.body)) {
      sent += part.byteLength
      yield [[hash, variant, place, part.toString('base64')]]
      place += 1
    }
    if (sent !== bytes) throw new MaintenanceError(`the content of picture ${hash} has changed: back up again`)
  }
}

/** All parts but the last have `PART_BYTES`. */
async function* inParts(body: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('the content of a picture is read as bytes')
    waiting.push(Buffer.from(chunk))
    length += chunk.byteLength
    if (length < PART_BYTES) continue
    let whole = Buffer.concat(waiting)
    for (; whole.byteLength >= PART_BYTES; whole = whole.subarray(PART_BYTES)) yield whole.subarray(0, PART_BYTES)
    waiting = [whole]
    length = whole.byteLength
  }
  if (length > 0) yield Buffer.concat(waiting)
}

const ContentRow = z.tuple([
  z.string().regex(/^[0-9a-f]{64}$/),
  z.string().regex(/^(?:\d{1,4}|t\d{1,2}-\d{1,3})$/),
  z.int().nonnegative(),
  z.base64().max((PART_BYTES / 3) * 4),
])

/**
 * Hands on the parts that belong to tables, and puts the content of pictures where it is kept: a file at a time. A file that is known
 * stays as it is. Without `content` it is only counted. Throws `MaintenanceError`.
 */
export class ContentTaker {
  /** The number of files. */
  files = 0
  readonly #content: PictureContent | null
  #isContent = false
  #file: { hash: string; variant: string; parts: Buffer[]; length: number } | null = null

  constructor(content: PictureContent | null) {
    this.#content = content
  }

  async *othersOf(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
    for await (const part of parts) {
      if (part.kind === 'table') {
        this.#isContent = part.table === CONTENT
        if (this.#isContent && part.columns.join() !== COLUMNS.join())
          throw new MaintenanceError(`the file's table ${CONTENT} is not as this Tablecast reads it`)
      }
      if (!this.#isContent) yield part
      else if (part.kind === 'rows') for (const row of part.rows) await this.#take(row)
    }
    await this.#finish()
  }

  async #take(row: Row): Promise<void> {
    const parsed = ContentRow.safeParse(row)
    if (!parsed.success) throw new MaintenanceError('the file is damaged: a row of a picture makes no sense')
    const [hash, variant, place, data] = parsed.data
    if (place === 0) {
      await this.#finish()
      this.#file = { hash, variant, parts: [], length: 0 }
    }
    const file = this.#file
    if (file?.hash !== hash || file.variant !== variant || file.parts.length !== place)
      throw new MaintenanceError(`the file is damaged: a part of picture ${hash} is missing`)
    const part = Buffer.from(data, 'base64')
    file.length += part.byteLength
    if (file.length > MAX_FILE_BYTES) throw new MaintenanceError(`picture ${hash} of the file is too large`)
    file.parts.push(part)
  }

  async #finish(): Promise<void> {
    const file = this.#file
    this.#file = null
    if (!file) return
    await this.#content?.put(file.hash, file.variant, Buffer.concat(file.parts))
    this.files += 1
  }
}
