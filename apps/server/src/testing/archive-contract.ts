// The promises of campaigns that travel with their pictures, as tests of each kind of database.
import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { deflateRawSync } from 'node:zlib'
import { cutOut, mapFile, noise, pixelsOf, pngOf, samplePicture } from '@tablecast/media/testing'
import { describe, expect, it } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { z } from 'zod'
import type { ServerOptions } from '../server.ts'
import { Exposition } from './exposition.ts'
import { addMap, loadTile, sendMap } from './map-pictures.ts'
import { loadPicture } from './pictures.ts'
import { newKey, openTestbed, type TestUser } from './testbed.ts'

/** Of the sample campaign, with its walls. */
const sampleMap = ['maps/sample-chapel-map.json', 'maps/sample-chapel-map.tiles']

const Report = z.object({
  name: z.string(),
  counts: z.record(z.string(), z.int()),
  kept: z.array(z.string()),
  changed: z.array(z.string()),
  leftOut: z.array(z.string()),
})
const Answer = z.object({ id: z.string(), name: z.string(), report: Report })
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

type Testbed = Awaited<ReturnType<typeof openTestbed>>

async function exportOf({ url }: Testbed, { session }: TestUser, campaignId: string) {
  const response = await fetch(`${url}/api/rooms/main/campaigns/${campaignId}/export.zip`, {
    headers: { authorization: `Bearer ${session.token}` },
  })
  return { status: response.status, headers: response.headers, zip: Buffer.from(await response.arrayBuffer()) }
}

async function send({ url }: Testbed, { session }: TestUser, zip: Uint8Array, key = newKey(), roomId = 'main') {
  const response = await fetch(`${url}/api/rooms/${roomId}/campaigns/import?key=${key}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session.token}` },
    body: new Blob([Uint8Array.from(zip)]),
  })
  const body: unknown = await response.json()
  return { status: response.status, body }
}

async function preview({ url }: Testbed, { session }: TestUser, zip: Uint8Array, roomId = 'main') {
  const response = await fetch(`${url}/api/rooms/${roomId}/campaigns/import/preview`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session.token}` },
    body: new Blob([Uint8Array.from(zip)]),
  })
  const body: unknown = await response.json()
  return { status: response.status, body }
}

async function filesOf(zip: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const read = await fromBufferPromise(zip, { lazyEntries: true })
  for await (const entry of read.eachEntry())
    files.set(entry.fileName, await buffer(await read.openReadStreamPromise(entry)))
  return files
}

async function zipOf(files: Iterable<readonly [string, Buffer]>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of files) zip.addBuffer(content, name)
  zip.end()
  return buffer(zip.outputStream)
}

const activeOf = async ({ http }: TestUser) => {
  const { campaigns } = await http.campaign.list.query({ roomId: 'main' })
  return campaigns.find(({ active }) => active)?.id ?? ''
}

/** Pictures of maps that the encoder cut. */
const mapsCut = async ({ url }: Testbed): Promise<number> =>
  new Exposition(await (await fetch(`${url}/metrics`)).text()).sum('tablecast_map_cut_seconds_count')

/** `options`: with an empty database. The test closes what it opens. */
export function archiveContract(options: () => Promise<ServerOptions & Partial<AsyncDisposable>>): void {
  const opened = async (environment: Record<string, string> = {}) => {
    const { [Symbol.asyncDispose]: close, ...given } = await options()
    const testbed = await openTestbed(environment, given)
    return {
      ...testbed,
      async [Symbol.asyncDispose]() {
        await testbed[Symbol.asyncDispose]()
        await close?.()
      },
    }
  }

  describe('a campaign with its pictures', () => {
    it('is exported as one file, and imported with pictures that people see', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const { status, headers, zip } = await exportOf(testbed, dm, await activeOf(dm))
      expect([status, headers.get('content-type')]).toEqual([200, 'application/zip'])
      expect(headers.get('content-disposition')).toContain('the-bell-beneath-the-tide.zip')
      const files = await filesOf(zip)
      expect([...files.keys()].toSorted()).toEqual([
        'campaign.json',
        ...sampleMap,
        ...['chapel', 'corvin', 'mira', 'sable', 'tide-table', 'tobin'].map((name) => `pictures/sample-${name}.webp`),
      ])
      const answer = Answer.parse((await send(testbed, dm, zip)).body)
      expect(answer.report.kept).toContain('7 pictures.')
      expect(answer.report.leftOut).toEqual([])
      const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId: answer.id })
      expect(state.pictures).toHaveLength(7)
      expect(state.pictures?.map(({ id }) => id).filter((id) => id.startsWith('sample-'))).toEqual([])
      expect(state.characters.filter(({ portrait }) => portrait)).toHaveLength(4)
      for (const { name } of state.pictures ?? []) {
        const loaded = await loadPicture(testbed.url, answer.id, name)
        expect([loaded.status, loaded.headers['content-type']]).toEqual([200, 'image/webp'])
      }
      const { events } = await (await testbed.join('Olga', 'owner')).http.rooms.audit.query({ roomId: 'main' })
      expect(JSON.stringify(events)).toContain('the-bell-beneath-the-tide.zip')
    })

    it('brings the pictures of its maps in full size, pixel by pixel, with their walls', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const made = await dm.http.campaign.create.mutate({ roomId: 'main', key: newKey(), name: 'Two maps' })
      const size = { width: 600, height: 520 }
      const [drawn, other] = [noise(size, 1), noise(size, 2)]
      const image = (await pngOf(drawn)).toString('base64')
      const file = mapFile({ cells: { x: 12, y: 10.4 }, picture: image })
      const sent = [
        await sendMap(testbed.url, dm.session.token, file),
        await sendMap(testbed.url, dm.session.token, await pngOf(other)),
      ]
      for (const { picture } of sent) await addMap(testbed.store, made.id, { ...size, pictureId: picture?.id ?? '' })
      await addMap(testbed.store, made.id, { ...size, pictureId: null })
      const { zip } = await exportOf(testbed, dm, made.id)
      const [first = '', second = ''] = sent.map(({ picture }) => picture?.id ?? '')
      expect([...(await filesOf(zip)).keys()].toSorted()).toEqual(
        ['campaign.json', `maps/${first}.json`, `maps/${first}.tiles`, `maps/${second}.tiles`].toSorted(),
      )
      const previewed = Report.parse((await preview(testbed, dm, zip)).body)
      expect(previewed.kept.some((line) => line.startsWith('2 pictures'))).toBe(true)

      /** Another server would have to cut them, as this one does for a DM of another room. */
      const elsewhere = await testbed.signIn('Eve')
      const { room } = await elsewhere.http.rooms.create.mutate({ key: newKey(), name: 'Elsewhere' })
      const arrivesFor = async (user: TestUser, roomId: string, cuts: number) => {
        const before = await mapsCut(testbed)
        const answer = Answer.parse((await send(testbed, user, zip, newKey(), roomId)).body)
        expect(answer.report.leftOut).toEqual([])
        expect((await mapsCut(testbed)) - before).toBe(cuts)
        const { state } = await user.http.campaign.get.query({ roomId, campaignId: answer.id })
        const arrived = state.maps ?? []
        expect(arrived.map(({ pictureId }) => pictureId !== null)).toEqual([true, true, false])
        for (const [place, picture] of [drawn, other].entries()) {
          const map = arrived[place]
          if (!map) throw new Error('the map did not arrive')
          const { body } = await loadTile(testbed.url, answer.id, map.id, { id: '0-1-1', name: map.name })
          const tile = await pixelsOf(body)
          expect(tile.data.equals(cutOut(picture, { left: 512, top: 512, width: 88, height: 8 }).data)).toBe(true)
          const walls = await testbed.store.read(({ maps }) => maps.walls(roomId, map.pictureId ?? ''))
          expect(walls === null).toBe(place === 1)
        }
      }
      await arrivesFor(elsewhere, room.id, 2)
      await arrivesFor(dm, 'main', 0)
      await arrivesFor(elsewhere, room.id, 0)
    })

    it('is cut again where the walls of a map, or a pixel of it, are others than those that its DM has', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const made = await dm.http.campaign.create.mutate({ roomId: 'main', key: newKey(), name: 'One map' })
      const size = { width: 200, height: 100 }
      const file = (seed: number) => pngOf(noise(size, seed)).then((png) => png.toString('base64'))
      const idOf = async (seed: number) => {
        const body = mapFile({ cells: { x: 4, y: 2 }, picture: await file(seed) })
        return (await sendMap(testbed.url, dm.session.token, body)).picture?.id ?? ''
      }
      const [mine, others] = [await idOf(1), await idOf(2)]
      for (const pictureId of [mine, others]) await addMap(testbed.store, made.id, { ...size, pictureId })
      const files = await filesOf((await exportOf(testbed, dm, made.id)).zip)
      const changed = async (name: string, content: Buffer) => {
        const before = await mapsCut(testbed)
        const zip = await zipOf(new Map([...files, [name, content]]))
        const { id } = Answer.parse((await send(testbed, dm, zip)).body)
        const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId: id })
        const used = new Set(state.maps?.map(({ pictureId }) => pictureId))
        return { cuts: (await mapsCut(testbed)) - before, pictures: used.size }
      }
      const walls = files.get(`maps/${mine}.json`) ?? Buffer.alloc(0)
      expect(await changed(`maps/${mine}.json`, walls)).toEqual({ cuts: 0, pictures: 2 })
      expect(await changed(`maps/${mine}.json`, Buffer.from(`${walls.toString()} `))).toEqual({
        cuts: 1,
        pictures: 2,
      })
      // Both pictures have one size, and here the second one's pixels under the first one's name.
      const swapped = await changed(`maps/${mine}.tiles`, files.get(`maps/${others}.tiles`) ?? Buffer.alloc(0))
      expect(swapped).toEqual({ cuts: 0, pictures: 1 })
    })

    it('comes without the pictures of maps that are damaged, and the report says so', async () => {
      const damages = [
        // It is cut off.
        (file: Buffer) => file.subarray(0, file.length - 100),
        // It claims another size.
        (file: Buffer) => Buffer.concat([file.subarray(0, 8), Buffer.from([255, 255, 0, 0]), file.subarray(12)]),
        // It claims a long row.
        (file: Buffer) => Buffer.concat([file.subarray(0, 16), Buffer.alloc(4, 255), file.subarray(20)]),
        // It is anything.
        () => randomBytes(5_000),
      ]
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const campaignId = await activeOf(dm)
      const size = { width: 200, height: 100 }
      const ids: string[] = []
      for (const place of damages.keys()) {
        const { picture } = await sendMap(testbed.url, dm.session.token, await pngOf(noise(size, place)))
        ids.push(picture?.id ?? '')
        await addMap(testbed.store, campaignId, { ...size, pictureId: ids[place] ?? null })
      }
      const files = await filesOf((await exportOf(testbed, dm, campaignId)).zip)
      for (const [place, damaged] of damages.entries()) {
        const name = `maps/${ids[place]}.tiles`
        files.set(name, damaged(files.get(name) ?? Buffer.alloc(0)))
      }
      const answer = Answer.parse((await send(testbed, dm, await zipOf(files))).body)
      expect(answer.report.leftOut).toContainEqual(expect.stringMatching(/^4 pictures that the file lacks/))
    })

    it('holds no name by which somebody could load a picture of this server', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const campaignId = await activeOf(dm)
      const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId })
      const names = [...JSON.stringify(state).matchAll(/"name":"([\w-]{22})"/g)].map(([, name = '']) => name)
      expect(names.length).toBeGreaterThan(6)
      const text = (await filesOf((await exportOf(testbed, dm, campaignId)).zip)).get('campaign.json')?.toString() ?? ''
      expect(names.filter((name) => text.includes(name))).toEqual([])
      const plain = await dm.http.campaign.export.query({ roomId: 'main', campaignId, format: 'json', audience: 'dm' })
      expect(names.filter((name) => plain.text.includes(name))).toEqual([])
    })

    it('is one campaign for a repeat of the same call', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const { zip } = await exportOf(testbed, dm, await activeOf(dm))
      const key = newKey()
      const first = Answer.parse((await send(testbed, dm, zip, key)).body)
      expect(Answer.parse((await send(testbed, dm, zip, key)).body).id).toBe(first.id)
      expect((await testbed.store.read(({ pictures }) => pictures.list('main'))).length).toBe(14)
    })

    it('comes without the pictures that are damaged or missing, and the report says so', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const files = await filesOf((await exportOf(testbed, dm, await activeOf(dm))).zip)
      files.delete('pictures/sample-mira.webp')
      files.set('pictures/sample-tobin.webp', randomBytes(500))
      files.set('pictures/sample-sable.webp', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
      files.set('pictures/../../../evil.webp.txt', Buffer.from('x'))
      files.delete('pictures/../../../evil.webp.txt')
      files.set('__MACOSX/._campaign.json', Buffer.from('x'))
      const answer = Answer.parse((await send(testbed, dm, await zipOf(files))).body)
      expect(answer.report.kept).toContain('4 pictures.')
      expect(answer.report.leftOut).toContainEqual(expect.stringMatching(/^3 pictures that the file lacks/))
      const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId: answer.id })
      expect(state.pictures).toHaveLength(4)
    })

    it('is previewed with the sentences of its import, and nothing of it is stored', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const files = await filesOf((await exportOf(testbed, dm, await activeOf(dm))).zip)
      files.delete('pictures/sample-mira.webp')
      files.set('pictures/sample-sable.webp', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
      const zip = await zipOf(files)
      const stored = async () => ({
        campaigns: (await dm.http.campaign.list.query({ roomId: 'main' })).campaigns.length,
        pictures: (await testbed.store.read(({ pictures }) => pictures.list('main'))).length,
      })
      const before = await stored()
      const shown = Report.parse((await preview(testbed, dm, zip)).body)
      expect(await stored()).toEqual(before)
      const bytes = ['chapel', 'corvin', 'tide-table', 'tobin']
        .map((name) => `pictures/sample-${name}.webp`)
        .concat('maps/sample-chapel-map.tiles')
        .map((name) => files.get(name)?.length ?? 0)
        .reduce((sum, length) => sum + length)
      expect(shown.kept).toContain(`5 pictures, ${Math.ceil(bytes / 1_024)} kB.`)
      expect(shown.leftOut).toContainEqual(expect.stringMatching(/^2 pictures that the file lacks/))
      const { report } = Answer.parse((await send(testbed, dm, zip)).body)
      expect({ ...report, kept: [] }).toEqual({ ...shown, kept: [] })
      expect(report.kept.filter((one) => !one.includes('picture'))).toEqual(
        shown.kept.filter((one) => !one.includes('picture')),
      )
    })

    it('loses the metadata of pictures that somebody packed into the file', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const files = await filesOf((await exportOf(testbed, dm, await activeOf(dm))).zip)
      const picture = await samplePicture('png')
      files.set('pictures/sample-chapel.webp', Buffer.concat([picture, Buffer.from('CANARY trailing bytes')]))
      const answer = Answer.parse((await send(testbed, dm, await zipOf(files))).body)
      const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId: answer.id })
      const scene = state.pictures?.find(({ id }) => id === state.scenePicture?.pictureId)
      const loaded = await loadPicture(testbed.url, answer.id, scene?.name ?? '', '2560.webp')
      expect([loaded.status, loaded.body.subarray(8, 12).toString()]).toEqual([200, 'WEBP'])
      expect(loaded.body.includes('CANARY')).toBe(false)
    })

    it('is refused with a sentence when it is no such file, and the table goes on', async () => {
      await using testbed = await opened({ MAX_IMPORT_BYTES: '2000000', MEDIA_ROOM_MAX_BYTES: '30000000' })
      const dm = await testbed.join('Dee', 'dm')
      const files = await filesOf((await exportOf(testbed, dm, await activeOf(dm))).zip)
      const campaign = files.get('campaign.json') ?? Buffer.alloc(0)
      const whole = await zipOf(files)
      const hostile: [string, Uint8Array, RegExp][] = [
        ['nothing', new Uint8Array(0), /ZIP file/],
        ['no ZIP', randomBytes(2_000), /ZIP file/],
        ['cut off', whole.subarray(0, whole.length - 300), /ZIP file/],
        ['no campaign', await zipOf([['story.json', campaign]]), /ZIP file/],
        ['other JSON', await zipOf([['campaign.json', Buffer.from('{"a":1}')]]), /not a campaign/],
        ['no JSON', await zipOf([['campaign.json', Buffer.from('{{{')]]), /not a campaign/],
        ['deep JSON', await zipOf([['campaign.json', Buffer.from('['.repeat(100_000))]]), /./],
        ['a bomb', await zipOf([['campaign.json', Buffer.alloc(1_900_000)]]), /more than a campaign/],
        ['too long', await zipOf([['campaign.json', randomBytes(2_100_000)]]), /more than a campaign/],
        [
          'too many',
          await zipOf(Array.from({ length: 600 }, (_, n) => [`f${n}`, campaign] as const)),
          /too many files/,
        ],
        ['twice', doubled(campaign), /damaged/],
        ['a liar', liar(campaign), /damaged|ZIP file/],
      ]
      for (const [name, zip, message] of hostile) {
        const { status, body } = await send(testbed, dm, zip)
        expect([name, status >= 400 && status < 500]).toEqual([name, true])
        expect(Refusal.parse(body).error.message, name).toMatch(message)
        expect([name, await preview(testbed, dm, zip)]).toEqual([name, { status, body }])
      }
      expect(await send(testbed, dm, randomBytes(31_000_000))).toMatchObject({ status: 413 })
      expect((await send(testbed, dm, whole)).status).toBe(200)
    })

    it('is for the DMs of the room alone', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const campaignId = await activeOf(dm)
      const { zip } = await exportOf(testbed, dm, campaignId)
      for (const role of ['player', 'spectator'] as const) {
        const other = await testbed.join(role, role)
        expect((await exportOf(testbed, other, campaignId)).status).toBe(403)
        expect((await send(testbed, other, zip)).status).toBe(403)
        expect((await preview(testbed, other, zip)).status).toBe(403)
      }
      const stranger = await testbed.signIn('Eve')
      const [known, unknown] = [
        await send(testbed, stranger, zip),
        await send(testbed, stranger, zip, newKey(), 'none'),
      ]
      expect(known).toEqual(unknown)
      const nobody = await fetch(`${testbed.url}/api/rooms/main/campaigns/${campaignId}/export.zip`)
      expect(nobody.status).toBe(401)
    })

    it('goes into a copy in the same room, whose pictures have names of their own', async () => {
      await using testbed = await opened()
      const dm = await testbed.join('Dee', 'dm')
      const campaignId = await activeOf(dm)
      const { state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId })
      const copy = await dm.http.campaign.duplicate.mutate({
        roomId: 'main',
        key: newKey(),
        campaignId,
        name: 'A copy',
        withStory: false,
      })
      const copied = await dm.http.campaign.get.query({ roomId: 'main', campaignId: copy.id })
      expect(copied.state.pictures?.map(({ id }) => id)).toEqual(state.pictures?.map(({ id }) => id))
      const [before, after] = [state, copied.state].map(({ pictures }) => pictures?.map(({ name }) => name) ?? [])
      expect(after?.filter((name) => before?.includes(name))).toEqual([])
      for (const name of after ?? []) expect((await loadPicture(testbed.url, copy.id, name)).status).toBe(200)
      for (const name of before ?? []) expect((await loadPicture(testbed.url, copy.id, name)).status).toBe(404)
    })
  })
}

/** A ZIP file by hand: each entry with the sizes that it claims. */
function packed(entries: readonly { name: string; content: Buffer; claims?: number }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, claims = content.length } of entries) {
    const data = deflateRawSync(content)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(claims, 18)
    head.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), head, tail, Buffer.from(name)]))
    parts.push(local)
    at += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\u0005\u0006'), end])
}

const doubled = (campaign: Buffer): Buffer =>
  packed([
    { name: 'campaign.json', content: campaign },
    { name: 'campaign.json', content: campaign },
  ])

/** Says that it is shorter than it is. */
const liar = (campaign: Buffer): Buffer => packed([{ name: 'campaign.json', content: campaign, claims: 100 }])
