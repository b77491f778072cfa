import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { temporaryFolder, until } from '@tablecast/testing'
import * as fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EncoderOptions } from './encoder.ts'
import { PictureReader, type ReadPicture } from './picture-reader.ts'
import { PictureRefused } from './picture-refused.ts'
import {
  animatedGif,
  boastfulFiles,
  foreignFiles,
  mutated,
  mutationKinds,
  packedZeros,
  polyglots,
  sampleKinds,
  samplePhoto,
  samplePicture,
  webpChunks,
} from './testing/index.ts'
import type { Variant } from './variants.ts'

const MB = 1_000_000

async function openReader(more: Partial<EncoderOptions> & { maxPixels?: number } = {}) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const { maxPixels = 100 * MB, ...encoder } = more
  const deaths: string[] = []
  const under = join(folder.path, 'tmp')
  const reader = opened.use(
    new PictureReader({
      folder: under,
      maxPixels,
      encoder: {
        deadlineMs: 120_000,
        mapDeadlineMs: 120_000,
        idleMs: 60_000,
        maxMemoryBytes: 600 * MB,
        maxWaiting: 8,
        died: (why) => deaths.push(why),
        ...encoder,
      },
    }),
  )
  const file = join(folder.path, 'file')
  const owned = opened.move()
  return {
    reader,
    deaths,
    /** Writes a file with this content, and reads it as a picture. */
    async read(content: Buffer, path = file): Promise<ReadPicture> {
      await writeFile(path, content)
      return reader.read(path)
    },
    leftovers: () => readdir(under),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const fileOf = ({ files }: ReadPicture, variant: Variant): Buffer => {
  const file = files.find((one) => one.variant === variant)
  if (!file) throw new Error('the variant is missing')
  return file.content
}

const reasonOf = (reading: Promise<ReadPicture>) =>
  reading.then(
    () => 'taken',
    (error: unknown) => (error instanceof PictureRefused ? error.reason : error),
  )

const sizeOf = async (content: Buffer) => {
  const { width, height } = await sharp(content).metadata()
  return [width, height]
}

/** The reader of the tests that need no settings of their own: most of the time of a small picture is the start of its process. */
let opened: Awaited<ReturnType<typeof openReader>>

beforeAll(async () => {
  opened = await openReader()
})
afterAll(() => opened[Symbol.asyncDispose]())

describe('a picture', () => {
  it.each(sampleKinds)('in the form %s becomes three WebP files without metadata', async (kind) => {
    const picture = await opened.read(await samplePicture(kind, { width: 1_000, height: 500 }))
    expect([picture.width, picture.height]).toEqual([1_000, 500])
    expect(await Promise.all((['96', '640', '2560'] as const).map((one) => sizeOf(fileOf(picture, one))))).toEqual([
      [96, 96],
      [640, 320],
      [1_000, 500],
    ])
    for (const { content } of picture.files) {
      const { format, exif, icc, xmp, iptc } = await sharp(content).metadata()
      expect({ format, exif, icc, xmp, iptc }).toEqual({ format: 'webp' })
    }
    expect(picture.bytes).toBe(picture.files.reduce((sum, { content }) => sum + content.length, 0))
    expect(Buffer.from(picture.thumbhash, 'base64').length).toBeGreaterThan(4)
    expect(await opened.leftovers()).toEqual([])
  })

  it.runIf(process.platform === 'linux')(
    'is read by one thread, so that a second core stays with the tables',
    async () => {
      await opened.read(await samplePicture('png', { width: 1_000, height: 500 }))
      const tasks = `/proc/${await opened.reader.processId()}/task`
      const names = await Promise.all((await readdir(tasks)).map((id) => readFile(join(tasks, id, 'comm'), 'utf8')))
      expect(names.filter((name) => name.startsWith('libuv-worker'))).toHaveLength(1)
    },
  )

  it('is never enlarged', async () => {
    const picture = await opened.read(await samplePicture('png', { width: 30, height: 12 }))
    expect([picture.width, picture.height]).toEqual([30, 12])
    expect(await sizeOf(fileOf(picture, '640'))).toEqual([30, 12])
    expect(await sizeOf(fileOf(picture, '96'))).toEqual([12, 12])
  })

  it('of a phone is turned, and loses its place, its scripts and its maker', async () => {
    const photo = await samplePhoto({ width: 1_200, height: 800 })
    expect(photo.includes('SECRETPHONE')).toBe(true)
    const picture = await opened.read(photo)
    expect([picture.width, picture.height]).toEqual([800, 1_200])
    for (const { content } of picture.files) {
      expect(webpChunks(content)).toEqual(['VP8 '])
      for (const trace of ['SECRETPHONE', '<script']) expect([trace, content.includes(trace)]).toEqual([trace, false])
      expect((await sharp(content).metadata()).orientation).toBeUndefined()
    }
  })

  it('gives the face of a portrait in 96 pixels and few bytes, wherever it is and however small', async () => {
    const photo = await opened.read(await samplePhoto({ width: 1_600, height: 1_200 }))
    const large = fileOf(photo, '2560')
    for (const square of [
      { x: 0, y: 0, side: 150 },
      { x: photo.width - 900.4, y: photo.height - 900.4, side: 900.4 },
    ]) {
      const face = await opened.reader.cut(Readable.from([large]), square)
      expect(await sizeOf(face)).toEqual([96, 96])
      expect(face.length).toBeLessThanOrEqual(8_192)
    }
    expect(await opened.leftovers()).toEqual([])
  })

  it('gives a face with the pixels of its square', async () => {
    const half = await sharp({ create: { width: 400, height: 600, channels: 3, background: '#00f' } })
      .png()
      .toBuffer()
    const red = sharp({ create: { width: 800, height: 600, channels: 3, background: '#f00' } })
    const picture = await opened.read(
      await red
        .composite([{ input: half, left: 400, top: 0 }])
        .png()
        .toBuffer(),
    )
    const colourOf = async (x: number) => {
      const face = await opened.reader.cut(Readable.from([fileOf(picture, '640')]), { x, y: 0, side: 100 })
      const { channels } = await sharp(face).stats()
      return channels.map(({ mean }) => (mean > 200 ? 'much' : mean < 50 ? 'little' : 'some'))
    }
    expect(await colourOf(50)).toEqual(['much', 'little', 'little'])
    expect(await colourOf(520)).toEqual(['little', 'little', 'much'])
    expect(await colourOf(270)).toEqual(['some', 'little', 'some'])
  })

  it('keeps its transparency', async () => {
    const clear = { width: 50, height: 50, channels: 4 as const, background: { r: 255, g: 0, b: 0, alpha: 0 } }
    const picture = await opened.read(await sharp({ create: clear }).png().toBuffer())
    const { data } = await sharp(fileOf(picture, '640')).raw().toBuffer({ resolveWithObject: true })
    expect(data[3]).toBe(0)
  })

  it('that moves becomes its first frame', async () => {
    const picture = await opened.read(await animatedGif())
    expect([picture.width, picture.height]).toEqual([40, 30])
    const { pages } = await sharp(fileOf(picture, '2560')).metadata()
    expect(pages ?? 1).toBe(1)
    const [red = 0, green = 0] = await sharp(fileOf(picture, '2560')).removeAlpha().raw().toBuffer()
    expect(red).toBeGreaterThan(200)
    expect(green).toBeLessThan(50)
  })

  it('that is read twice has the same hash, and another picture has another one', async () => {
    const one = await opened.read(await samplePicture('png'))
    const again = await opened.read(await samplePicture('png'))
    const other = await opened.read(await samplePicture('png', { width: 63 }))
    expect(again.hash).toBe(one.hash)
    expect(other.hash).not.toBe(one.hash)
  })

  it('of a name that leads elsewhere is read where it lies, and nothing else is written', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, '..%2f..%2fetc;$(touch hacked) "\u202egpj.exe')
    await opened.read(await samplePicture('png'), path)
    expect(await readdir(folder.path)).toHaveLength(1)
    expect(await opened.leftovers()).toEqual([])
  })
})

describe('a hostile file', () => {
  it('that claims 60,000 × 60,000 pixels is refused by its head', async () => {
    for (const { name, content } of await boastfulFiles()) {
      expect([name, content.length < 200_000]).toEqual([name, true])
      expect([name, await reasonOf(opened.read(content))]).toEqual([
        name,
        expect.stringMatching(/^(too_many_pixels|damaged)$/),
      ])
    }
    expect(opened.deaths).toEqual([])
  })

  it('of packed zeros is read within the bounds of memory, or refused where pixels are few', async () => {
    const zeros = packedZeros()
    expect(zeros.length).toBeLessThan(120_000)
    expect(await reasonOf(opened.read(zeros))).toBe('taken')
    expect(opened.deaths).toEqual([])
    await using strict = await openReader({ maxPixels: 1 * MB })
    expect(await reasonOf(strict.read(zeros))).toBe('too_many_pixels')
  })

  it('that is no picture is refused with its reason', async () => {
    await using opened = await openReader()
    const reasons = new Map<string, unknown>()
    for (const { name, content } of await foreignFiles()) reasons.set(name, await reasonOf(opened.read(content)))
    expect(Object.fromEntries(reasons)).toEqual({
      nothing: 'empty',
      'one byte': 'not_a_picture',
      'a page': 'not_a_picture',
      'a program': 'not_a_picture',
      'an archive': 'not_a_picture',
      'a PDF': 'not_a_picture',
      'a BMP': 'not_a_picture',
      'a TIFF': 'not_a_picture',
      'an SVG': 'svg',
      'an SVG with a head': 'svg',
      'an SVG in UTF-16': 'svg',
      'a photo of an iPhone': 'heic',
    })
    expect(await opened.reader.processId()).toBeNull()
  })

  it('that begins like a picture and holds another format is refused', async () => {
    const signature = (await samplePicture('png')).subarray(0, 8)
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>')
    expect(await reasonOf(opened.read(Buffer.concat([signature, svg])))).toBe('damaged')
    const gif = Buffer.concat([Buffer.from('GIF89a'), svg])
    expect(await reasonOf(opened.read(gif))).toBe('damaged')
  })

  it.each(sampleKinds)('of the form %s that is cut off is refused', async (kind) => {
    const whole = await samplePicture(kind, { width: 400, height: 300 })
    expect(await reasonOf(opened.read(whole.subarray(0, Math.floor(whole.length / 2))))).toBe('damaged')
    expect(opened.deaths).toEqual([])
  })

  it('that is two things at once becomes a picture alone', async () => {
    for (const { name, content } of await polyglots()) {
      expect([name, content.includes('POLYGLOT')]).toEqual([name, true])
      const picture = await opened.read(content)
      for (const file of picture.files)
        for (const trace of ['POLYGLOT', 'PK\x03\x04', '%PDF', '<script'])
          expect([name, trace, file.content.includes(trace)]).toEqual([name, trace, false])
    }
  })

  it('that was changed at random is refused or becomes a picture, and the process lives on', async () => {
    const samples = await Promise.all(sampleKinds.map((kind) => samplePicture(kind)))
    const mutation = fc.record({
      kind: fc.constantFrom(...mutationKinds),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.nat(255),
    })
    const seen = new Set<unknown>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (sample, mutations) => {
          const content = mutated(sample, mutations)
          const outcome = await opened.read(content).catch((error: unknown) => error)
          if (outcome instanceof PictureRefused) seen.add(outcome.reason)
          else {
            expect(outcome).toHaveProperty('files')
            seen.add('taken')
          }
        },
      ),
      { numRuns: 150 },
    )
    expect(seen).toContain('taken')
    expect(seen).toContain('damaged')
    expect(opened.deaths).toEqual([])
    expect(await opened.leftovers()).toEqual([])
  })
})

describe('the process that reads pictures', () => {
  let photo: Buffer
  beforeAll(async () => {
    photo = await samplePhoto({ width: 3_000, height: 2_000 })
  })

  it('is killed at any moment: one person gets a sentence, and the next picture is read', async () => {
    await using opened = await openReader()
    for (const pause of [0, 1, 3, 10, 40]) {
      const reading = reasonOf(opened.read(photo))
      const pid = await running(opened.reader)
      for (let turns = 0; turns < pause; turns++) await new Promise((resolve) => setTimeout(resolve, 1))
      process.kill(pid, 'SIGKILL')
      expect(await reading).toMatch(/^(ended|taken)$/)
      expect(await reasonOf(opened.read(await samplePicture('png')))).toBe('taken')
      expect(await opened.leftovers()).toEqual([])
    }
    expect(opened.deaths.length).toBeGreaterThan(0)
  })

  it('loses only the picture at work when it dies: those that wait are read by the next one', async () => {
    await using opened = await openReader()
    await using folder = await temporaryFolder()
    const first = reasonOf(opened.read(photo, join(folder.path, 'first')))
    const pid = await running(opened.reader)
    const small = await samplePicture('png')
    const others = [1, 2, 3].map((name) => reasonOf(opened.read(small, join(folder.path, String(name)))))
    process.kill(pid, 'SIGKILL')
    expect(await first).toBe('ended')
    expect(await Promise.all(others)).toEqual(['taken', 'taken', 'taken'])
  })

  it('is ended when a picture takes too long', async () => {
    await using opened = await openReader({ deadlineMs: 1 })
    expect(await reasonOf(opened.read(photo))).toBe('too_slow')
    expect(opened.deaths).toEqual(['a task took too long'])
    expect(await opened.leftovers()).toEqual([])
  })

  it('is ended when a picture takes too much memory', async () => {
    await using opened = await openReader({ maxMemoryBytes: 10 * MB })
    expect(await reasonOf(opened.read(photo))).toBe('too_heavy')
    expect(opened.deaths).toEqual(['it took too much memory'])
  })

  it('refuses more than may wait', async () => {
    await using opened = await openReader({ maxWaiting: 1 })
    await using folder = await temporaryFolder()
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((name) => reasonOf(opened.read(photo, join(folder.path, String(name))))),
    )
    expect(outcomes.map(String).toSorted()).toEqual(['busy', 'busy', 'taken', 'taken'])
  })

  it('ends when nobody sends pictures, and starts again', async () => {
    await using opened = await openReader({ idleMs: 10 })
    const small = await samplePicture('png')
    await opened.read(small)
    await until(async () => (await opened.reader.processId()) === null)
    expect(await reasonOf(opened.read(small))).toBe('taken')
    expect(opened.deaths).toEqual([])
  })

  it('ends with its server, which waits for it', async () => {
    const opened = await openReader()
    const reading = reasonOf(opened.read(photo))
    const pid = await running(opened.reader)
    await opened[Symbol.asyncDispose]()
    expect(await reading).toBe('ended')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

async function running(reader: PictureReader): Promise<number> {
  let pid: number | null = null
  await until(async () => (pid = await reader.processId()) !== null)
  if (pid === null) throw new Error('no process runs')
  return pid
}
