// Signals over a real nats-server with JetStream.
import { once } from 'node:events'
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { freePort, startNats, type TestNats } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../../testing/testbed.ts'

type Publisher = Awaited<ReturnType<typeof openPublisher>>

async function openPublisher(nats: TestNats, subjects = ['levels.signals']) {
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  const manager = await jetstreamManager(connection)
  const makeStream = () => manager.streams.add({ name: 'LEVEL_SIGNALS', subjects })
  await manager.streams.info('LEVEL_SIGNALS').catch(makeStream)
  const stream = jetstream(connection)
  return {
    manager,
    makeStream,
    publish: (value: unknown) => stream.publish('levels.signals', JSON.stringify(value)),
    /** Takes a message and never acknowledges it. */
    async takeOne(consumer: string): Promise<unknown> {
      const message = await (await stream.consumers.get('LEVEL_SIGNALS', consumer)).next()
      return message?.json()
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

async function openWatcher(wsUrl: string) {
  const socket = new WebSocket(`${wsUrl}/ws/stream`)
  const seen: unknown[] = []
  socket.on('message', (data) => seen.push(JSON.parse((data as Buffer).toString())))
  await once(socket, 'open')
  return { seen, [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()) }
}

type Testbed = Awaited<ReturnType<typeof openTestbed>>

const untilRunning = (testbed: Testbed) =>
  until(async () => (await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning === true)

const health = (testbed: Testbed) => testbed.anonymous.ops.health.query()
const feedOf = async (testbed: Testbed) => (await health(testbed)).feeds[0]

describe('signals over JetStream', () => {
  it('a server reads with the durable consumer gateway_levels, and continues from its position after a restart', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await openPublisher(nats)
    await source.publish(0)
    {
      await using first = await openTestbed({ NATS_URL: nats.url })
      await untilRunning(first)
      await using watcher = await openWatcher(first.wsUrl)
      await until(() => watcher.seen.length === 1)
      await source.publish(1)
      await until(() => watcher.seen.length === 2)
      expect(watcher.seen).toEqual([0, 1])
      expect((await source.manager.consumers.info('LEVEL_SIGNALS', 'gateway_levels')).config.durable_name).toBe(
        'gateway_levels',
      )
    }
    for (const value of [2, 3, 4]) await source.publish(value)
    await using second = await openTestbed({ NATS_URL: nats.url })
    await untilRunning(second)
    await until(async () => (await second.anonymous.signals.feeds.query()).feeds[0]?.received === 3)
    await using watcher = await openWatcher(second.wsUrl)
    await until(() => watcher.seen.length === 1)
    expect(watcher.seen).toEqual([4])
  })

  it('a subscriber gets new values after a restart of nats-server, and never an older value after a newer one', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await openPublisher(nats)
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await untilRunning(testbed)
    await using watcher = await openWatcher(testbed.wsUrl)
    for (let n = 1; n <= 5; n++) await source.publish(n)
    await until(() => watcher.seen.length === 5)
    await nats.stop()
    await until(async () => !(await testbed.anonymous.ops.health.query()).nats_connected)
    await nats.start()
    await until(async () => (await testbed.anonymous.ops.health.query()).nats_connected)
    await until(() =>
      source.publish(6).then(
        () => true,
        () => false,
      ),
    )
    await until(() => watcher.seen.at(-1) === 6)
    expect(watcher.seen).toEqual((watcher.seen as number[]).toSorted((a, b) => a - b))
  })

  it('with SIGNALS_CONSUMER=broadcast every node gets every value', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await openPublisher(nats)
    await source.publish('first')
    await using one = await openTestbed({ NATS_URL: nats.url, SIGNALS_CONSUMER: 'broadcast' })
    await using two = await openTestbed({ NATS_URL: nats.url, SIGNALS_CONSUMER: 'broadcast' })
    for (const testbed of [one, two]) await untilRunning(testbed)
    await using here = await openWatcher(one.wsUrl)
    await using there = await openWatcher(two.wsUrl)
    for (const { seen } of [here, there]) await until(() => seen.length === 1)
    await source.publish('second')
    for (const { seen } of [here, there]) {
      await until(() => seen.length === 2)
      expect(seen).toEqual(['first', 'second'])
    }
  })

  it('a server starts without nats-server and without the stream, and serves the feed once both exist', async () => {
    const port = await freePort()
    await using testbed = await openTestbed({ NATS_URL: `nats://127.0.0.1:${port}` })
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning).toBe(false)
    await using nats = await startNats({ port, jetstream: true })
    await until(async () => (await testbed.anonymous.ops.health.query()).nats_connected)
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning).toBe(false)
    await using watcher = await openWatcher(testbed.wsUrl)
    await using source = await openPublisher(nats)
    await source.publish({ spy: { spot: 1 } })
    await until(() => watcher.seen.length === 1)
    expect(watcher.seen).toEqual([{ spy: { spot: 1 } }])
  })

  it.each(['durable', 'broadcast'])(
    'after a restart with every message acknowledged, a new subscriber gets the newest value at once, with a %s consumer',
    async (SIGNALS_CONSUMER) => {
      await using nats = await startNats({ jetstream: true })
      await using source = await openPublisher(nats)
      const environment = { NATS_URL: nats.url, SIGNALS_CONSUMER }
      {
        await using first = await openTestbed(environment)
        await untilRunning(first)
        for (const value of ['old', 'newest']) await source.publish(value)
        await using watcher = await openWatcher(first.wsUrl)
        await until(() => watcher.seen.at(-1) === 'newest')
        if (SIGNALS_CONSUMER === 'durable')
          await until(async () => {
            const info = await source.manager.consumers.info('LEVEL_SIGNALS', 'gateway_levels')
            return info.num_pending === 0 && info.num_ack_pending === 0
          })
      }
      await using second = await openTestbed(environment)
      await until(async () => (await feedOf(second))?.received === 1)
      await using watcher = await openWatcher(second.wsUrl)
      await until(() => watcher.seen.length === 1)
      await source.publish('next')
      await until(() => watcher.seen.length === 2)
      expect(watcher.seen).toEqual(['newest', 'next'])
      expect((await feedOf(second))?.received).toBe(2)
    },
  )

  it('a new subscriber gets the newest value, though another process took it and died before it acknowledged', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await openPublisher(nats)
    // The same consumer as the server's own. It hands the message to a process that dies before it acknowledges.
    await source.manager.consumers.add('LEVEL_SIGNALS', {
      durable_name: 'gateway_levels',
      filter_subject: 'levels.signals',
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.Last,
    })
    await source.publish('handed out')
    expect(await source.takeOne('gateway_levels')).toBe('handed out')
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await untilRunning(testbed)
    await using watcher = await openWatcher(testbed.wsUrl)
    await until(() => watcher.seen.length === 1)
    expect(watcher.seen).toEqual(['handed out'])
  })
})

// Concurrent: each test has its own nats-server and nodes, and waits for a feed's next attempt.
describe.concurrent('a feed that can not be read', () => {
  const add = (source: Publisher, config: object) =>
    source.manager.consumers.add('LEVEL_SIGNALS', {
      durable_name: 'gateway_levels',
      ack_policy: AckPolicy.Explicit,
      ...config,
    })

  it.each([
    [
      'a push consumer has the name of its consumer',
      (source: Publisher) => add(source, { deliver_subject: 'somewhere.else', filter_subject: 'levels.signals' }),
      /push consumer .*somewhere\.else.*nats consumer rm LEVEL_SIGNALS gateway_levels.*SIGNALS_CONSUMER=broadcast/,
    ],
    [
      'a consumer of that name reads another subject',
      (source: Publisher) => add(source, { filter_subject: 'levels.other' }),
      /gateway_levels .*levels\.other.*nats consumer rm LEVEL_SIGNALS gateway_levels/,
    ],
    [
      'a consumer of that name delivers headers only',
      (source: Publisher) => add(source, { filter_subject: 'levels.signals', headers_only: true }),
      /gateway_levels .*headers.*nats consumer rm LEVEL_SIGNALS gateway_levels/,
    ],
  ])(
    'appears in /health with its lag and the reason when %s, and is read again once that is gone',
    async (_cause, block, words) => {
      await using nats = await startNats({ jetstream: true })
      await using source = await openPublisher(nats, ['levels.signals', 'levels.other'])
      await source.publish('before')
      await block(source)
      await using testbed = await openTestbed({ NATS_URL: nats.url })
      // Before the first attempt to read it, a feed is neither running nor down.
      await until(async () => (await feedOf(testbed))?.isDown === true)
      expect(await feedOf(testbed)).toMatchObject({ name: 'levels', isRunning: false })
      await until(async () => (await health(testbed)).status === 'degraded' && (await health(testbed)).nats_connected)
      expect((await feedOf(testbed))?.problem).toMatch(words)
      for (const n of [1, 2, 3, 4]) await source.publish(n)
      await until(async () => (await health(testbed)).consumer_lag === 5)
      expect((await feedOf(testbed))?.lag).toBe(5)
      expect((await fetch(`${testbed.url}/health/ready`)).status).toBe(200)
      const text = await (await fetch(`${testbed.url}/metrics`)).text()
      expect(text).toContain('tablecast_feed_lag_messages{feed="levels"} 5')
      expect(text).toContain('tablecast_feed_running{feed="levels"} 0')

      await source.manager.consumers.delete('LEVEL_SIGNALS', 'gateway_levels')
      await untilRunning(testbed)
      await using watcher = await openWatcher(testbed.wsUrl)
      await until(() => watcher.seen.at(-1) === 4)
      await until(async () => (await health(testbed)).consumer_lag === 0)
      expect(await health(testbed)).toMatchObject({ status: 'ok', feeds: [{ problem: null, isDown: false }] })
    },
  )

  it('appears in /health when its stream does not exist, and when its stream is deleted', async () => {
    await using nats = await startNats({ jetstream: true })
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    const missing = /no stream LEVEL_SIGNALS.*create it with the subject levels\.signals/
    await until(async () => (await feedOf(testbed))?.problem !== null)
    expect(await health(testbed)).toMatchObject({ status: 'degraded', nats_connected: true })
    expect((await feedOf(testbed))?.problem).toMatch(missing)
    await using source = await openPublisher(nats)
    await source.publish('first')
    await untilRunning(testbed)
    await until(async () => (await health(testbed)).status === 'ok')
    await source.manager.streams.delete('LEVEL_SIGNALS')
    await until(async () => (await health(testbed)).status === 'degraded')
    const feed = await feedOf(testbed)
    // A message whose acknowledgement is late comes once more.
    expect(feed?.received).toBeGreaterThanOrEqual(1)
    expect(feed).toMatchObject({ isRunning: false, problem: expect.stringMatching(missing) })
    await source.makeStream()
    await source.publish('second')
    await until(async () => ((await feedOf(testbed))?.received ?? 0) > (feed?.received ?? 0))
    await until(async () => (await health(testbed)).status === 'ok')
  })

  it('appears in /health when its stream does not hold the subject', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await openPublisher(nats, ['levels.other'])
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await until(async () => (await health(testbed)).nats_connected && (await health(testbed)).status === 'degraded')
    expect((await feedOf(testbed))?.problem).toMatch(/LEVEL_SIGNALS does not hold the subject levels\.signals/)
    await source.manager.streams.update('LEVEL_SIGNALS', { subjects: ['levels.*'] })
    await untilRunning(testbed)
    expect((await health(testbed)).status).toBe('ok')
  })

  it('shows its problem when JetStream is missing, and degrades /health only if the operator named the feeds', async () => {
    await using nats = await startNats()
    await using unnamed = await openTestbed({ NATS_URL: nats.url })
    await using named = await openTestbed({ NATS_URL: nats.url, SIGNALS_FEEDS: 'prices=PRICES/prices' })
    await using none = await openTestbed({ NATS_URL: nats.url, SIGNALS_FEEDS: 'none' })
    for (const [testbed, status] of [
      [unnamed, 'ok'],
      [named, 'degraded'],
    ] as const) {
      await until(async () => typeof (await feedOf(testbed))?.problem === 'string')
      expect((await feedOf(testbed))?.problem).toMatch(/JetStream/)
      expect((await health(testbed)).status).toBe(status)
    }
    await until(async () => (await health(none)).nats_connected)
    expect(await health(none)).toMatchObject({ status: 'ok', feeds: [], consumer_lag: 0 })
    const socket = new WebSocket(`${none.wsUrl}/ws/stream`)
    socket.on('error', () => {})
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(response.statusCode).toBe(404)
  })
})
