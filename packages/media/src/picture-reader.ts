import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { judgedKind, KIND_BYTES, pictureKind, type Square } from '@tablecast/contracts'
import type { EncodedPicture, Encoder, EncoderOptions } from './encoder.ts'
import { PictureRefused } from './picture-refused.ts'
import { readWhole } from './read-whole.ts'
import { type Variant, variants } from './variants.ts'

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

/** Exactly one RIFF file: its head names its length (https://developers.google.com/speed/webp/docs/riff_container). */
const isWholeWebp = (content: Buffer): boolean =>
  pictureKind(content.subarray(0, KIND_BYTES)) === 'webp' && content.readUInt32LE(4) + 8 === content.length
