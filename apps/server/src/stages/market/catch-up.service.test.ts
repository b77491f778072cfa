// Nodes that lose their way to a real Redis, with a real PostgreSQL, and stock clients.
import { immediatePublishersOn } from '@tablecast/market-sim'
import { RedisPubSub } from '@tablecast/bus'
import { startPostgres, startRedis, TcpProxy, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import { follow, socketIo } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** Two nodes on one database, each with a way of its own to Redis. */
async function twoNodes(redisPort: number) {
  await using opened = new AsyncDisposableStack()
  const DATABASE_URL = await postgres.createDatabase()
  const nodes: { bed: Testbed; way: TcpProxy; cut(): void; restore(): void }[] = []
  for (let n = 0; n < 2; n++) {
    let isOpen = true
    const way = opened.use(await TcpProxy.listen({ route: () => (isOpen ? [redisPort] : []) }))
    const bed = opened.use(
      await openTestbed({
        DATABASE_URL,
        SESSION_SECRET: 'a secret of at least thirty-two characters',
        MARKET_SAMPLE: 'true',
        REDIS_URL: `redis://127.0.0.1:${way.port}`,
      }),
    )
    nodes.push({
      bed,
      way,
      cut() {
        isOpen = false
        way.cut()
      },
      restore: () => void (isOpen = true),
    })
    await isConnected(bed)
  }
  const owned = opened.move()
  return { nodes, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const isConnected = (bed: Testbed) => until(async () => (await bed.anonymous.ops.health.query()).redis_connected)
const isCut = (bed: Testbed) => until(async () => !(await bed.anonymous.ops.health.query()).redis_connected)

/** A client of each kind on each node; `told`: the ids of the messages that each of them heard, in order. */
async function clientsOf(beds: readonly Testbed[]) {
  await using opened = new AsyncDisposableStack()
  const told: (() => string[])[] = []
  const idOf = (data: unknown) => (data as { message?: { id: string } }).message?.id ?? []
  for (const bed of beds) {
    for (const transport of ['websocket', 'polling']) {
      const client = opened.use(await socketIo(bed.url, { transports: [transport] }))
      told.push(() => client.heard.flatMap(({ data }) => idOf(data)))
    }
    const typed = opened.use(await (await bed.seat('W')).socket())
    const followed = follow(typed)
    await until(() => followed.events.length > 0)
    told.push(() => followed.events.flatMap(({ data }) => idOf(data)))
  }
  const owned = opened.move()
  return { told, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Says so many things, in turn on each of these, some at a time. Returns their ids. */
async function say(beds: readonly Testbed[], count: number, mark: string): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `${mark}-${n}`)
  const waiting = [...ids.entries()]
  const speaker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [n, id] = next
      const url = beds[n % beds.length]?.url ?? ''
      const { status } = await rest(url, 'POST', '/api/discussions/disc-123/messages', { id, content: id })
      expect([id, status]).toEqual([id, 201])
    }
  }
  await Promise.all(Array.from({ length: 4 }, speaker))
  return ids
}

async function expectEachOnce(told: readonly (() => string[])[], said: readonly string[]): Promise<void> {
  for (const heard of told) {
    await until(() => new Set(heard()).size >= said.length)
    expect(heard().toSorted()).toEqual(said.toSorted())
  }
}

describe('one node without Redis', () => {
  it('tells its clients everything that was said meanwhile, once, when its way is back', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([one.bed, two.bed])
    await using worker = new RedisPubSub({ url: redis.url, name: 'worker' })
    await until(() => worker.isConnected)
    const said = await say([one.bed, two.bed], 50, 'before')
    await expectEachOnce(clients.told, said)
    two.cut()
    await isCut(two.bed)
    said.push(...(await say([one.bed, two.bed], 650, 'meanwhile')))
    for (let n = 0; n < 20; n++) {
      const message = { id: `worker-${n}`, content: 'w', authorId: 'w', timestamp: new Date().toISOString() }
      immediatePublishersOn(worker).publishDiscussionMessage({ discussionId: 'disc-123', message })
      said.push(message.id)
    }
    await worker.flush()
    two.restore()
    said.push(...(await say([one.bed, two.bed], 50, 'returning')))
    await isConnected(two.bed)
    said.push(...(await say([one.bed, two.bed], 50, 'after')))
    await expectEachOnce(clients.told, said)
    await until(async () => (await two.bed.anonymous.market.status.query()).waiting === 0)
    expect((await two.bed.anonymous.market.status.query()).recovered).toBeGreaterThan(300)
  })

  it('follows the log when its way stays cut', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([two.bed])
    two.cut()
    await isCut(two.bed)
    const said = await say([one.bed], 30, 'meanwhile')
    await expectEachOnce(clients.told, said)
    expect((await two.bed.anonymous.ops.health.query()).redis_connected).toBe(false)
  })

  it('loses nothing when the way is only frozen for a while, and nothing comes twice', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([one.bed, two.bed])
    const said = await say([one.bed, two.bed], 20, 'before')
    two.way.freeze()
    said.push(...(await say([one.bed, two.bed], 200, 'frozen')))
    two.way.thaw()
    said.push(...(await say([one.bed, two.bed], 20, 'after')))
    await expectEachOnce(clients.told, said)
  })
})

describe('without Redis at all', () => {
  it.each(['stopped', 'frozen'])('nothing is lost and nothing comes twice when it was %s under load', async (how) => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const beds = opened.nodes.map(({ bed }) => bed)
    await using clients = await clientsOf(beds)
    const said = await say(beds, 100, 'before')
    const saying = say(beds, 600, 'meanwhile')
    if (how === 'stopped') await redis.stop()
    else redis.freeze()
    said.push(...(await saying))
    if (how === 'stopped') await redis.start()
    else redis.goOn()
    said.push(...(await say(beds, 100, 'after')))
    for (const bed of beds) await isConnected(bed)
    await expectEachOnce(clients.told, said)
  })
})
