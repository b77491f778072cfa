import { once } from 'node:events'
import { MemoryBus } from '@tablecast/bus'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connectTo } from '../stages/topics/testing.ts'
import { follow, socketIo } from '../stages/market/testing.ts'
import { rest } from '../testing/rest.ts'
import { newKey, openTestbed, until } from '../testing/testbed.ts'

describe.each([
  ['volatile', 'false'],
  ['durable', 'true'],
])('/health with %s topics', (_kind, TOPICS_DURABLE) => {
  it('counts each subscription of every stage until it ends', async () => {
    await using testbed = await openTestbed({ TOPICS_DURABLE })
    await rest(testbed.url, 'POST', '/topics', { name: 'orders' })
    const subscribers = async () => (await testbed.anonymous.ops.health.query()).subscribers
    expect(await subscribers()).toBe(0)
    const topics = await connectTo(testbed.wsUrl)
    for (const client of ['a', 'b', 'c']) await topics.subscribe('orders', 0, client)
    expect(await subscribers()).toBe(3)
    const signals = new WebSocket(`${testbed.wsUrl}/ws/stream`)
    await once(signals, 'open')
    await until(async () => (await subscribers()) === 4)
    const market = await socketIo(testbed.url)
    await until(async () => (await subscribers()) === 5)
    const players = await Promise.all([1, 2].map(() => openPlain(`${testbed.wsUrl}/ws/campaign/player`)))
    await until(async () => (await subscribers()) === 7)
    const typed = await (await testbed.signIn('W')).socket()
    const followed = follow(typed)
    await until(async () => (await subscribers()) === 8)

    followed.stop()
    await typed.close()
    for (const socket of [topics.socket, signals, ...players]) socket.terminate()
    await market[Symbol.asyncDispose]()
    await until(async () => (await subscribers()) === 0)
  })

  it('shows when the newest message of any stage was sent', async () => {
    const bus = new MemoryBus()
    const channels = new MemoryBus()
    await using testbed = await openTestbed({ TOPICS_DURABLE }, { bus, channels })
    const newest = async () => (await testbed.anonymous.ops.health.query()).last_message_ts ?? ''
    const dm = await testbed.join('Dee', 'owner')
    await using client = await connectTo(testbed.wsUrl)
    await rest(testbed.url, 'POST', '/topics', { name: 'orders' })
    const senders: [string, () => unknown][] = [
      ['topics', () => client.publish('orders', 1)],
      ['signals', () => bus.publish('levels.signals', '1')],
      ['market', () => immediatePublishersOn(channels).publishMarketUpdate({ indexValue: 1 })],
      ['campaign', () => dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'Hear!' })],
      ['arena', () => bus.publish('arena.some-game.event.death', '{}')],
    ]
    for (const [name, send] of senders) {
      const before = await newest()
      // The times have whole milliseconds, so wait for the next one.
      await until(() => new Date().toISOString() > before)
      const from = new Date().toISOString()
      await send()
      await until(async () => (await newest()) > before)
      expect([name, (await newest()) >= from]).toEqual([name, true])
    }
  })
})

async function openPlain(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  return socket
}
