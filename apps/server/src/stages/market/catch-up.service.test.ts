// Nodes that lose their connection to a real Redis, with a real PostgreSQL and stock clients.
import { immediatePublishersOn } from '@tablecast/market-sim'
import { RedisPubSub } from '@tablecast/bus/redis'
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

/** Two nodes on one database, each with its own proxy to Redis. */
async function twoNodes(redisPort: number) {
  await using opened = new AsyncDisposableStack()
  const DATABASE_URL = await postgres.createDatabase()
  const nodes: { bed: Testbed; proxy: TcpProxy; cut(): void; restore(): void }[] = []
  for (let n = 0; n < 2; n++) {
    let isOpen = true
    const proxy = opened.use(await TcpProxy.listen({ route: () => (isOpen ? [redisPort] : []) }))
    const bed = opened.use(
      await openTestbed({
        DATABASE_URL,
        SESSION_SECRET: 'a secret of at least thirty-two characters',
        MARKET_SAMPLE: 'true',
        REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      }),
    )
    nodes.push({
      bed,
      proxy,
      cut() {
        isOpen = false
        proxy.cut()
      },
      restore: () => void (isOpen = true),
    })
    await untilConnected(bed)
  }
  const owned = opened.move()
  return { nodes, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const untilConnected = (bed: Testbed) => until(async () => (await bed.anonymous.ops.health.query()).redis_connected)
const untilDisconnected = (bed: Testbed) => until(async () => !(await bed.anonymous.ops.health.query()).redis_connected)

/** A client of each kind on each node. `received`: the ids of the messages that each of them got, in order. */
async function clientsOf(beds: readonly Testbed[]) {
  await using opened = new AsyncDisposableStack()
  const received: (() => string[])[] = []
  const idOf = (data: unknown) => (data as { message?: { id: string } }).message?.id ?? []
  for (const bed of beds) {
    for (const transport of ['websocket', 'polling']) {
      const client = opened.use(await socketIo(bed.url, { transports: [transport] }))
      received.push(() => client.received.flatMap(({ data }) => idOf(data)))
    }
    const typed = opened.use(await (await bed.signIn('W')).socket())
    const followed = follow(typed)
    await until(() => followed.events.length > 0)
    received.push(() => followed.events.flatMap(({ data }) => idOf(data)))
  }
  const owned = opened.move()
  return { received, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Posts `count` messages to these nodes in turn, four at a time. Resolves with their ids. */
async function post(beds: readonly Testbed[], count: number, mark: string): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `${mark}-${n}`)
  const waiting = [...ids.entries()]
  const poster = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [n, id] = next
      const url = beds[n % beds.length]?.url ?? ''
      const { status } = await rest(url, 'POST', '/api/discussions/disc-123/messages', { id, content: id })
      expect([id, status]).toEqual([id, 201])
    }
  }
  await Promise.all(Array.from({ length: 4 }, poster))
  return ids
}

async function expectEachOnce(received: readonly (() => string[])[], posted: readonly string[]): Promise<void> {
  for (const ids of received) {
    await until(() => new Set(ids()).size >= posted.length)
    expect(ids().toSorted()).toEqual(posted.toSorted())
  }
}

describe('a node that loses its connection to Redis', () => {
  it('delivers each missed message once after it reconnects', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([one.bed, two.bed])
    await using worker = new RedisPubSub({ url: redis.url, name: 'worker' })
    await until(() => worker.isConnected)
    const posted = await post([one.bed, two.bed], 50, 'before')
    await expectEachOnce(clients.received, posted)
    two.cut()
    await untilDisconnected(two.bed)
    posted.push(...(await post([one.bed, two.bed], 650, 'meanwhile')))
    for (let n = 0; n < 20; n++) {
      const message = { id: `worker-${n}`, content: 'w', authorId: 'w', timestamp: new Date().toISOString() }
      immediatePublishersOn(worker).publishDiscussionMessage({ discussionId: 'disc-123', message })
      posted.push(message.id)
    }
    await worker.flush()
    two.restore()
    posted.push(...(await post([one.bed, two.bed], 50, 'returning')))
    await untilConnected(two.bed)
    posted.push(...(await post([one.bed, two.bed], 50, 'after')))
    await expectEachOnce(clients.received, posted)
    await until(async () => (await two.bed.anonymous.market.status.query()).waiting === 0)
    expect((await two.bed.anonymous.market.status.query()).recovered).toBeGreaterThan(300)
  })

  it('delivers messages from the log while it stays disconnected', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([two.bed])
    two.cut()
    await untilDisconnected(two.bed)
    const posted = await post([one.bed], 30, 'meanwhile')
    await expectEachOnce(clients.received, posted)
    expect((await two.bed.anonymous.ops.health.query()).redis_connected).toBe(false)
  })

  it('delivers each message once after its connection was frozen for a while', async () => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const [one, two] = opened.nodes
    if (!one || !two) throw new Error('no nodes')
    await using clients = await clientsOf([one.bed, two.bed])
    const posted = await post([one.bed, two.bed], 20, 'before')
    two.proxy.freeze()
    posted.push(...(await post([one.bed, two.bed], 200, 'frozen')))
    two.proxy.thaw()
    posted.push(...(await post([one.bed, two.bed], 20, 'after')))
    await expectEachOnce(clients.received, posted)
  })
})

describe('two nodes whose Redis fails', () => {
  it.each(['stopped', 'frozen'])('deliver each message once when Redis was %s under load', async (failure) => {
    await using redis = await startRedis()
    await using opened = await twoNodes(redis.port)
    const beds = opened.nodes.map(({ bed }) => bed)
    await using clients = await clientsOf(beds)
    const posted = await post(beds, 100, 'before')
    const posting = post(beds, 300, 'meanwhile')
    if (failure === 'stopped') await redis.stop()
    else redis.freeze()
    posted.push(...(await posting))
    if (failure === 'stopped') await redis.start()
    else redis.goOn()
    posted.push(...(await post(beds, 100, 'after')))
    for (const bed of beds) await untilConnected(bed)
    await expectEachOnce(clients.received, posted)
  })
})
