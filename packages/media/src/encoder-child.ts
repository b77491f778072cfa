// The process that decodes pictures and writes their variants. Only this process loads sharp. It reads files of strangers, so it may
// crash or be killed at any moment: the server starts another one.
import { writeFile } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import type { CutTask, EncodedPicture, EncoderMessage, EncoderTask, ReadTask } from './encoder-task.ts'
import { isDiskFull } from './picture-refused.ts'

const MEMORY_INTERVAL_MS = 50
/** A thumbhash is made of at most 100 × 100 pixels. */
const THUMBHASH_PIXELS = 100
const LARGEST = 2_560
const FACE = 96
/** Of a photo with 2,560 pixels, effort 1 takes half the time of the default, 4, and a few per cent more bytes. */
const LARGE = { quality: 80, effort: 1 }
const SMALL = { quality: 80, effort: 4 }

type Reason = Extract<EncoderMessage, { type: 'refused' }>['reason']

class Refused extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason)
    this.reason = reason
  }
}

const send = (message: EncoderMessage) => void process.send?.(message)

const sharp = await loaded()
// The server is gone, and nobody waits for an answer.
process.on('disconnect', () => process.exit())
setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_INTERVAL_MS).unref()
process.on('message', (task: EncoderTask) => {
  answer(task).then(send, (error: unknown) => send({ type: 'refused', reason: reasonOf(error) }))
})
send({ type: 'ready' })

async function loaded() {
  try {
    const { default: library } = await import('sharp')
    library.cache(false)
    library.concurrency(1)
    // Readers of other formats, such as SVG and TIFF, are never reached, whatever a file pretends to be.
    library.block({ operation: ['VipsForeignLoad'] })
    library.unblock({
      operation: [
        'VipsForeignLoadPng',
        'VipsForeignLoadJpeg',
        'VipsForeignLoadWebp',
        'VipsForeignLoadHeif',
        'VipsForeignLoadNsgif',
      ],
    })
    return library
  } catch (error) {
    send({ type: 'unable', error: error instanceof Error ? error.message : String(error) })
    throw error
  }
}

function reasonOf(error: unknown): Reason {
  if (error instanceof Refused) return error.reason
  return isDiskFull(error) ? 'disk' : 'damaged'
}

async function answer(task: EncoderTask): Promise<EncoderMessage> {
  if (task.do === 'read') return { type: 'encoded', picture: await encode(task) }
  await cut(task)
  return { type: 'cut' }
}

/** The input is a variant that this process wrote earlier. */
async function cut({ input, left, top, side, output }: CutTask): Promise<void> {
  const size = Math.min(FACE, side)
  const square = sharp(input, { failOn: 'error' }).extract({ left, top, width: side, height: side })
  await written(output, square.resize(size, size).webp(SMALL))
}

async function encode({ input, kind, maxPixels, output }: ReadTask): Promise<EncodedPicture> {
  await mustBeReadable(input, kind, maxPixels)
  // The file is decoded once, at the largest size. Colours become sRGB. Metadata and profiles stay behind.
  const { data, info } = await sharp(input, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const pixels = () => sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
  const side = Math.min(FACE, width, height)
  const [thumbhash] = await Promise.all([
    thumbhashOf(pixels()),
    written(output['2560'], pixels().webp(LARGE)),
    written(output['640'], pixels().resize(640, 640, { fit: 'inside', withoutEnlargement: true }).webp(SMALL)),
    written(output['96'], pixels().resize(side, side, { fit: 'cover' }).webp(SMALL)),
  ])
  return { width, height, thumbhash }
}

/** Looks at the head of the file only. Throws `Refused`. */
async function mustBeReadable(input: string, kind: ReadTask['kind'], maxPixels: number): Promise<void> {
  const { format, width, height, compression } = await sharp(input, { limitInputPixels: false }).metadata()
  const found = format === 'heif' && compression === 'av1' ? 'avif' : format
  if (found !== kind) throw new Refused('damaged')
  if (width * height > maxPixels) throw new Refused('too_many_pixels')
}

const written = async (path: string, image: Sharp): Promise<void> =>
  writeFile(path, await image.toBuffer(), { flag: 'wx' })

async function thumbhashOf(image: Sharp): Promise<string> {
  const { data, info } = await image
    .resize(THUMBHASH_PIXELS, THUMBHASH_PIXELS, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}
