import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isJsonStart, judgedKind, KIND_BYTES, type Square } from '@tablecast/contracts'
import { type MapWalls, readWalls } from '@tablecast/maps/import'
import { levelsOf } from '@tablecast/maps/tiles'
import type { TilesTask } from './encoder-task.ts'
import type { EncodedPicture, Encoder, EncoderOptions, TiledPicture } from './encoder.ts'
import { isWholeWebp } from './is-whole-webp.ts'
import { PictureRefused } from './picture-refused.ts'
import { readWhole } from './read-whole.ts'
import { isTileFile } from './tile-file.ts'
import { filesOf, tileRowOf, tileRowsOf, unpackTiles } from './tile-row.ts'
import { type StoredVariant, type Variant, variants } from './variants.ts'

export type PictureReaderOptions = {
  /** A folder of its own for files that are under way. It is made when it is needed. */
  folder: string
  maxPixels: number
  encoder: EncoderOptions
}

/** `hash`: of all variants. `bytes`: of all variants. */
export type ReadPicture = EncodedPicture & {
  hash: string
  bytes: number
  files: readonly { variant: Variant; content: Buffer }[]
}

/**
 * The picture of a map, cut into tiles. `hash`, `bytes`: of all files. `content` reads one of them at a time: together they take a hundred
 * megabytes. `walls`: null for a picture alone, as text and as they are.
 */
export type ReadMap = Pick<TiledPicture, 'width' | 'height' | 'thumbhash' | 'warnings'> & {
  tileLevels: number
  hash: string
  bytes: number
  walls: { text: string; parts: MapWalls } | null
  files: readonly StoredVariant[]
  content(file: StoredVariant): Promise<Buffer>
}

/** Makes the variants of a picture out of any file. The encoder, and the process that it starts, are loaded with the first picture. */
export class PictureReader implements AsyncDisposable {
  readonly #options: PictureReaderOptions
  #encoder: Promise<Encoder> | null = null

  constructor(options: PictureReaderOptions) {
    this.#options = options
  }

  /** The id of the encoder's process; null while none runs. */
  async processId(): Promise<number | null> {
    return (await this.#encoder)?.processId ?? null
  }

  /** Throws `PictureRefused`. The file at `path` stays as it is. */
  async read(path: string): Promise<ReadPicture> {
    const kind = acceptedKind(await startOf(path))
    const { maxPixels } = this.#options
    return this.#inFolder(async (made, encoder) => {
      const output = {
        '96': join(made, '96.webp'),
        '640': join(made, '640.webp'),
        '2560': join(made, '2560.webp'),
      } satisfies Record<Variant, string>
      const picture = await encoder.encode({ input: path, kind, maxPixels, output })
      const hash = createHash('sha256')
      const files: { variant: Variant; content: Buffer }[] = []
      for (const variant of variants)
        files.push({ variant, content: await readWhole(output[variant], (piece) => hash.update(piece)) })
      if (!files.every(({ content }) => isWholeWebp(content))) throw new PictureRefused('ended')
      const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0)
      return { ...picture, hash: hash.digest('hex'), bytes, files }
    })
  }

  /**
   * Reads the picture of a map, or a Universal VTT file with one. `keep` gets the files, which are there until it is done. Throws
   * `PictureRefused`. The file at `path` stays as it is. `wallsText`: for a picture without a file of its own walls.
   */
  async readMap<T>(path: string, keep: (map: ReadMap) => Promise<T>, wallsText: string | null = null): Promise<T> {
    const kind = mapKind(await startOf(path))
    const { maxPixels } = this.#options
    return this.#inFolder(async (folder, encoder) => {
      const { hasWalls, ...picture } = await encoder.tiles({ input: path, kind, maxPixels, folder })
      const content = (file: StoredVariant) => readFile(join(folder, file))
      const tileLevels = levelsOf(picture)
      const hash = createHash('sha256')
      let bytes = 0
      for (const variant of variants) {
        const file = await content(variant)
        if (!isWholeWebp(file)) throw new PictureRefused('ended')
        hash.update(file)
        bytes += file.length
      }
      for (const { columns, ...row } of tileRowsOf(picture)) {
        const file = await content(tileRowOf(row))
        if (!unpackTiles(file, columns)?.every(isWholeWebp)) throw new PictureRefused('ended')
        hash.update(file)
        bytes += file.length
      }
      const text = hasWalls ? await readFile(join(folder, 'walls.json'), 'utf8') : wallsText
      const walls = text === null ? null : wallsOf(text)
      // The same picture with other walls is another one.
      if (walls) hash.update(walls.text)
      return await keep({
        ...picture,
        tileLevels,
        hash: hash.digest('hex'),
        bytes,
        walls,
        files: filesOf({ ...picture, tileLevels }),
        content,
      })
    })
  }

  /** A square of a variant, with at most 96 pixels, as WebP. The square lies inside the variant. Throws `PictureRefused`. */
  cut(variant: Readable, { x, y, side }: Square): Promise<Buffer> {
    return this.#inFolder(async (made, encoder) => {
      const [input, output] = [join(made, 'variant.webp'), join(made, 'cut.webp')]
      await pipeline(variant, createWriteStream(input, { flags: 'wx' }))
      await encoder.cut({ input, output, ...wholePixels({ x, y, side }) })
      const content = await readFile(output)
      if (!isWholeWebp(content)) throw new PictureRefused('ended')
      return content
    })
  }

  /** The folder is there for as long as the work takes. */
  async #inFolder<T>(work: (folder: string, encoder: Encoder) => Promise<T>): Promise<T> {
    const { folder } = this.#options
    await mkdir(folder, { recursive: true })
    const made = await mkdtemp(join(folder, 'made-'))
    try {
      return await work(made, await (this.#encoder ??= loadedEncoder(this.#options.encoder)))
    } finally {
      await rm(made, { recursive: true, force: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#encoder)?.[Symbol.asyncDispose]()
  }
}

async function loadedEncoder(options: EncoderOptions): Promise<Encoder> {
  const loaded = await import('./encoder.ts')
  return new loaded.Encoder(options)
}

async function startOf(path: string): Promise<Buffer> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(KIND_BYTES), 0, KIND_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}

const mapKind = (start: Buffer): TilesTask['kind'] => {
  if (isTileFile(start)) return 'tiles'
  return isJsonStart(start) ? 'universal-vtt' : acceptedKind(start)
}

function acceptedKind(start: Buffer) {
  const { kind, refusal } = judgedKind(start)
  if (refusal) throw new PictureRefused(refusal)
  return kind
}

/** Rounded inwards, so that a square at the edge stays inside. */
function wholePixels({ x, y, side }: Square) {
  const [left, top] = [Math.ceil(x - EPSILON), Math.ceil(y - EPSILON)]
  const length = Math.min(Math.floor(x + side + EPSILON) - left, Math.floor(y + side + EPSILON) - top)
  return { left, top, side: Math.max(1, length) }
}

/** Arithmetic with fractions misses a whole number by less than this. */
const EPSILON = 1e-6

/** Walls that the encoder's process, or another server, wrote, checked. */
function wallsOf(text: string): ReadMap['walls'] {
  try {
    return { text, parts: readWalls(text) }
  } catch {
    throw new PictureRefused('map_file')
  }
}
