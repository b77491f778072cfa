import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MapSize } from '@tablecast/maps/grid'
import type { TileMask } from '@tablecast/maps/tiles'
import type { Encoder, EncoderOptions } from './encoder.ts'
import { isWholeWebp } from './is-whole-webp.ts'
import { PictureRefused } from './picture-refused.ts'

/** `folder`: for files that are under way. */
export type TileRendererOptions = { folder: string; encoder: EncoderOptions }

/** `tile`: as it is stored; null for a map without a picture. `size`: of the tile. */
export type TileToMask = { tile: Buffer | null; size: MapSize; mask: TileMask }

/**
 * Paints the fog over tiles, in a process of its own: a reveal does not wait for a picture that somebody sends. The process starts with the
 * first tile.
 */
export class TileRenderer implements AsyncDisposable {
  readonly #options: TileRendererOptions
  #encoder: Promise<Encoder> | null = null

  constructor(options: TileRendererOptions) {
    this.#options = options
  }

  /** The id of the process; null while none runs. */
  async processId(): Promise<number | null> {
    return (await this.#encoder)?.processId ?? null
  }

  /** The tile as players may see it: a lossless WebP without a hidden pixel. Throws `PictureRefused`. */
  async render({ tile, size, mask }: TileToMask): Promise<Buffer> {
    const encoder = await (this.#encoder ??= this.#loaded())
    const path = join(this.#options.folder, `tile-${randomUUID()}`)
    const [input, output] = [tile && `${path}.source`, `${path}.webp`]
    const { width, height } = size
    const bits = Buffer.from(mask.bits).toString('base64')
    try {
      if (tile && input) await writeFile(input, tile, { flag: 'wx' })
      await encoder.mask({ input, width, height, mask: { ...mask, bits }, output })
      const content = await readFile(output)
      if (!isWholeWebp(content)) throw new PictureRefused('ended')
      return content
    } finally {
      if (input) await rm(input, { force: true })
      await rm(output, { force: true })
    }
  }

  async #loaded(): Promise<Encoder> {
    const [loaded] = await Promise.all([import('./encoder.ts'), mkdir(this.#options.folder, { recursive: true })])
    return new loaded.Encoder(this.#options.encoder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#encoder)?.[Symbol.asyncDispose]()
  }
}
