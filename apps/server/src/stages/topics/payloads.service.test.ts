// Payloads that travel from one node to another, over a real nats-server and a real PostgreSQL.
import { startNats, startPostgres, type TestPostgres } from '@tablecast/testing'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import { openPublishers, readPlain, strangePayloads } from './payload-testing.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

async function twoNodes(natsUrl: string, kind: string) {
  const environment = {
    DATABASE_URL: await postgres.createDatabase(),
    SESSION_SECRET: 'a secret that is long enough for a test',
    NATS_URL: natsUrl,
    TOPICS_DURABLE: String(kind === 'durable'),
    MAX_FRAME_BYTES: '4000000',
  }
  const here = await openTestbed(environment)
  const there = await openTestbed(environment)
  for (const { anonymous } of [here, there])
    await until(async () => (await anonymous.ops.health.query()).nats_connected)
  await rest(here.url, 'POST', '/topics', { name: 't' })
  return {
    here,
    there,
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]()
      await there[Symbol.asyncDispose]()
    },
  }
}

describe.each(['volatile', 'durable'])('payloads of %s topics', (kind) => {
  it('reach the other node byte for byte, live and from its ring', async () => {
    await using nats = await startNats()
    await using nodes = await twoNodes(nats.url, kind)
    const { publishers, close } = await openPublishers(nodes.here)
    const live = await readPlain(nodes.there, 't')
    for (const [n, payload] of strangePayloads.entries())
      expect(await publishers[0]?.publish('t', payload, n)).toBeNull()
    await until(() => live.payloads().length === strangePayloads.length)
    expect(live.payloads()).toEqual(strangePayloads)
    const late = await readPlain(nodes.there, 't', 100)
    await until(() => late.payloads().length === strangePayloads.length)
    expect(late.payloads()).toEqual(strangePayloads)
    for (const reader of [live, late]) reader.close()
    close()
  })

  it('too large for the bus get MESSAGE_TOO_LARGE on volatile topics, and arrive on durable ones', async () => {
    await using nats = await startNats()
    await using nodes = await twoNodes(nats.url, kind)
    const { publishers, close } = await openPublishers(nodes.here)
    const reader = await readPlain(nodes.there, 't')
    const large = `"${'x'.repeat(1_500_000)}"`
    expect(await publishers[0]?.publish('t', large, 1)).toBe(kind === 'durable' ? null : 'MESSAGE_TOO_LARGE')
    expect(await publishers[0]?.publish('t', '1.0', 2)).toBeNull()
    const wanted = kind === 'durable' ? [large, '1.0'] : ['1.0']
    await until(() => reader.payloads().length === wanted.length)
    expect(reader.payloads()).toEqual(wanted)
    reader.close()
    close()
  })

  it('reach each subscriber once when the bus delivers each message three times', async () => {
    await using nats = await startNats()
    await using nodes = await twoNodes(nats.url, kind)
    // Publishes every message twice more, with the same headers.
    const echo = await connect({ servers: nats.url })
    const known = new Map<string, number>()
    let echoed = 0
    echo.subscribe('tablecast.>', {
      callback: (_error, { subject, data, headers }) => {
        if (!/^tablecast\.(topics\.event|stream\.topic)\./.test(subject)) return
        const text = Buffer.from(data).toString()
        const times = known.get(text) ?? 0
        known.set(text, times + 1)
        if (times > 1) return
        echo.publish(subject, data, headers ? { headers } : {})
        echoed += 1
      },
    })
    await echo.flush()
    const { publishers, close } = await openPublishers(nodes.here)
    const readers = [await readPlain(nodes.here, 't'), await readPlain(nodes.there, 't')]
    const wanted = Array.from({ length: 30 }, (_, n) => String(n))
    for (const payload of wanted) expect(await publishers[0]?.publish('t', payload, Number(payload))).toBeNull()
    await until(() => echoed === 60)
    await echo.flush()
    // Arrives after every repeat.
    expect(await publishers[0]?.publish('t', '"last"', 31)).toBeNull()
    for (const reader of readers) {
      await until(() => reader.payloads().includes('"last"'))
      expect(reader.payloads()).toEqual([...wanted, '"last"'])
      reader.close()
    }
    close()
    await echo.close()
  })
})
