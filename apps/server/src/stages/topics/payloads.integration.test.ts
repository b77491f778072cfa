import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import {
  type Publisher,
  openPublishers,
  readPlain,
  readSse,
  readTyped,
  strangePayloads,
  tooDeep,
} from './payload-testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

describe.each([
  ['volatile', 'false'],
  ['durable', 'true'],
])('payloads of %s topics', (_kind, durable) => {
  let testbed: Testbed
  let opened: { publishers: Publisher[]; close(): void }
  beforeAll(async () => {
    testbed = await openTestbed({ TOPICS_DURABLE: durable })
    for (const name of ['deep', 'elsewhere']) await rest(testbed.url, 'POST', '/topics', { name })
    opened = await openPublishers(testbed)
  })
  afterAll(async () => {
    opened.close()
    await testbed[Symbol.asyncDispose]()
  })

  it('reach every subscriber byte for byte, however they were published, live and from the ring', async () => {
    for (const [index, publisher] of opened.publishers.entries()) {
      const topic = `strange-${index}`
      await rest(testbed.url, 'POST', '/topics', { name: topic })
      const live = [await readPlain(testbed, topic), await readTyped(testbed, topic)]
      for (const [n, payload] of strangePayloads.entries())
        expect(await publisher.publish(topic, payload, n)).toBeNull()
      const late = [await readPlain(testbed, topic, 100), await readTyped(testbed, topic, 100)]
      for (const reader of [...live, ...late]) {
        await until(() => reader.payloads().length >= strangePayloads.length)
        expect([publisher.name, ...reader.payloads()]).toEqual([publisher.name, ...strangePayloads])
        reader.close()
      }
    }
  })

  it('keep the digits of their numbers over server-sent events, where tRPC serializes values again', async () => {
    const topic = 'sse'
    await rest(testbed.url, 'POST', '/topics', { name: topic })
    const reader = await readSse(testbed, topic, 100)
    const compact = strangePayloads.filter((payload) => !/\s|"a":1,"a"|\\u|"2":/.test(payload))
    const [publisher] = opened.publishers
    for (const [n, payload] of compact.entries()) expect(await publisher?.publish(topic, payload, n)).toBeNull()
    await until(() => reader.payloads().length >= compact.length)
    expect(reader.payloads()).toEqual(compact)
    reader.close()
  })

  it('get BAD_REQUEST when they are nested too deep, and the topic still works', async () => {
    const reader = await readPlain(testbed, 'deep')
    for (const publisher of opened.publishers)
      for (const [n, payload] of tooDeep.entries())
        // The largest payload does not fit into a WebSocket frame.
        if (payload.length < 60_000 || publisher.name.includes('HTTP'))
          expect([publisher.name, await publisher.publish('deep', payload, n)]).toEqual([publisher.name, 'BAD_REQUEST'])
    await opened.publishers[0]?.publish('deep', '1.0', 1)
    await until(() => reader.payloads().length > 0)
    expect(reader.payloads()).toEqual(['1.0'])
    reader.close()
  })
})
