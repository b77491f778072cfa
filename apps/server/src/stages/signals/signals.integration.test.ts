import { once } from 'node:events'
import { MemoryBus } from '@tablecast/bus'
import { rawWebSocket } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../../testing/testbed.ts'
import { demoSeries } from './demo.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

async function openWatcher(wsUrl: string, path = '/ws/stream') {
  const socket = new WebSocket(`${wsUrl}${path}`)
  const payloads: string[] = []
  socket.on('message', (data) => payloads.push((data as Buffer).toString()))
  await once(socket, 'open')
  return { socket, payloads, [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()) }
}

describe('signals', () => {
  let testbed: Testbed
  const bus = new MemoryBus()
  beforeAll(async () => {
    testbed = await openTestbed(
      { SIGNALS_FEEDS: 'levels=LEVEL_SIGNALS/levels.signals, other=OTHER/other.signals' },
      { bus },
    )
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it('a subscriber gets each payload byte for byte, and a new subscriber gets the latest at once', async () => {
    await using early = await openWatcher(testbed.wsUrl)
    const payloads = ['{ "spy": {"spot": 1e400}, \n"ü": "\\u00fc" }', '[1,2]', '7']
    for (const payload of payloads) bus.publish('levels.signals', payload)
    await until(() => early.payloads.length === 3)
    expect(early.payloads).toEqual(payloads)
    await using late = await openWatcher(testbed.wsUrl)
    await until(() => late.payloads.length === 1)
    expect(late.payloads).toEqual(['7'])
    await using named = await openWatcher(testbed.wsUrl, '/ws/stream/levels')
    await until(() => named.payloads.length === 1)
    expect(named.payloads).toEqual(['7'])
  })

  it('the server skips and counts payloads that are not JSON', async () => {
    const before = (await testbed.anonymous.signals.feeds.query()).feeds[0]
    bus.publish('levels.signals', 'not json')
    bus.publish('levels.signals', '\uFEFF{}')
    bus.publish('levels.signals', '"json"')
    await until(
      async () => (await testbed.anonymous.signals.feeds.query()).feeds[0]?.received === (before?.received ?? 0) + 1,
    )
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]).toMatchObject({
      name: 'levels',
      isRunning: true,
      skipped: (before?.skipped ?? 0) + 2,
      lastAt: expect.stringMatching(/Z$/) as unknown,
    })
    expect(await testbed.anonymous.ops.health.query()).toMatchObject({
      last_message_ts: expect.any(String) as unknown,
      consumer_lag: 0,
    })
  })

  it('the server skips payloads that are nested too deep for readers, and passes numbers on as they were written', async () => {
    await using watcher = await openWatcher(testbed.wsUrl)
    const before = (await testbed.anonymous.signals.feeds.query()).feeds[0]?.skipped ?? 0
    const old = watcher.payloads.length
    for (const depth of [300, 3_000, 100_000]) bus.publish('levels.signals', '['.repeat(depth) + ']'.repeat(depth))
    bus.publish('levels.signals', '{"spot":1.50,"id":9007199254740993}')
    await until(() => watcher.payloads.length === old + 1)
    expect(watcher.payloads.at(-1)).toBe('{"spot":1.50,"id":9007199254740993}')
    expect((await testbed.anonymous.signals.feeds.query()).feeds[0]?.skipped).toBe(before + 3)
    const latest = await fetch(`${testbed.url}/trpc/signals.latest?input=${encodeURIComponent('{"feed":"levels"}')}`)
    expect(await latest.text()).toContain('"value":{"spot":1.50,"id":9007199254740993}')
  })

  it('a subscriber gets only the payloads of its own feed, and an unknown feed answers 404', async () => {
    await using other = await openWatcher(testbed.wsUrl, '/ws/stream/other')
    bus.publish('levels.signals', '"for levels"')
    bus.publish('other.signals', '"for other"')
    await until(() => other.payloads.length === 1)
    expect(other.payloads).toEqual(['"for other"'])
    const refused = new WebSocket(`${testbed.wsUrl}/ws/stream/none`)
    refused.on('error', () => {})
    const [, response] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(response.statusCode).toBe(404)
  })

  it('a subscription over tRPC gets each payload of its feed', async () => {
    const user = await testbed.signIn('watcher')
    await using client = await user.socket()
    const seen: unknown[] = []
    const subscription = client.trpc.signals.events.subscribe(
      { feed: 'other' },
      { onData: ({ data }) => seen.push(data) },
    )
    bus.publish('other.signals', '{"n":1}')
    await until(() => seen.length > 0 && (seen.at(-1) as { n?: number }).n === 1)
    bus.publish('other.signals', '{"n":2}')
    await until(() => (seen.at(-1) as { n?: number }).n === 2)
    subscription.unsubscribe()
  })

  it('a stalled reader gets the newest value once it reads again, and never an older one after it', async () => {
    const socket = rawWebSocket(testbed.server.port, '/ws/stream/other')
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
    await until(() => text.includes('101 Switching'))
    await using quick = await openWatcher(testbed.wsUrl, '/ws/stream/other')
    socket.pause()
    const filling = 'x'.repeat(60_000)
    const COUNT = 400
    for (let n = 1; n <= COUNT; n++) {
      bus.publish('other.signals', JSON.stringify({ mark: `p${n}p`, filling }))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => quick.payloads.at(-1)?.includes(`p${COUNT}p`) === true)
    socket.resume()
    await until(() => text.includes(`p${COUNT}p`))
    const numbers = [...text.matchAll(/p(\d+)p/g)].map((match) => Number(match[1]))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(numbers.length).toBeLessThan(COUNT)
    expect(numbers.at(-1)).toBe(COUNT)
    socket.destroy()
  })

  it('SIGNALS_DEMO publishes a generated series', async () => {
    await using demo = await openTestbed({ SIGNALS_DEMO: 'true' })
    await using watcher = await openWatcher(demo.wsUrl)
    await until(() => watcher.payloads.length >= 2)
    const [first] = watcher.payloads.map((payload) => JSON.parse(payload) as ReturnType<ReturnType<typeof demoSeries>>)
    expect(first).toMatchObject({
      spy: { spot: expect.any(Number) as unknown },
      viewport: {},
      levels: expect.any(Array) as unknown,
    })
  })

  it.each(['levels', 'a=b', 'a=S/x.*', '=S/x'])('the server refuses to start with SIGNALS_FEEDS=%s', async (feeds) => {
    await expect(openTestbed({ SIGNALS_FEEDS: feeds })).rejects.toThrow('SIGNALS_FEEDS')
  })
})
