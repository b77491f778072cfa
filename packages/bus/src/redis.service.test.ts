import { freePort, startRedis, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import type { PubSub } from './pub-sub.ts'
import { pubSubContract } from './pub-sub-contract.ts'
import { RedisPubSub } from './redis.ts'

const connected = async (url: string): Promise<PubSub> => {
  const redis = new RedisPubSub({ url, name: 'test' })
  await until(() => redis.isConnected)
  return redis
}

describe('over Redis', () => {
  pubSubContract(async () => {
    const redis = await startRedis()
    return { connect: () => connected(redis.url), [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() }
  })

  it('receives messages of redis-cli, and sends messages to it', async () => {
    await using server = await startRedis()
    await using redis = await connected(server.url)
    const received: string[] = []
    redis.subscribe('market_updates', ({ text }) => received.push(text))
    await redis.flush()
    expect(await server.cli('publish', 'market_updates', '{"a": 1}')).toBe('1')
    await until(() => received.length === 1)
    expect(received).toEqual(['{"a": 1}'])
  })

  it('starts without a server, says so, and connects when there is one', async () => {
    const port = await freePort()
    const failures: unknown[] = []
    await using redis = new RedisPubSub({
      url: `redis://someone:secret@127.0.0.1:${port}`,
      name: 'test',
      failed: (error) => failures.push(error),
    })
    expect(redis.url).toBe(`redis://127.0.0.1:${port}`)
    const received: string[] = []
    redis.subscribe('a', ({ text }) => received.push(text))
    expect(redis.isConnected).toBe(false)
    expect(() => redis.publish('a', 'lost')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
    await expect(redis.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await until(() => failures.length > 0)
    await using server = await startRedis({ port })
    await server.cli('acl', 'setuser', 'someone', 'on', '>secret', '~*', '&*', '+@all')
    await until(() => redis.isConnected)
    await redis.flush()
    redis.publish('a', 'heard')
    await until(() => received.length > 0)
    expect(received).toEqual(['heard'])
  })

  it('works again after the server was stopped, keeps no message of that time, and reports both', async () => {
    await using server = await startRedis()
    await using redis = await connected(server.url)
    const reported: boolean[] = []
    redis.watch((isConnected) => reported.push(isConnected))
    const received: string[] = []
    redis.subscribe('a', ({ text }) => received.push(text))
    await redis.flush()
    for (const round of [1, 2]) {
      await server.stop()
      await until(() => !redis.isConnected)
      expect(() => redis.publish('a', 'into the void')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
      // Subscribed while the server is stopped.
      redis.subscribe(`late.${round}`, ({ text }) => received.push(text))
      await server.start()
      await until(() => redis.isConnected)
      await redis.flush()
      redis.publish('a', `back ${round}`)
      redis.publish(`late.${round}`, `late ${round}`)
      await until(() => received.length === round * 2)
    }
    expect(received).toEqual(['back 1', 'late 1', 'back 2', 'late 2'])
    expect(reported).toEqual([false, true, false, true])
  })

  it('notices a server that is frozen, and comes back to it', async () => {
    await using server = await startRedis()
    await using redis = await connected(server.url)
    server.freeze()
    await expect(redis.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await until(() => !redis.isConnected)
    server.goOn()
    await until(() => redis.isConnected)
    await redis.flush()
  })
})
