// The files of the sample campaign's map, made as those of a map that a DM sends, and then packed more tightly.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packTiles, PictureReader, tileRowOf, tileRowsOf, unpackTiles, variants } from '@tablecast/media'
import type { SharpConstructor } from 'sharp'
import { chapelMap } from './chapel-map.ts'
import { chapelVtt } from './chapel-vtt.ts'

const MINUTE_MS = 60_000

/** `folder`: for the files alone. Resolves with the bytes of each. */
export async function writeMapFiles(sharp: SharpConstructor, folder: string): Promise<Record<string, number>> {
  const place = await mkdtemp(join(tmpdir(), 'tablecast-map-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(place, { recursive: true, force: true }))
  const reader = stack.use(
    new PictureReader({
      folder: join(place, 'made'),
      maxPixels: 10_000_000,
      encoder: {
        deadlineMs: MINUTE_MS,
        mapDeadlineMs: 5 * MINUTE_MS,
        idleMs: MINUTE_MS,
        maxMemoryBytes: 1_000_000_000,
        maxWaiting: 1,
        died: (why) => {
          throw new Error(why)
        },
      },
    }),
  )
  const file = join(place, 'chapel.uvtt')
  const image = await sharp(Buffer.from(chapelMap())).flatten().removeAlpha().png().toBuffer()
  await writeFile(file, JSON.stringify(chapelVtt(image.toString('base64'))))
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const written: Record<string, number> = {}
  const write = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(folder, name), content)
    written[name] = Buffer.from(content).byteLength
  }
  await reader.readMap(file, async ({ content, walls, width, height, thumbhash, tileLevels }) => {
    for (const variant of variants) await write(`${variant}.webp`, await content(variant))
    for (const { columns, ...row } of tileRowsOf({ width, height })) {
      const name = tileRowOf(row)
      const tiles = unpackTiles(await content(name), columns)
      if (!tiles || !walls) throw new Error('the map was not read as a whole')
      // The server has no time for this.
      const packed = await Promise.all(tiles.map((tile) => sharp(tile).webp({ lossless: true, effort: 6 }).toBuffer()))
      await write(`${name}.tiles`, packTiles(packed))
    }
    await write('walls.txt', `${walls?.text ?? ''}\n`)
    await write('map.json', `${JSON.stringify({ width, height, thumbhash, tileLevels }, null, 2)}\n`)
  })
  return written
}
