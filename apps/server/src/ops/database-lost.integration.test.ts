// The files of the database disappear while the server runs: which errors clients, `/health` and the log show, and what still works.
import { renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '@tablecast/testing'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'

type Line = { level: number; msg: string; problem?: string }

const roomId = 'main'

describe('A server whose database file is gone', () => {
  let text = ''
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: TestUser
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let file: string
  beforeEach(async () => {
    text = ''
    // A first start, whose writes are all in the write-ahead log still.
    folder = await temporaryFolder()
    const logTo = { write: (line: string) => void (text += line) }
    testbed = await openTestbed({ LOG_LEVEL: 'info', DATA_DIR: folder.path }, { logTo })
    dm = await testbed.join('Dee', 'owner')
    file = join(folder.path, 'tablecast.sqlite')
  })
  afterEach(async () => {
    await testbed[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const lines = () =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
  const errorsOf = (problem: string) => lines().filter((line) => line.level === 50 && line.problem === problem)
  const health = async () =>
    (await (await fetch(`${testbed.url}/health`)).json()) as { status: string; database_error: string | null }
  const ready = async () => (await fetch(`${testbed.url}/health/ready`)).status
  const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })

  async function expectRefused(): Promise<void> {
    const refused = await say('into nothing').catch((error: unknown) => error)
    expect(refused).toMatchObject({
      message: expect.stringContaining('database file') as string,
      data: { httpStatus: 503, tablecast: { code: 'UNAVAILABLE' } },
    })
    expect(await health()).toMatchObject({
      status: 'degraded',
      database_error: expect.stringContaining('database file') as string,
    })
    expect(JSON.stringify([refused, await health()])).not.toContain(folder.path)
    expect(await ready()).toBe(503)
    await until(() => errorsOf('lost').length > 0)
    const metrics = (await testbed.server.metrics.exposition()).text
    expect(metrics).toMatch(/^tablecast_database_writable\{database="sqlite"\} 0$/m)
    expect(metrics).toMatch(/^tablecast_database_up\{database="sqlite"\} 0$/m)
  }

  it('deleted: refuses every change, says so in /health and once in the log', async () => {
    expect(await health()).toMatchObject({ status: 'ok', database_error: null })
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix)
    for (let tries = 0; tries < 3; tries++) await expectRefused()
    expect(errorsOf('lost').length).toBe(1)
  })

  it('emptied: the same', async () => {
    truncateSync(file)
    await expectRefused()
  })

  it('emptied after a restart: the same', async () => {
    await testbed[Symbol.asyncDispose]()
    const logTo = { write: (line: string) => void (text += line) }
    testbed = await openTestbed({ LOG_LEVEL: 'info', DATA_DIR: folder.path }, { logTo })
    dm = await testbed.join('Dot', 'dm')
    truncateSync(file)
    await expectRefused()
  })

  it('moved away: reading goes on, and all of it once the file is back', async () => {
    const before = await say('before')
    renameSync(file, `${file}.away`)
    await expectRefused()
    const { entries } = await dm.http.campaign.history.query({
      roomId,
      campaignId: (await dm.http.campaign.list.query({ roomId })).campaigns.find(({ active }) => active)?.id ?? '',
    })
    expect(entries.at(-1)?.text).toBe('before')
    renameSync(`${file}.away`, file)
    expect((await say('after')).seq).toBe(before.seq + 1)
    await until(async () => (await health()).status === 'ok')
    expect(await ready()).toBe(200)
    await until(() => lines().some(({ msg }) => msg === 'the database takes changes again'))
  })
})
