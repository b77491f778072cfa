// Tiles of maps with PostgreSQL, with two nodes, and a node that is killed while it stores a map.
import { readdir } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { openMediaStore } from '@tablecast/media'
import { noise, pixelsOf, pngOf } from '@tablecast/media/testing'
import { openStore } from '@tablecast/store'
import { freePort, startPostgres, temporaryFolder, type TestPostgres, until } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMap, changeFog, loadTile, sendMap, showMap } from '../../../testing/map-pictures.ts'
import { startProcess } from '../../../testing/process.ts'
import { httpClient, newKey, openTestbed } from '../../../testing/testbed.ts'
import { tileContract } from '../../../testing/tile-contract.ts'
import { cleanPictures } from '../pictures/cleaning.ts'

const opened = new AsyncDisposableStack()
let postgres: TestPostgres

beforeAll(async () => {
  postgres = opened.use(await startPostgres())
})
afterAll(() => opened.disposeAsync())

describe('maps on PostgreSQL', () =>
  tileContract(async () => {
    const databaseUrl = await postgres.createDatabase()
    return { store: opened.use(await openStore({ databaseUrl, dataDir: ':memory:' })) }
  }))

describe('two nodes on PostgreSQL', () => {
  it('serve the tiles of a map that the other one has cut, and refuse what is hidden there', async () => {
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
    }
    await using a = await openTestbed(environment)
    await using b = await openTestbed(environment)
    const { session, details } = await a.join('DM', 'owner')
    const campaignId = details.room.activeCampaignId ?? ''
    // Noise: a row of its tiles takes several chunks of the database.
    const picture = noise({ width: 1_200, height: 700 })
    const sent = await sendMap(a.url, session.token, await pngOf(picture))
    const { width, height } = picture
    const map = await addMap(a.store, campaignId, { pictureId: sent.picture?.id ?? '', width, height })
    await showMap(a.store, campaignId, map)
    const fog = { campaignId, map }
    const tiles = await changeFog(a.store, fog, { column: 0, row: 0, columns: 75, rows: 44 }, true)
    const asked = tiles.find(({ id }) => id === '0-1-1')
    if (!asked) throw new Error('the tile is visible')
    const [fromB, fromA] = [
      await loadTile(b.url, campaignId, map.id, asked),
      await loadTile(a.url, campaignId, map.id, asked),
    ]
    expect([fromA.status, fromB.status, fromA.body.equals(fromB.body)]).toEqual([200, 200, true])
    const whole = await loadTile(b.url, campaignId, map.id, { id: '0-1-1', name: map.name })
    expect((await pixelsOf(whole.body)).data.equals((await pixelsOf(fromB.body)).data)).toBe(true)
    await changeFog(a.store, fog, { column: 40, row: 40, columns: 1, rows: 1 }, false)
    for (const { url } of [a, b]) expect((await loadTile(url, campaignId, map.id, asked)).status).toBe(404)
  })
})

describe('a server that is killed while it stores a map', () => {
  it('keeps nothing half: no row, no temporary file, and content that a cleaning removes', async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const environment = { PORT: String(port), DATA_DIR: folder.path, MARKET_SIM: 'off', MEDIA_MIN_FREE_BYTES: '0' }
    const media = join(folder.path, 'media')
    const started = async (preload?: URL) => {
      const server = startProcess(environment, undefined, preload ? { preload } : {})
      await until(() => server.output().includes('ready at'))
      return server
    }
    const file = await pngOf(noise({ width: 800, height: 800 }))
    const first = await started(new URL('../../../testing/kill-while-storing.ts', import.meta.url))
    let roomId = ''
    // The sample has a map as well.
    const before = new Set(await filesIn(media))
    const added = async () => (await filesIn(media)).filter((name) => !before.has(name))
    try {
      const { token } = await httpClient(url).auth.guest.mutate({ name: 'DM' })
      roomId = (await httpClient(url, token).rooms.create.mutate({ name: 'Bell', key: newKey() })).room.id
      first.child.kill('SIGUSR2')
      await until(() => first.output().includes('armed'))
      const sending = fetch(`${url}/api/rooms/${roomId}/pictures?for=map`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new Blob([Uint8Array.from(file)]),
      })
      await expect(sending).rejects.toThrow()
      expect(await first.exited).toEqual([null, 'SIGKILL'])
    } finally {
      first.child.kill('SIGKILL')
      await first.exited
    }
    // Its picture in three sizes, a whole row of tiles, and one that has not got its name yet.
    expect((await added()).map((name) => extname(name)).toSorted()).toEqual([
      '.part',
      '.tiles',
      '.webp',
      '.webp',
      '.webp',
    ])
    const second = await started()
    try {
      expect(await readdir(join(media, 'tmp')).catch(() => [])).toEqual([])
    } finally {
      second.child.kill('SIGKILL')
      await second.exited
    }
    await using store = await openStore({ dataDir: folder.path })
    expect(await store.read(({ pictures }) => pictures.list(roomId))).toEqual([])
    const content = openMediaStore(store, { dataDir: folder.path })
    await cleanPictures(store, content, { now: new Date(Date.now() + 2 * 60 * 60_000) })
    expect(await added()).toEqual([])
  })
})

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = found.filter((one) => one.isFile()).map((one) => join(relative(folder, one.parentPath), one.name))
  // Those of the encoder are still on their way.
  return names.filter((name) => !name.startsWith('tmp'))
}
