// A database whose lock another process holds: calls wait once, are refused, and `/health` gives the reason.
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openMaintenance } from '@tablecast/store'
import { startPostgres, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
type Health = { status: string; database_error: string | null }

const roomId = 'main'
/** One wait for the database is 10 s. Two waits in a row would be 20 s, and fourteen 140 s. */
const ONE_WAIT_MS = 18_000

const codeOf = (error: unknown) =>
  (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code ?? String(error)
const health = async ({ url }: Testbed) => (await (await fetch(`${url}/health`)).json()) as Health

/** Sends `count` messages at once over HTTP, tRPC's socket and the plain socket, so that each waits behind the others. */
async function sayAll({ wsUrl }: Testbed, dm: TestUser, count: number): Promise<string[]> {
  await using socket = await dm.socket()
  const plain = new WebSocket(`${wsUrl}/ws/campaign/dm`)
  await once(plain, 'message')
  const answers = new Map<string, string>()
  plain.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { type: string; request_id?: string; error?: { code: string } }
    if (frame.request_id !== undefined) answers.set(frame.request_id, frame.error?.code ?? frame.type)
  })
  const ids = Array.from({ length: count }, (_, n) => String(n))
  const said = ids.map((n) => ({ roomId, key: newKey(), message: `word ${n}` }))
  const calls = [dm.http, socket.trpc].flatMap((client) =>
    said.map((asked) => client.campaign.say.mutate({ ...asked, key: newKey() }).then(() => 'ack', codeOf)),
  )
  for (const n of ids) plain.send(JSON.stringify({ type: 'chat', message: `frame ${n}`, request_id: n }))
  const codes = await Promise.all(calls)
  await until(() => answers.size === count)
  plain.terminate()
  return [...codes, ...answers.values()]
}

/** Expects one wait for all calls while the lock is held, and answers after `release`. */
async function expectOneWait(testbed: Testbed, dm: TestUser, release: () => Promise<unknown> | void): Promise<void> {
  const from = performance.now()
  let isAnswered = false
  const saying = sayAll(testbed, dm, 5).finally(() => (isAnswered = true))
  await until(async () => {
    const { status, database_error: reason } = await health(testbed)
    return status === 'degraded' && /wait|held/.test(reason ?? '')
  })
  // `/health` was degraded while the calls were still waiting.
  expect(isAnswered).toBe(false)
  // Reads do not need the lock.
  await dm.http.campaign.list.query({ roomId })
  expect(await saying).toEqual(Array.from({ length: 15 }, () => 'UNAVAILABLE'))
  expect(performance.now() - from).toBeLessThan(ONE_WAIT_MS)
  await release()
  expect(await sayAll(testbed, dm, 2)).toEqual(Array.from({ length: 6 }, () => 'ack'))
  await until(async () => (await health(testbed)).status === 'ok')
  expect((await health(testbed)).database_error).toBeNull()
}

describe('a server whose SQLite write lock another process holds', () => {
  it('refuses every call after one wait, and is degraded on /health while they wait', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    using other = new DatabaseSync(join(testbed.folder, 'tablecast.sqlite'))
    other.exec('begin immediate')
    await expectOneWait(testbed, dm, () => other.exec('rollback'))
  })

  it('carries out the waiting calls after the lock is released', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    using other = new DatabaseSync(join(testbed.folder, 'tablecast.sqlite'))
    other.exec('begin immediate')
    const words = Array.from({ length: 10 }, (_, n) => `word ${n}`)
    const saying = words.map((message) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message }))
    await until(async () => (await health(testbed)).status === 'degraded')
    other.exec('rollback')
    const seqs = (await Promise.all(saying)).map(({ seq }) => seq)
    expect(new Set(seqs).size).toBe(words.length)
  })
})

describe('a server on PostgreSQL while another process locks a room', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  const open = async () => {
    const databaseUrl = await postgres.createDatabase()
    const secret = { SESSION_SECRET: 'a secret that is long enough for a test' }
    const testbed = await openTestbed({ DATABASE_URL: databaseUrl, ...secret })
    return { testbed, databaseUrl }
  }

  /** Locks the room. Changes to it wait until the returned function releases the lock. */
  async function hold(databaseUrl: string) {
    const other = await openMaintenance({ databaseUrl, dataDir: ':memory:' })
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = other.store.write(async ({ rooms }) => {
      await rooms.lock(roomId)
      held.resolve()
      await free.promise
    })
    await held.promise
    return async () => {
      free.resolve()
      await holding
      await other[Symbol.asyncDispose]()
    }
  }

  it('refuses every call after one wait, and is degraded on /health while they wait', async () => {
    const { testbed, databaseUrl } = await open()
    await using _testbed = testbed
    const dm = await testbed.join('Dee', 'owner')
    const release = await hold(databaseUrl)
    await expectOneWait(testbed, dm, release)
  })
})
