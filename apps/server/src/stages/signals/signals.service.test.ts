// The gateway on a real JetStream.
import { once } from 'node:events'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { freePort, startNats, type TestNats } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../../testing/testbed.ts'

async function publisher(nats: TestNats) {
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  const manager = await jetstreamManager(connection)
  await manager.streams
    .info('LEVEL_SIGNALS')
    .catch(() => manager.streams.add({ name: 'LEVEL_SIGNALS', subjects: ['levels.signals'] }))
  const stream = jetstream(connection)
  return {
    manager,
    publish: (value: unknown) => stream.publish('levels.signals', JSON.stringify(value)),
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

async function watch(wsUrl: string) {
  const socket = new WebSocket(`${wsUrl}/ws/stream`)
  const seen: unknown[] = []
  socket.on('message', (data) => seen.push(JSON.parse((data as Buffer).toString())))
  await once(socket, 'open')
  return { seen, [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()) }
}

const running = (testbed: Awaited<ReturnType<typeof openTestbed>>) =>
  until(async () => (await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning === true)

describe('the gateway', () => {
  it('has the durable consumer gateway_levels, and goes on where it was after its own restart', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await publisher(nats)
    await source.publish(0)
    {
      await using first = await openTestbed({ NATS_URL: nats.url })
      await running(first)
      await using watcher = await watch(first.wsUrl)
      // A newcomer to the stream has the newest value.
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
    await running(second)
    await until(async () => (await second.anonymous.signals.feeds.query()).feeds[0]?.received === 3)
    await using watcher = await watch(second.wsUrl)
    await until(() => watcher.seen.length === 1)
    expect(watcher.seen).toEqual([4])
  })

  it('goes on after nats-server was away, and nothing older comes after something newer', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await publisher(nats)
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await running(testbed)
    await using watcher = await watch(testbed.wsUrl)
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

  it('in broadcast mode gives every node every value', async () => {
    await using nats = await startNats({ jetstream: true })
    await using source = await publisher(nats)
    await source.publish('first')
    await using one = await openTestbed({ NATS_URL: nats.url, SIGNALS_CONSUMER: 'broadcast' })
    await using two = await openTestbed({ NATS_URL: nats.url, SIGNALS_CONSUMER: 'broadcast' })
    for (const testbed of [one, two]) await running(testbed)
    await using here = await watch(one.wsUrl)
    await using there = await watch(two.wsUrl)
    for (const { seen } of [here, there]) await until(() => seen.length === 1)
    await source.publish('second')
    for (const { seen } of [here, there]) {
      await until(() => seen.length === 2)
      expect(seen).toEqual(['first', 'second'])
    }
  })

  it('starts without nats-server and without the stream, and serves when both are there', async () => {
    const port = await freePort()
    await using testbed = await openTestbed({ NATS_URL: `nats://127.0.0.1:${port}` })
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning).toBe(false)
    await using nats = await startNats({ port, jetstream: true })
    await until(async () => (await testbed.anonymous.ops.health.query()).nats_connected)
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]?.isRunning).toBe(false)
    await using watcher = await watch(testbed.wsUrl)
    await using source = await publisher(nats)
    await source.publish({ spy: { spot: 1 } })
    await until(() => watcher.seen.length === 1)
    expect(watcher.seen).toEqual([{ spy: { spot: 1 } }])
  })
})
