// The promises of a backup for the content of pictures, as tests of each kind of database and of each move between them.
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { openMaintenance, openMigrated, openStore, type PictureRow, type Store } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { contentOf } from './content-of.ts'
import { openMediaStore } from './open-media-store.ts'
import { variants } from './variants.ts'

type Options = Parameters<typeof openStore>[0]
export type Place = { options: Options } & AsyncDisposable

const at = '2026-01-01T00:00:00.000Z'
const ROW_BYTES = 189 * 1_024
/** With a content shorter than a row, as long as one, longer, and of four rows. */
const LENGTHS = [1, ROW_BYTES, ROW_BYTES + 1, 3 * ROW_BYTES + 1]
const FULL_ROWS = (1 + 1 + 3) * variants.length

/** Both: an empty place that stays while the test runs. */
export function backedUpContract(from: () => Promise<Place>, to: () => Promise<Place>): void {
  describe('a backup', () => {
    it('holds the content of every picture, and a restore puts it where the other database keeps it', async () => {
      await using source = await from()
      await using target = await to()
      const made = await filled(source.options)
      const file = await backedUp(source.options)
      const restored = await restoredInto(target.options, file)
      expect(restored.pictureFiles).toBe(LENGTHS.length * variants.length)
      expect(await contents(target.options)).toEqual(made)
      await using store = await openStore(target.options)
      expect(await store.read(({ pictures }) => pictures.list('r'))).toHaveLength(LENGTHS.length)
    })

    it('holds no row and no piece of more than 256 kB for a picture, however large the picture is', async () => {
      await using source = await from()
      await filled(source.options)
      const pieces = await piecesOf(source.options)
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(256 * 1_024)
      const lines = pieces.join('').split('\n')
      expect(lines.filter((line) => line.length > 100_000)).toHaveLength(FULL_ROWS)
    })

    it('leaves the content of other pictures alone, and content that no picture names', async () => {
      await using source = await from()
      await using target = await to()
      await filled(source.options)
      await withStore(source.options, (store) => put(store, source.options, randomBytes(500)))
      const kept = await withStore(target.options, (store) => put(store, target.options, randomBytes(400)))
      await restoredInto(target.options, await backedUp(source.options))
      const found = await contents(target.options)
      expect(Object.keys(found)).toHaveLength((LENGTHS.length + 1) * variants.length)
      expect(found[`${kept} 96`]).toBeDefined()
    })

    it('leaves the content out where the operator wants it so, and keeps the rows of the pictures', async () => {
      await using source = await from()
      await using target = await to()
      await filled(source.options)
      const whole = await backedUp(source.options)
      const without = await backedUp(source.options, false)
      expect(without.length * 20).toBeLessThan(whole.length)
      expect(await restoredInto(target.options, without)).toMatchObject({ pictureFiles: 0 })
      expect(await contents(target.options)).toEqual({})
      expect(await withStore(target.options, (store) => store.read(({ pictures }) => pictures.list('r')))).toHaveLength(
        LENGTHS.length,
      )
    })

    it('with a part of a picture missing, repeated or altered changes nothing', async () => {
      await using source = await from()
      await using target = await to()
      await filled(source.options)
      const lines = gunzipSync(await backedUp(source.options))
        .toString()
        .trimEnd()
        .split('\n')
      const first = lines.findIndex((line) => line.startsWith('{"table":"picture_content"')) + 1
      const hostile = (place: number, row: unknown) => lines.with(place, JSON.stringify(row))
      const [hash, variant] = JSON.parse(lines[first] ?? '[]') as [string, string]
      const files = [
        // A whole file by its counts and its sum, with rows that no server writes.
        hostile(first, ['../../../etc/passwd', '96', 0, 'AAAA']),
        hostile(first, [hash, '../96', 0, 'AAAA']),
        hostile(first, [hash, '9999', 0, 'AAAA']),
        hostile(first, [hash, variant, 1, 'AAAA']),
        hostile(first, [hash, variant, 0, 'not base64!']),
        hostile(first, [hash, variant, 0, null]),
        hostile(first, [hash, variant, 0, 'A'.repeat(400_000)]),
      ]
      for (const file of files)
        await expect(restoredInto(target.options, packed(summed(file)))).rejects.toThrow(/damaged|no size/)
      await expect(restoredInto(target.options, packed(lines.toSpliced(first, 1).join('\n')))).rejects.toThrow(
        /the file/,
      )
      await using store = await openStore(target.options)
      expect(await store.read(({ rooms }) => rooms.get('r'))).toBeNull()
    })
  })
}

/** The same for what takes long with its 33 MB. */
export function largeRowContract(from: () => Promise<Place>, to: () => Promise<Place>): void {
  describe('a backup', () => {
    it('holds the tiles of a map, of which a row may be larger than a picture', async () => {
      await using source = await from()
      await using target = await to()
      const row = randomBytes(33 * 1_024 * 1_024)
      const hash = await withStore(source.options, async (store) => {
        await store.write(({ rooms }) => rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: at }))
        const stored = await put(store, source.options, randomBytes(100))
        await openMediaStore(store, source.options).put(stored, 't0-0', row)
        await store.write(({ pictures }) => pictures.insert('r', { ...rowOf('p', stored, 100), tileLevels: 1 }))
        return stored
      })
      await restoredInto(target.options, await backedUp(source.options))
      const restored = await withStore(target.options, async (store) => {
        const found = await openMediaStore(store, target.options).read(hash, 't0-0')
        return found && buffer(found.body)
      })
      expect(restored?.equals(row)).toBe(true)
    })
  })
}

/** A room with a picture of each length. Returns what `contents` has to find. */
async function filled(options: Options): Promise<Record<string, string>> {
  await withStore(options, async (store) => {
    await store.write(({ rooms }) => rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: at }))
    for (const [place, length] of LENGTHS.entries()) {
      const hash = await put(store, options, randomBytes(length))
      await store.write(({ pictures }) => pictures.insert('r', rowOf(`p${place}`, hash, length)))
    }
  })
  return contents(options)
}

const rowOf = (id: string, hash: string, bytes: number): PictureRow => ({
  id,
  hash,
  width: 10,
  height: 10,
  thumbhash: '',
  bytes,
  uploadedBy: id,
  createdAt: at,
  unusedSince: null,
  tileLevels: null,
})

/** The same content for each variant. */
async function put(store: Store, options: Options, content: Buffer): Promise<string> {
  const hash = createHash('sha256').update(content).digest('hex')
  for (const variant of variants) await openMediaStore(store, options).put(hash, variant, content)
  return hash
}

async function withStore<T>(options: Options, work: (store: Store) => Promise<T>): Promise<T> {
  await using store = await openStore(options)
  return await work(store)
}

/** By hash and variant, the sum of what is stored. */
const contents = (options: Options): Promise<Record<string, string>> =>
  withStore(options, async (store) => {
    const media = openMediaStore(store, options)
    const found: Record<string, string> = {}
    for await (const { hash, variant } of media.list()) {
      const file = await media.read(hash, variant)
      if (file)
        found[`${hash} ${variant}`] = createHash('sha256')
          .update(await buffer(file.body))
          .digest('hex')
    }
    return found
  })

async function piecesOf(options: Options, withContent = true): Promise<string[]> {
  await using maintenance = await openMaintenance(options)
  const content = contentOf(openMediaStore(maintenance.store, options))
  const pieces: string[] = []
  await maintenance.backUp(
    async (_header, text) => {
      for await (const piece of text) pieces.push(piece)
    },
    withContent ? content : null,
  )
  return pieces
}

const backedUp = async (options: Options, withContent = true): Promise<Buffer> =>
  packed((await piecesOf(options, withContent)).join(''))

/** Random content gets hardly smaller, and trying takes longer than everything else here. */
const packed = (text: string): Buffer => gzipSync(text, { level: 0 })

async function restoredInto(options: Options, file: Uint8Array) {
  await using maintenance = await openMigrated(options)
  const content = contentOf(openMediaStore(maintenance.store, options))
  return await maintenance.restore(only(file), { replace: true, content })
}

/** The lines with a trailer that fits them. */
function summed(lines: readonly string[]): string {
  const text = lines
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('')
  const { end } = JSON.parse(lines.at(-1) ?? '') as { end: { counts: Record<string, number> } }
  const sha256 = createHash('sha256').update(text).digest('hex')
  return `${text}${JSON.stringify({ end: { counts: end.counts, sha256 } })}\n`
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value)
}
