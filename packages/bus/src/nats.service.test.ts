import { freePort, startNats, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import type { Bus } from './bus.ts'
import { busContract } from './bus-contract.ts'
import { NatsBus } from './nats.ts'
import { withoutCredentials } from './without-credentials.ts'

const connected = async (url: string): Promise<Bus> => {
  const bus = new NatsBus({ url, name: 'test' })
  await until(() => bus.isConnected)
  return bus
}

describe('over NATS', () => {
  busContract(async () => {
    const nats = await startNats()
    return { connect: () => connected(nats.url), [Symbol.asyncDispose]: () => nats[Symbol.asyncDispose]() }
  })

  it('starts without a server, says so, and connects when there is one', async () => {
    const port = await freePort()
    await using bus = new NatsBus({ url: `nats://127.0.0.1:${port}`, name: 'test' })
    const received: string[] = []
    bus.subscribe('a.*', ({ text }) => received.push(text))
    expect(bus.isConnected).toBe(false)
    expect(() => bus.publish('a.b', 'lost')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
    await expect(bus.request('a.b', '', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await using _nats = await startNats({ port })
    await until(() => bus.isConnected)
    bus.publish('a.b', 'heard')
    await bus.flush()
    await until(() => received.length > 0)
    expect(received).toEqual(['heard'])
  })

  it('works again after the server was stopped, keeps no message of that time, and reports both', async () => {
    await using nats = await startNats()
    await using bus = await connected(nats.url)
    const reported: boolean[] = []
    bus.watch((isConnected) => reported.push(isConnected))
    const received: string[] = []
    bus.subscribe('a', ({ text }) => received.push(text))
    for (const round of [1, 2]) {
      await nats.stop()
      await until(() => !bus.isConnected)
      expect(() => bus.publish('a', 'into the void')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
      await nats.start()
      await until(() => bus.isConnected)
      bus.publish('a', `back ${round}`)
      await bus.flush()
    }
    await until(() => received.length === 2)
    expect(received).toEqual(['back 1', 'back 2'])
    expect(reported).toEqual([false, true, false, true])
  })

  it('reports the same problem once, whatever the number of attempts', async () => {
    const reported: unknown[] = []
    const port = await freePort()
    await using bus = new NatsBus({
      url: `nats://127.0.0.1:${port}`,
      name: 'test',
      failed: (error) => reported.push(error),
      random: () => 0,
    })
    await using feed = bus.follow({ stream: 'NONE', subject: 'none', durable: null }, () => {})
    await until(() => reported.length === 1)
    await using _nats = await startNats({ port, jetstream: true })
    await until(() => bus.isConnected)
    // The stream does not exist, which is another problem.
    await until(() => reported.length === 2)
    expect(feed.isRunning).toBe(false)
    expect(new Set(reported.map(String)).size).toBe(2)
  })

  it('closes while it is still trying to connect', async () => {
    const bus = new NatsBus({ url: `nats://127.0.0.1:${await freePort()}`, name: 'test' })
    await bus[Symbol.asyncDispose]()
    expect(bus.isConnected).toBe(false)
  })
})

describe('a URL in the log', () => {
  it.each([
    ['nats://u:secret@host:4222', 'nats://host:4222'],
    ['nats://token@a:1, nats://u:p@b:2', 'nats://a:1, nats://b:2'],
    ['nats://host', 'nats://host'],
  ])('%s becomes %s', (url, shown) => expect(withoutCredentials(url)).toBe(shown))
})
