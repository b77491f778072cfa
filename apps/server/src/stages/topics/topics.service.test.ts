// Topics on two nodes, over a real nats-server and a real PostgreSQL.
import { startNats, startPostgres } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import { connectTo } from './testing.ts'

// Concurrent: each test has its own nats-server, database and nodes.
describe.concurrent.each(['volatile', 'durable'])('%s topics on two nodes', (kind) => {
  it('exist on both nodes, reach the subscribers of both, and have their counts summed', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: nats.url,
      TOPICS_DURABLE: String(kind === 'durable'),
    }
    await using first = await openTestbed(environment)
    await using second = await openTestbed(environment)
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    expect((await rest(first.url, 'POST', '/topics', { name: 'a.b' })).status).toBe(201)
    expect((await rest(second.url, 'POST', '/topics', { name: 'a.b' })).status).toBe(409)

    await using here = await connectTo(first.wsUrl)
    await using there = await connectTo(second.wsUrl)
    for (const one of [here, there]) expect(await one.subscribe('a.b')).toMatchObject({ type: 'ack' })
    for (let n = 0; n < 20; n++) await (n % 2 ? here : there).publish('a.b', n)
    for (const one of [here, there]) {
      await until(() => one.events().length === 20)
      expect(one.events().filter((n) => Number(n) % 2)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
      expect(new Set(one.events()).size).toBe(20)
    }
    await using late = await connectTo(second.wsUrl)
    await late.subscribe('a.b', 7)
    await until(() => late.events().length === 7)
    expect(late.events()).toEqual(there.events().slice(-7))

    for (const { url } of [first, second])
      await until(async () => {
        const { body } = await rest(url, 'GET', '/stats')
        const { messages, subscribers } =
          (body as { topics: Record<string, { messages: number; subscribers: number }> }).topics['a.b'] ?? {}
        return messages === 20 && subscribers === 3
      })

    await nats.stop()
    await until(() => first.anonymous.ops.health.query().then(({ nats_connected }) => !nats_connected))
    const answer = await here.publish('a.b', 'meanwhile')
    // A durable topic stores the message, and delivers it once the bus is back. A volatile topic refuses it.
    expect(answer).toMatchObject(
      kind === 'durable' ? { type: 'ack' } : { type: 'error', error: { code: 'BUS_UNAVAILABLE' } },
    )
    await nats.start()
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    await here.publish('a.b', 'after')
    await until(() => there.events().at(-1) === 'after')
    if (kind === 'durable') expect(there.events().slice(-2)).toEqual(['meanwhile', 'after'])

    expect((await rest(second.url, 'DELETE', '/topics/a.b')).status).toBe(200)
    await until(
      async () => ((await rest(first.url, 'GET', '/topics')).body as { topics: unknown[] }).topics.length === 0,
    )
    expect(await here.publish('a.b', 'gone')).toMatchObject({
      error: { code: 'TOPIC_NOT_FOUND' },
    })
  })
})
