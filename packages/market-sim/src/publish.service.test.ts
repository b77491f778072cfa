// The publish helpers on a real Redis.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { openPubSub } from '@tablecast/bus'
import { RedisPubSub } from '@tablecast/bus/redis'
import { freePort, startRedis, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { publishersOn, UnfitMarketMessage } from './publish.ts'

const guide = readFileSync(new URL('../../../docs/market.md', import.meta.url), 'utf8')
const [example = ''] = /```ts\n([\s\S]*?)```/.exec(guide)?.slice(1) ?? []

async function listening(url: string) {
  const listener = new RedisPubSub({ url, name: 'listener' })
  const received: { channel: string; value: number }[] = []
  for (const channel of ['market_updates', 'sector_candles', 'discussion_messages', 'agent_status'])
    listener.subscribe(channel, ({ json }) => received.push({ channel, value: (json as { value: number }).value }))
  await until(() => listener.isConnected)
  await listener.flush()
  return { received, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

describe('the publish helpers', () => {
  it('work as the guide prints them, in a process of their own that ends by itself', async () => {
    await using redis = await startRedis()
    await using listener = await listening(redis.url)
    expect(example).toContain('openPubSub')
    const program = example.replace('redis://127.0.0.1:6379', redis.url)
    expect(program).toContain(redis.url)
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const gone = once(child, 'exit')
    await until(() => listener.received.length === 1)
    expect(listener.received).toEqual([{ channel: 'market_updates', value: 1250.5 }])
    expect(await gone).toEqual([0, null])
  })

  it('wait for their first connection, and keep the order of the calls, awaited or not', async () => {
    await using redis = await startRedis()
    await using listener = await listening(redis.url)
    await using channels = await openPubSub({ redisUrl: redis.url, name: 'worker' })
    const { publishMarketUpdate } = publishersOn(channels)
    for (let value = 1; value <= 20; value++) void publishMarketUpdate({ sectorId: 's', value })
    await publishMarketUpdate({ sectorId: 's', value: 21 })
    for (let value = 22; value <= 40; value++) void publishMarketUpdate({ sectorId: 's', value })
    await until(() => listener.received.length === 40)
    expect(listener.received.map(({ value }) => value)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  })

  it('also wait for a Redis that starts later, and throw at once when it was lost again', async () => {
    const port = await freePort()
    await using channels = await openPubSub({ redisUrl: `redis://127.0.0.1:${port}`, name: 'worker' })
    const { publishMarketUpdate } = publishersOn(channels)
    expect(() => publishMarketUpdate({ value: 1 })).toThrow(UnfitMarketMessage)
    const published = publishMarketUpdate({ sectorId: 's', value: 1 })
    await using redis = await startRedis({ port })
    await published
    await redis.stop()
    await until(() => !channels.isConnected)
    expect(() => publishMarketUpdate({ sectorId: 's', value: 2 })).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE' }),
    )
  })

  it('say so when there is no Redis', async () => {
    await using channels = await openPubSub({ redisUrl: `redis://127.0.0.1:${await freePort()}`, name: 'worker' })
    await expect(publishersOn(channels).publishMarketUpdate({ sectorId: 's', value: 1 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
  })
})
