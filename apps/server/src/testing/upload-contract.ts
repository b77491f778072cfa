// The rights to send pictures, and the addresses that lead to them, as tests that both databases run.
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { polyglots, samplePhoto, samplePicture, webpChunks } from '@tablecast/media/testing'
import { until } from '@tablecast/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServerOptions } from '../server.ts'
import { handoutOf, loadPicture, namePictures, newName, pictureOf, sendPicture } from './pictures.ts'
import { openTestbed, type TestUser } from './testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

export function uploadContract(given: () => Promise<ServerOptions>): void {
  let testbed: Testbed
  const users = new Map<string, TestUser>()
  const tokenOf = (who: string) => users.get(who)?.session.token ?? null
  let campaignId = ''
  let hidden = ''
  let own = ''
  let picture: Buffer

  beforeAll(async () => {
    testbed = await openTestbed({ UPLOADS_PER_HOUR: '100000', COMPAT_AUTH: 'off' }, await given())
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const) users.set(role, await testbed.join(role, role))
    users.set('stranger', await testbed.signIn('stranger'))
    users.set('other', await testbed.join('other', 'player'))
    const roomId = 'main'
    campaignId = users.has('owner')
      ? ((await testbed.store.read(({ rooms }) => rooms.get(roomId)))?.activeCampaignId ?? '')
      : ''
    // Two characters of the player, of which one is hidden.
    await testbed.store.write(async ({ campaigns }) => {
      const row = await campaigns.get(campaignId)
      if (!row) throw new Error('the sample has no campaign')
      const [first, second] = row.state.characters
      own = first?.id ?? ''
      hidden = second?.id ?? ''
      const ownerId = users.get('player')?.session.userId ?? ''
      const characters = row.state.characters.map((one, place) =>
        place < 2 ? { ...one, ownerId, visible: place === 0 } : one,
      )
      await campaigns.save({ ...row, version: row.version + 1, updatedAt: '', state: { ...row.state, characters } })
    })
    picture = await samplePicture('png', { width: 800, height: 600 })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const portrait = (character: string) => `?for=portrait&character=${character}`

  it.each([
    ['owner', '', 200],
    ['dm', '', 200],
    ['player', '', 403],
    ['spectator', '', 403],
    ['stranger', '', 403],
    ['anonymous', '', 401],
    ['dm', 'own', 200],
    ['player', 'own', 200],
    ['other', 'own', 403],
    ['spectator', 'own', 403],
    ['stranger', 'own', 403],
    ['anonymous', 'own', 401],
    ['dm', 'hidden', 200],
    ['player', 'hidden', 403],
    ['player', 'none', 403],
  ] as const)('%s who sends a picture for %j gets %i', async (who, character, status) => {
    const query = character === '' ? '' : portrait({ own, hidden, none: 'none' }[character])
    const sent = await sendPicture(testbed.url, tokenOf(who), picture, { query })
    expect([sent.status, sent.picture !== undefined]).toEqual([status, status === 200])
  })

  it('a player learns nothing of a hidden character from the refusal of its portrait', async () => {
    const answers = await Promise.all(
      [hidden, 'none'].map((id) => sendPicture(testbed.url, tokenOf('player'), picture, { query: portrait(id) })),
    )
    expect(answers[0]).toEqual(answers[1])
  })

  it('a room that does not exist is answered like one that the caller is not in', async () => {
    const answers = await Promise.all(
      ['main', 'there-is-none'].map((roomId) => sendPicture(testbed.url, tokenOf('stranger'), picture, { roomId })),
    )
    expect(answers[0]).toEqual(answers[1])
  })

  it('a picture is sent, named, loaded in each size, and hidden', async () => {
    const sent = await sendPicture(testbed.url, tokenOf('dm'), await samplePhoto({ width: 900, height: 600 }))
    expect(sent.picture).toMatchObject({ width: 600, height: 900 })
    const known = pictureOf(sent)
    const shown = newName()
    await namePictures(testbed.store, campaignId, {
      pictures: [known],
      handouts: [handoutOf(known, 'everyone', shown)],
    })
    for (const name of [known.name, shown])
      for (const file of ['96.webp', '640.webp', '2560.webp']) {
        const { status, headers, body } = await loadPicture(testbed.url, campaignId, name, file)
        expect([file, status, body.toString('latin1', 8, 12)]).toEqual([file, 200, 'WEBP'])
        expect(headers).toMatchObject({
          'content-type': 'image/webp',
          'content-length': String(body.length),
          'cache-control': 'private, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
        })
        expect(headers).not.toHaveProperty('set-cookie')
        expect(webpChunks(body)).toEqual(['VP8 '])
        for (const trace of ['SECRETPHONE', '<script']) expect(body.includes(trace)).toBe(false)
      }
    await namePictures(testbed.store, campaignId, { handouts: [handoutOf(known, 'nobody', shown)] })
    expect((await loadPicture(testbed.url, campaignId, known.name)).status).toBe(200)
    const gone = await loadPicture(testbed.url, campaignId, shown)
    const never = await loadPicture(testbed.url, campaignId, newName())
    expect(gone.status).toBe(404)
    expect(quiet(gone)).toEqual(quiet(never))
  })

  it('an address that leads nowhere is always answered the same', async () => {
    const known = pictureOf(await sendPicture(testbed.url, tokenOf('dm'), picture))
    await namePictures(testbed.store, campaignId, { pictures: [known] })
    const answers = [
      await loadPicture(testbed.url, campaignId, newName()),
      await loadPicture(testbed.url, 'no-campaign', known.name),
      await loadPicture(testbed.url, `${campaignId}%00`, known.name),
      await loadPicture(testbed.url, 'x'.repeat(2_000), known.name),
      await loadPicture(testbed.url, campaignId, known.id),
      await loadPicture(testbed.url, campaignId, known.name, '2561.webp'),
      await loadPicture(testbed.url, campaignId, known.name, '640.png'),
      await loadPicture(testbed.url, campaignId, known.name, '..%2f..%2f640.webp'),
      await loadPicture(testbed.url, campaignId, `${known.name}%00`),
    ]
    for (const answer of answers) expect(quiet(answer)).toEqual(quiet(answers[0] ?? answer))
    expect(answers[0]?.status).toBe(404)
  })

  it('players’ names of a campaign lead nowhere while it is not open, and DMs’ names do', async () => {
    const known = pictureOf(await sendPicture(testbed.url, tokenOf('dm'), picture))
    const shown = newName()
    await namePictures(testbed.store, campaignId, {
      pictures: [known],
      handouts: [handoutOf(known, 'everyone', shown)],
    })
    const open = (id: string | null) => testbed.store.write(({ rooms }) => rooms.setActiveCampaign('main', id))
    expect((await loadPicture(testbed.url, campaignId, shown)).status).toBe(200)
    await open(null)
    expect((await loadPicture(testbed.url, campaignId, shown)).status).toBe(404)
    expect((await loadPicture(testbed.url, campaignId, known.name)).status).toBe(200)
    await open(campaignId)
    expect((await loadPicture(testbed.url, campaignId, shown)).status).toBe(200)
  })

  it('a picture that is sent again by the same person is the same picture, and takes no more room', async () => {
    const file = await samplePicture('jpeg', { width: 333, height: 222 })
    const used = () => testbed.store.read(({ pictures }) => pictures.usedBytes('main'))
    const first = await sendPicture(testbed.url, tokenOf('dm'), file)
    const before = await used()
    const again = await sendPicture(testbed.url, tokenOf('dm'), file)
    expect(again.picture).toEqual(first.picture)
    expect(await used()).toBe(before)
    const others = await sendPicture(testbed.url, tokenOf('owner'), file)
    expect(others.picture?.id).not.toBe(first.picture?.id)
  })

  it('a file that is two things at once is served as a picture alone', async () => {
    for (const { name, content } of await polyglots()) {
      const known = pictureOf(await sendPicture(testbed.url, tokenOf('dm'), content))
      await namePictures(testbed.store, campaignId, { pictures: [known] })
      for (const file of ['96.webp', '640.webp', '2560.webp']) {
        const { status, body } = await loadPicture(testbed.url, campaignId, known.name, file)
        expect([name, status, body.includes('POLYGLOT')]).toEqual([name, 200, false])
      }
    }
  })

  it('a file may be called anything, and its declared type and name count for nothing', async () => {
    const headers = {
      'content-type': 'text/html',
      'content-disposition': 'attachment; filename="../../../etc/passwd"',
      'x-file-name': '..%2f..%2fsession-secret',
    }
    expect((await sendPicture(testbed.url, tokenOf('dm'), picture, { headers })).status).toBe(200)
  })

  it('a player who was removed while their picture was read keeps nothing', async () => {
    const late = await testbed.join('late', 'player')
    const file = await samplePhoto({ width: 1_000, height: 800 })
    const { session } = late
    await testbed.store.write(async ({ campaigns }) => {
      const row = await campaigns.get(campaignId)
      if (!row) throw new Error('the sample has no campaign')
      const characters = row.state.characters.map((one) =>
        one.id === own ? { ...one, ownerId: session.userId, visible: true } : one,
      )
      await campaigns.save({ ...row, version: row.version + 1, updatedAt: '', state: { ...row.state, characters } })
    })
    const rows = () => testbed.store.read(({ pictures }) => pictures.list('main'))
    const before = (await rows()).length
    const gate = Promise.withResolvers<void>()
    // The first half of the file waits for the removal.
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(file.subarray(0, 1_000))
        await gate.promise
        controller.enqueue(file.subarray(1_000))
        controller.close()
      },
    })
    const sending = sendPicture(testbed.url, session.token, body, { query: portrait(own) })
    await until(async () => (await filesUnderWay(testbed)) > 0)
    await testbed.store.write(({ rooms }) => rooms.removeMember('main', session.userId))
    gate.resolve()
    expect(await sending).toMatchObject({ status: 403, error: { code: 'NOT_A_MEMBER' } })
    expect(await rows()).toHaveLength(before)
    expect(await filesUnderWay(testbed)).toBe(0)
  })

  it('a client that breaks off leaves nothing', async () => {
    const { hostname, port } = new URL(testbed.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /api/rooms/main/pictures HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf('dm')}\r\nContent-Length: 5000\r\n\r\n`,
    )
    socket.write(picture.subarray(0, 500))
    await until(async () => (await filesUnderWay(testbed)) > 0)
    socket.destroy()
    await until(async () => (await filesUnderWay(testbed)) === 0)
  })
}

/** Without the parts that differ in every answer: the request's id, the time, and what is left of the rate. */
function quiet({ status, headers, body }: Awaited<ReturnType<typeof loadPicture>>) {
  const changing = /^(date|x-request-id|x-ratelimit-.*|keep-alive)$/
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !changing.test(name))),
    body: body.toString(),
  }
}

const filesUnderWay = async ({ folder }: Testbed): Promise<number> =>
  (await readdir(join(folder, 'media', 'tmp')).catch(() => [])).length
