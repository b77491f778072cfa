// The limits of uploads, and their refusals in words.
import { readdir, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { megabytes } from '@tablecast/contracts'
import { boastfulFiles, foreignFiles, packedZeros, samplePhoto, samplePicture } from '@tablecast/media/testing'
import { until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { openIssuer } from '../../../testing/issuer.ts'
import { sendPicture } from '../../../testing/pictures.ts'
import { newKey, openTestbed } from '../../../testing/testbed.ts'
import { UploadLimits } from './upload-limits.ts'

async function openTable(environment: Record<string, string> = {}) {
  await using opened = new AsyncDisposableStack()
  const testbed = opened.use(await openTestbed({ UPLOADS_PER_HOUR: '100000', ...environment }))
  const dm = await testbed.join('DM', 'owner')
  const owned = opened.move()
  return {
    ...testbed,
    token: dm.session.token,
    send: (file: Buffer) => sendPicture(testbed.url, dm.session.token, file),
    metric: async (name: string) => {
      const { text } = await testbed.server.metrics.exposition()
      return text.split('\n').filter((line) => line.startsWith(`tablecast_${name}`))
    },
    filesUnderWay: async () => (await readdir(join(testbed.folder, 'media', 'tmp')).catch(() => [])).length,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function sampleBytes(): Promise<number> {
  await using table = await openTable()
  return table.store.read(({ pictures }) => pictures.usedBytes('main'))
}

describe('a server', () => {
  it('that is to take no pictures says so', async () => {
    await using table = await openTable({ UPLOADS: 'off' })
    expect(await table.send(await samplePicture('png'))).toMatchObject({
      status: 403,
      error: { code: 'FORBIDDEN', message: 'Pictures can not be sent to this server.' },
    })
    expect(await table.metric('upload_refusals_total')).toEqual(['tablecast_upload_refusals_total{reason="off"} 1'])
  })

  it('that takes pictures of accounts alone asks guests to sign in', async () => {
    await using table = await openTable({ UPLOADS: 'accounts' })
    expect(await table.send(await samplePicture('png'))).toMatchObject({
      status: 403,
      error: { code: 'FORBIDDEN', message: 'Only people with an account may send pictures here. Sign in first.' },
    })
  })

  it('that takes pictures of accounts alone takes those of a person who signed in at the provider', async () => {
    await using issuer = await openIssuer()
    await using table = await openTable({ ...issuer.environment, GUESTS: 'on', UPLOADS: 'accounts' })
    const token = await issuer.sign({ name: 'Mira' })
    const { http } = table.withToken(token)
    await http.auth.account.mutate({ name: 'Mira' })
    const codes = await table.server.rooms.invites.codes('main')
    await http.rooms.join.mutate({ key: newKey(), code: codes.find(({ role }) => role === 'dm')?.code ?? '' })
    expect(await http.auth.me.query()).toMatchObject({ kind: 'account' })
    const picture = await samplePicture('png')
    expect((await sendPicture(table.url, token, picture)).status).toBe(200)
    // The guest beside them is the owner of the room, and is refused.
    expect(await table.send(picture)).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } })
    expect(await table.metric('upload_refusals_total')).toEqual(['tablecast_upload_refusals_total{reason="guests"} 1'])
  })

  it('refuses a file that is too large by its head, and one without an announced length as it arrives', async () => {
    await using table = await openTable({ MEDIA_PICTURE_MAX_BYTES: '1048576' })
    const tooLarge = {
      status: 413,
      error: {
        code: 'MESSAGE_TOO_LARGE',
        message: 'This file is too large: a picture may have 1 MB. Make it smaller.',
      },
    }
    const file = Buffer.alloc(3_000_000)
    expect(await table.send(file)).toMatchObject(tooLarge)
    let given = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (given >= file.length) return controller.close()
        controller.enqueue(new Uint8Array(100_000))
        given += 100_000
      },
    })
    expect(await sendPicture(table.url, table.token, body)).toMatchObject(tooLarge)
    await until(async () => (await table.filesUnderWay()) === 0)
    expect((await table.send(await samplePicture('png'))).status).toBe(200)
  })

  it('ends a file that arrives too slowly, and keeps nothing of it', async () => {
    await using table = await openTable({ BODY_TIMEOUT: '1' })
    const { hostname, port } = new URL(table.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    socket.write(
      `POST /api/rooms/main/pictures HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${table.token}\r\nContent-Length: 900000\r\n\r\n`,
    )
    socket.write(Buffer.alloc(1_000))
    await until(async () => (await table.filesUnderWay()) === 1)
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    await until(async () => (await table.filesUnderWay()) === 0)
  })

  it('refuses more pictures of a room than its bytes, and keeps nothing of the one too many', async () => {
    // The pictures of the sample campaign, and 30 kB.
    const max = (await sampleBytes()) + 30_000
    await using table = await openTable({ MEDIA_ROOM_MAX_BYTES: String(max) })
    const noise = (width: number) => samplePhoto({ width, height: 300 })
    let sent = await table.send(await noise(300))
    for (let width = 301; sent.status === 200 && width < 330; width++) sent = await table.send(await noise(width))
    expect(sent).toMatchObject({
      status: 409,
      error: {
        code: 'CONFLICT',
        message: `The pictures of this table fill all of their ${megabytes(max)}. Remove some first.`,
      },
    })
    expect(await table.store.read(({ pictures }) => pictures.usedBytes('main'))).toBeLessThanOrEqual(max)
  })

  it('refuses more pictures than its own bytes', async () => {
    const before = await sampleBytes()
    await using table = await openTable({ MEDIA_MAX_BYTES: String(before + 2_000) })
    const sent = await table.send(await samplePhoto({ width: 900, height: 600 }))
    expect(sent).toMatchObject({ status: 503, retryAfter: '600', error: { code: 'UNAVAILABLE' } })
    expect(sent.error?.message).toBe('The server keeps no more pictures. Its operator can make room.')
    expect(await table.metric('media_bytes')).toEqual([`tablecast_media_bytes ${before}`])
  })

  it('refuses pictures while its disk has little space, and the table goes on', async () => {
    await using table = await openTable({ MEDIA_MIN_FREE_BYTES: String(2 ** 40) })
    expect(await table.send(await samplePicture('png'))).toMatchObject({
      status: 503,
      retryAfter: '600',
      error: {
        code: 'UNAVAILABLE',
        message:
          'The disk of the server is nearly full, and the picture was not kept. Tell the operator of the server.',
      },
    })
    expect(await table.metric('upload_refusals_total')).toEqual([
      'tablecast_upload_refusals_total{reason="little_space"} 1',
    ])
    expect(await table.filesUnderWay()).toBe(0)
  })

  it('takes UPLOADS_PER_HOUR pictures in an hour, of a person and of an address', async () => {
    await using table = await openTable({ UPLOADS_PER_HOUR: '2' })
    const file = await samplePicture('png')
    expect([(await table.send(file)).status, (await table.send(file)).status]).toEqual([200, 200])
    const refused = await table.send(file)
    expect(refused).toMatchObject({
      status: 429,
      error: { code: 'RATE_LIMITED', message: 'At most 2 pictures in an hour: wait a little.' },
    })
    expect(Number(refused.retryAfter)).toBeGreaterThan(1_700)
    // Another person at the same address shares its number.
    const other = await table.join('Other', 'dm')
    expect((await sendPicture(table.url, other.session.token, file)).status).toBe(429)
  })

  it('takes two pictures of a person at a time', async () => {
    await using table = await openTable()
    const gate = Promise.withResolvers<void>()
    const file = await samplePicture('png')
    const slow = () =>
      sendPicture(
        table.url,
        table.token,
        new ReadableStream<Uint8Array>({
          async start(controller) {
            controller.enqueue(file.subarray(0, 20))
            await gate.promise
            controller.enqueue(file.subarray(20))
            controller.close()
          },
        }),
      )
    const two = [slow(), slow()]
    await until(async () => (await table.filesUnderWay()) === 2)
    expect(await table.send(file)).toMatchObject({
      status: 429,
      retryAfter: '5',
      error: { code: 'RATE_LIMITED', message: 'At most 2 pictures at a time: wait for one of them.' },
    })
    gate.resolve()
    expect((await Promise.all(two)).map(({ status }) => status)).toEqual([200, 200])
    expect((await table.send(file)).status).toBe(200)
  })

  it('refuses hostile files with a sentence each, and takes the next picture', async () => {
    await using table = await openTable()
    const files = [...(await boastfulFiles()), ...(await foreignFiles())]
    for (const { name, content } of files) {
      const sent = await table.send(content)
      expect([name, sent.status, sent.error?.code]).toEqual([name, 422, 'VALIDATION_FAILED'])
      expect([name, sent.error?.message]).toEqual([name, expect.stringMatching(/^[A-Z][^{}/\\]+\.$/)])
    }
    expect((await table.send(packedZeros())).status).toBe(200)
    expect((await table.send(await samplePicture('avif'))).status).toBe(200)
    expect(await table.metric('encoder_deaths_total')).toEqual(['tablecast_encoder_deaths_total 0'])
    expect(await table.metric('uploads_total')).toEqual([
      `tablecast_uploads_total{outcome="refused"} ${files.length}`,
      'tablecast_uploads_total{outcome="kept"} 2',
    ])
    expect(await table.metric('picture_render_seconds_count{outcome="made"}')).toEqual([
      'tablecast_picture_render_seconds_count{outcome="made"} 2',
    ])
    expect((await table.server.metrics.sample()).pictures).toMatchObject({
      bytes: await table.server.pictures.media.usedBytes(),
      kept: 2,
      refused: files.length,
      failed: 0,
      encoderDeaths: 0,
      render: { count: 2 },
    })
    expect(await table.filesUnderWay()).toBe(0)
  })

  it('asks one person to send a picture again when its encoder is killed, and takes the next one', async () => {
    await using table = await openTable()
    const { reader } = table.server.pictures
    const sending = table.send(await samplePhoto())
    let pid: number | null = null
    await until(async () => (pid = await reader.processId()) !== null)
    process.kill(pid ?? 0, 'SIGKILL')
    expect(await sending).toMatchObject({
      status: 503,
      retryAfter: '5',
      error: {
        code: 'UNAVAILABLE',
        message: 'The server could not finish reading this picture. Send it again.',
      },
    })
    expect((await table.send(await samplePhoto({ width: 800, height: 600 }))).status).toBe(200)
    expect(await table.metric('encoder_deaths_total')).toEqual(['tablecast_encoder_deaths_total 1'])
    expect(await table.metric('upload_refusals_total')).toEqual(['tablecast_upload_refusals_total{reason="ended"} 1'])
  })

  it('that can not write into its folder says so, and works again when it can', async () => {
    await using table = await openTable()
    const media = join(table.folder, 'media')
    await rm(media, { recursive: true, force: true })
    await writeFile(media, 'a file in place of the folder')
    const sent = await table.send(await samplePicture('png'))
    expect(sent).toMatchObject({ status: 500, error: { code: 'INTERNAL' } })
    expect(sent.error?.message).not.toContain(table.folder)
    await rm(media)
    expect((await table.send(await samplePicture('png'))).status).toBe(200)
  })
})

describe('the uploads of an hour', () => {
  it('come back one by one', () => {
    let now = 0
    const limits = new UploadLimits(60, () => now)
    const take = () => limits.take('u', 'a')()
    for (let count = 0; count < 60; count++) take()
    expect(take).toThrow('At most 60 pictures in an hour')
    now += 60_000
    take()
    expect(take).toThrow('At most 60 pictures in an hour')
  })

  it('of an address count together, and a refused one takes nothing from others', () => {
    const limits = new UploadLimits(2, () => 0)
    limits.take('u', 'a')()
    limits.take('v', 'a')()
    expect(() => limits.take('w', 'a')).toThrow('in an hour')
    limits.take('w', 'b')()
    limits.take('w', 'c')()
    expect(() => limits.take('w', 'd')).toThrow('in an hour')
  })
})
