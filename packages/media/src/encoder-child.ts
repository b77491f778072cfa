// The process that decodes pictures and writes their variants. Only this process loads sharp. It reads files of strangers, so it may
// crash or be killed at any moment: the server starts another one.
import { isDiskFull } from './disk-full.ts'
import type { CutTask, EncodedPicture, EncoderMessage, EncoderTask, ReadTask } from './encoder-task.ts'
import { cutTiles } from './encoding/cut-tiles.ts'
import { maskTile } from './encoding/mask-tile.ts'
import { mustBeReadable } from './encoding/must-be-readable.ts'
import { Refused } from './encoding/refused.ts'
import { FACE, LARGEST, SMALL, writeVariants, written } from './encoding/write-variants.ts'

const MEMORY_INTERVAL_MS = 50

const send = (message: EncoderMessage) => void process.send?.(message)

const sharp = await loaded()
// The server is gone, and nobody waits for an answer.
process.on('disconnect', () => process.exit())
setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_INTERVAL_MS).unref()
process.on('message', (task: EncoderTask) => {
  answer(task).then(send, (error: unknown) => send(refusalOf(error)))
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

function refusalOf(error: unknown): EncoderMessage {
  if (error instanceof Refused)
    return { type: 'refused', reason: error.reason, ...(error.detail === undefined ? {} : { detail: error.detail }) }
  return { type: 'refused', reason: isDiskFull(error) ? 'disk' : 'damaged' }
}

async function answer(task: EncoderTask): Promise<EncoderMessage> {
  switch (task.do) {
    case 'read':
      return { type: 'encoded', picture: await encode(task) }
    case 'cut':
      await cut(task)
      return { type: 'cut' }
    case 'tiles':
      return { type: 'tiled', picture: await cutTiles(sharp, task) }
    case 'mask':
      await maskTile(sharp, task)
      return { type: 'masked' }
  }
}

/** The input is a variant that this process wrote earlier. */
async function cut({ input, left, top, side, output }: CutTask): Promise<void> {
  const size = Math.min(FACE, side)
  const square = sharp(input, { failOn: 'error' }).extract({ left, top, width: side, height: side })
  await written(output, square.resize(size, size).webp(SMALL))
}

async function encode({ input, kind, maxPixels, output }: ReadTask): Promise<EncodedPicture> {
  await mustBeReadable(sharp, { input, kind, maxPixels })
  // The file is decoded once, at the largest size. Colours become sRGB. Metadata and profiles stay behind.
  const { data, info } = await sharp(input, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const pixels = () => sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
  return { width, height, thumbhash: await writeVariants(pixels, { width, height }, output) }
}
