// Pictures with PostgreSQL, with two nodes, and in a server that is killed.
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { samplePhoto, samplePicture } from '@tablecast/media/testing'
import { openStore } from '@tablecast/store'
import { freePort, startPostgres, temporaryFolder, type TestPostgres, until } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handoutOf, loadPicture, namePictures, newName, pictureOf, sendPicture } from '../../../testing/pictures.ts'
import { startProcess } from '../../../testing/process.ts'
import { httpClient, newKey, openTestbed } from '../../../testing/testbed.ts'
import { uploadContract } from '../../../testing/upload-contract.ts'

const opened = new AsyncDisposableStack()
let postgres: TestPostgres

beforeAll(async () => {
  postgres = opened.use(await startPostgres())
})
afterAll(() => opened.disposeAsync())

describe('pictures on PostgreSQL', () =>
  uploadContract(async () => {
    const databaseUrl = await postgres.createDatabase()
    return { store: opened.use(await openStore({ databaseUrl, dataDir: ':memory:' })) }
  }))

describe('two nodes on PostgreSQL', () => {
  it('serve what the other one has taken, and stop when it is hidden there', async () => {
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
    }
    await using a = await openTestbed(environment)
    await using b = await openTestbed(environment)
    const { session, details } = await a.join('DM', 'owner')
    const campaignId = details.room.activeCampaignId ?? ''
    const known = pictureOf(await sendPicture(a.url, session.token, await samplePhoto({ width: 2_000, height: 1_500 })))
    const shown = newName()
    await namePictures(a.store, campaignId, { pictures: [known], handouts: [handoutOf(known, 'everyone', shown)] })
    const [fromA, fromB] = [
      await loadPicture(a.url, campaignId, shown, '2560.webp'),
      await loadPicture(b.url, campaignId, shown, '2560.webp'),
    ]
    expect([fromA.status, fromB.status, fromA.body.equals(fromB.body)]).toEqual([200, 200, true])
    expect(fromB.body.length).toBeGreaterThan(262_144)
    await namePictures(a.store, campaignId, { handouts: [handoutOf(known, 'nobody', null)] })
    expect((await loadPicture(b.url, campaignId, shown)).status).toBe(404)
    // No node has a copy of its own.
    for (const { folder } of [a, b]) {
      const names = await readdir(join(folder, 'media')).catch(() => [])
      expect(names.filter((name) => name !== 'tmp')).toEqual([])
    }
  })

  it('take the same picture at the same moment, each once', async () => {
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
    }
    await using a = await openTestbed(environment)
    await using b = await openTestbed(environment)
    const { session } = await a.join('DM', 'owner')
    const file = await samplePicture('jpeg', { width: 900, height: 700 })
    const sent = await Promise.all([a, b, a, b].map(({ url }) => sendPicture(url, session.token, file)))
    expect(new Set(sent.map(({ picture }) => picture?.id)).size).toBe(1)
    const rows = await a.store.read(({ pictures }) => pictures.list('main'))
    expect(rows.filter(({ id }) => !id.startsWith('sample-'))).toHaveLength(1)
  })
})

describe('a server that is killed in the middle of an upload', () => {
  it('has nothing of it after the next start', async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const environment = { PORT: String(port), DATA_DIR: folder.path, MARKET_SIM: 'off', MEDIA_MIN_FREE_BYTES: '0' }
    const tmp = join(folder.path, 'media', 'tmp')
    const started = async () => {
      const server = startProcess(environment)
      await until(() => server.output().includes('ready at'))
      return server
    }
    const first = await started()
    let token = ''
    let roomId = ''
    try {
      ;({ token } = await httpClient(url).auth.guest.mutate({ name: 'DM' }))
      roomId = (await httpClient(url, token).rooms.create.mutate({ name: 'Bell', key: newKey() })).room.id
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(
        `POST /api/rooms/${roomId}/pictures HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nContent-Length: 90000\r\n\r\n`,
      )
      socket.write(Buffer.alloc(40_000))
      await until(async () => (await readdir(tmp).catch(() => [])).length > 0)
    } finally {
      first.child.kill('SIGKILL')
      await first.exited
    }
    expect(await readdir(tmp)).toHaveLength(1)
    const second = await started()
    try {
      expect(await readdir(tmp).catch(() => [])).toEqual([])
      expect((await sendPicture(url, token, await samplePicture('png'), { roomId })).status).toBe(200)
      expect(await readdir(tmp)).toEqual([])
    } finally {
      second.child.kill('SIGKILL')
      await second.exited
    }
  })
})
