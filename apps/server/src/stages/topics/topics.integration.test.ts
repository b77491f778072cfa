import { once } from 'node:events'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { rest } from '../../testing/rest.ts'
import { connectTo, type Frame, uuid } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
let names = 0
const fresh = () => `topic.${++names}`

describe('topics', () => {
  let testbed: Testbed
  beforeAll(async () => {
    testbed = await openTestbed({ RING_SIZE: '20', QUEUE_SIZE: '20' })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const createTopic = async () => {
    const name = fresh()
    expect((await rest(testbed.url, 'POST', '/topics', { name })).status).toBe(201)
    return name
  }

  it('are created, listed, counted and deleted over REST as documented', async () => {
    const name = fresh()
    const ask = (method: string, path: string, body?: unknown) => rest(testbed.url, method, path, body)
    expect(await ask('POST', '/topics', { name })).toMatchObject({
      status: 201,
      body: { status: 'created', topic: name },
    })
    expect(await ask('POST', '/topics', { name })).toMatchObject({
      status: 409,
      body: { error: { code: 'TOPIC_EXISTS' } },
    })
    expect((await ask('GET', '/topics')).body).toMatchObject({
      topics: expect.arrayContaining([{ name, subscribers: 0 }]) as unknown,
    })
    expect((await ask('GET', '/stats')).body).toMatchObject({ topics: { [name]: { messages: 0, subscribers: 0 } } })
    for (const wrong of ['', '.x', 'a b', 'ü', 'x'.repeat(129), 7, null])
      expect(await ask('POST', '/topics', { name: wrong })).toMatchObject({
        status: 422,
        body: { error: { code: 'VALIDATION_FAILED' } },
      })
    expect((await ask('POST', '/topics', '{')).status).toBe(400)
    expect(await ask('DELETE', `/topics/${name}`)).toMatchObject({
      status: 200,
      body: { status: 'deleted', topic: name },
    })
    expect(await ask('DELETE', `/topics/${name}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'TOPIC_NOT_FOUND' } },
    })
  })

  it('follow the documented flow: an ack, an event for the subscriber, an ack for the publisher, a pong', async () => {
    const topic = await createTopic()
    await using one = await connectTo(testbed.wsUrl)
    await using two = await connectTo(testbed.wsUrl)
    expect(await one.subscribe(topic)).toMatchObject({
      type: 'ack',
      status: 'ok',
      topic,
      ts: expect.stringMatching(/Z$/) as unknown,
    })
    const message = { id: '550e8400-e29b-41d4-a716-446655440000', payload: { order_id: 123, status: 'created' } }
    expect(await two.ask({ type: 'publish', topic, message })).toMatchObject({ type: 'ack', status: 'ok', topic })
    await until(() => one.events().length === 1)
    expect(one.frames.at(-1)).toEqual({
      type: 'event',
      topic,
      message,
      ts: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    })
    expect(await one.ask({ type: 'ping' })).toMatchObject({ type: 'pong', ts: expect.any(String) as unknown })
    expect((await rest(testbed.url, 'GET', '/stats')).body).toMatchObject({
      topics: { [topic]: { messages: 1, subscribers: 1 } },
    })
    expect(await one.ask({ type: 'unsubscribe', topic, client_id: 's1' })).toMatchObject({ type: 'ack', topic })
    await two.publish(topic, 'unheard')
    await one.ask({ type: 'ping' })
    expect(one.events()).toHaveLength(1)
  })

  it.each([
    [{ type: 'publish', topic: 'x', message: { id: 'no-uuid', payload: 1 } }, 'BAD_REQUEST', /message\.id/],
    [{ type: 'publish', topic: 'x', message: { id: uuid(1) } }, 'BAD_REQUEST', /payload/],
    [{ type: 'publish', topic: 'x', message: { id: uuid(1), payload: null } }, 'TOPIC_NOT_FOUND', /x/],
    [{ type: 'subscribe', topic: 'x', client_id: 's' }, 'TOPIC_NOT_FOUND', /x/],
    [{ type: 'subscribe', topic: 'x' }, 'BAD_REQUEST', /client_id/],
    [{ type: 'subscribe', topic: 'x', client_id: 's', last_n: -1 }, 'BAD_REQUEST', /last_n/],
    [{ type: 'subscribe', topic: '>', client_id: 's' }, 'BAD_REQUEST', /topic/],
    [{ type: 'unsubscribe', topic: 'x', client_id: 's' }, 'BAD_REQUEST', /client_id/],
    [{ type: 'dance' }, 'BAD_REQUEST', /type/],
  ])('the socket answers %j with %s and stays open', async (frame, code, message) => {
    await using client = await connectTo(testbed.wsUrl)
    expect(await client.ask(frame)).toMatchObject({
      type: 'error',
      error: { code, message: expect.stringMatching(message) as unknown },
    })
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
  })

  it('a subscriber gets the exact tail for any last_n, and then every live message, while others publish', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.nat(40), fc.nat(25), async (before, lastN, after) => {
        const topic = await createTopic()
        await using publisher = await connectTo(testbed.wsUrl)
        await using subscriber = await connectTo(testbed.wsUrl)
        for (let n = 0; n < before; n++) await publisher.publish(topic, n)
        const publishing = (async () => {
          for (let n = before; n < before + after; n++) await publisher.publish(topic, n)
        })()
        await subscriber.subscribe(topic, lastN)
        await publishing
        const total = before + after
        await publisher.publish(topic, total)
        await until(() => subscriber.events().at(-1) === total)
        const seen = subscriber.events() as number[]
        const first = seen[0] ?? 0
        expect(seen).toEqual(Array.from({ length: total - first + 1 }, (_, n) => first + n))
        // The server counts the tail at some moment between the subscribe frame and its ack.
        expect(first).toBeGreaterThanOrEqual(before - Math.min(lastN, 20))
        if (after === 0) expect(first).toBe(before - Math.min(lastN, 20, before))
      }),
      { numRuns: 40 },
    )
  })

  it('several subscriptions share a connection, and a repeated one replaces the first', async () => {
    const [first, second] = [await createTopic(), await createTopic()]
    await using client = await connectTo(testbed.wsUrl)
    await client.subscribe(first)
    await client.subscribe(first, 0, 's2')
    await client.subscribe(second)
    await client.publish(first, 'a')
    await client.publish(second, 'b')
    await until(() => client.events().length === 3)
    expect(client.events(first)).toEqual(['a', 'a'])
    expect(client.events(second)).toEqual(['b'])
    await client.subscribe(second, 5)
    await until(() => client.events(second).length === 2)
    await client.publish(second, 'c')
    await until(() => client.events(second).length === 3)
    expect(client.events(second)).toEqual(['b', 'b', 'c'])
  })

  it('a subscription ends with its connection, and with a notice when its topic is deleted', async () => {
    const topic = await createTopic()
    await using client = await connectTo(testbed.wsUrl)
    await using other = await connectTo(testbed.wsUrl)
    await client.subscribe(topic)
    await other.subscribe(topic)
    const subscribers = async () =>
      (
        (await rest(testbed.url, 'GET', '/topics')).body as { topics: { name: string; subscribers: number }[] }
      ).topics.find(({ name }) => name === topic)?.subscribers
    expect(await subscribers()).toBe(2)
    other.socket.terminate()
    await until(async () => (await subscribers()) === 1)
    await rest(testbed.url, 'DELETE', `/topics/${topic}`)
    await until(() => client.frames.some(({ type }) => type === 'info'))
    expect(client.frames.at(-1)).toMatchObject({
      type: 'info',
      topic,
      msg: 'topic_deleted',
      ts: expect.any(String) as unknown,
    })
    expect(await client.publish(topic, 1)).toMatchObject({ type: 'error', error: { code: 'TOPIC_NOT_FOUND' } })
    // A topic created again is a new topic: the old subscription stays ended.
    await rest(testbed.url, 'POST', '/topics', { name: topic })
    await client.publish(topic, 'new')
    await client.ask({ type: 'ping' })
    expect(client.events()).toEqual([])
  })

  it('the socket closes on a binary frame and on a frame that is too large', async () => {
    await using binary = await connectTo(testbed.wsUrl)
    binary.socket.send(Buffer.from('{}'))
    expect((await once(binary.socket, 'close'))[0]).toBe(1003)
    await using large = await connectTo(testbed.wsUrl)
    large.socket.send('x'.repeat(70_000))
    expect((await once(large.socket, 'close'))[0]).toBe(1009)
  })

  it('a stalled reader delays nobody, and its events and the dropped counts add up to all messages, in order', async () => {
    await using bed = await openTestbed({ QUEUE_SIZE: '10', RING_SIZE: '10', MAX_BUFFERED_BYTES: '65536' })
    await rest(bed.url, 'POST', '/topics', { name: 'flood' })
    const stalled = await rawSubscriber(bed.server.port, 'flood')
    stalled.socket.pause()
    await using quick = await connectTo(bed.wsUrl)
    await using publisher = await connectTo(bed.wsUrl)
    await quick.subscribe('flood')
    const filling = 'x'.repeat(30_000)
    const COUNT = 600
    for (let n = 0; n < COUNT; n++) await publisher.publish('flood', { n, filling })
    await until(() => quick.events().length === COUNT)
    stalled.socket.resume()
    await publisher.publish('flood', { n: COUNT, filling: '' })
    const numbers = () =>
      stalled
        .frames()
        .filter(({ type }) => type === 'event')
        .map((frame) => (frame['message'] as { payload: { n: number } }).payload.n)
    await until(() => numbers().at(-1) === COUNT)
    const dropped = stalled.frames().flatMap((frame) => (frame['msg'] === 'dropped' ? [frame['count'] as number] : []))
    expect(dropped.length).toBeGreaterThan(0)
    expect(numbers()).toEqual(numbers().toSorted((a, b) => a - b))
    expect(new Set(numbers()).size).toBe(numbers().length)
    expect(numbers().length + dropped.reduce((sum, count) => sum + count, 0)).toBe(COUNT + 1)
    expect((await rest(bed.url, 'GET', '/stats')).body).toMatchObject({
      topics: { flood: { messages: COUNT + 1, dropped: dropped.reduce((sum, count) => sum + count, 0) } },
    })
    stalled.socket.destroy()
  })

  it('the server closes a reader that reads nothing for SLOW_CONSUMER_TIMEOUT, with the reason', async () => {
    await using bed = await openTestbed({ SLOW_CONSUMER_TIMEOUT: '1', MAX_BUFFERED_BYTES: '65536' })
    await rest(bed.url, 'POST', '/topics', { name: 'slow' })
    const stalled = await rawSubscriber(bed.server.port, 'slow')
    stalled.socket.pause()
    await using publisher = await connectTo(bed.wsUrl)
    const subscribers = async () =>
      ((await rest(bed.url, 'GET', '/topics')).body as { topics: { subscribers: number }[] }).topics[0]?.subscribers
    expect(await subscribers()).toBe(1)
    const publishing = new AbortController()
    const flood = (async () => {
      for (let n = 0; !publishing.signal.aborted; n++)
        await publisher.publish('slow', { n, filling: 'x'.repeat(30_000) })
    })()
    await until(async () => (await subscribers()) === 0)
    publishing.abort()
    await flood
    stalled.socket.resume()
    await until(() => stalled.frames().some(({ type }) => type === 'error'))
    expect(stalled.frames().find(({ type }) => type === 'error')).toMatchObject({ error: { code: 'SLOW_CONSUMER' } })
    stalled.socket.destroy()
  })

  it('topics, subscriptions and messages above their limits answer RATE_LIMITED', async () => {
    await using bed = await openTestbed({ MAX_SUBSCRIPTIONS_PER_SOCKET: '2', CALLS_PER_SECOND: '5', MAX_TOPICS: '1' })
    await rest(bed.url, 'POST', '/topics', { name: 'a' })
    expect((await rest(bed.url, 'POST', '/topics', { name: 'b' })).status).toBe(429)
    await using client = await connectTo(bed.wsUrl)
    await client.subscribe('a', 0, '1')
    await client.subscribe('a', 0, '2')
    expect(await client.subscribe('a', 0, '3')).toMatchObject({ type: 'error', error: { code: 'RATE_LIMITED' } })
    for (let n = 0; n < 30; n++) client.socket.send('{"type":"ping"}')
    // A ping that is answered again may come between those that are refused.
    const errors = () => client.frames.filter(({ type }) => type === 'error')
    await until(() => errors().length > 1)
    expect(errors().at(-1)).toMatchObject({ error: { code: 'RATE_LIMITED' } })
  })

  it('COMPAT_AUTH=token demands a token, and lets only the owner delete a topic', async () => {
    await using bed = await openTestbed({ COMPAT_AUTH: 'token' })
    expect((await rest(bed.url, 'POST', '/topics', { name: 'x' })).status).toBe(401)
    expect((await rest(bed.url, 'GET', '/topics')).status).toBe(401)
    await using refused = await connectTo(bed.wsUrl)
    await until(() => refused.socket.readyState === refused.socket.CLOSED)
    expect(refused.frames).toMatchObject([{ type: 'error', error: { code: 'UNAUTHORIZED' } }])
    const owner = (await bed.signIn('owner')).session.token
    const other = (await bed.signIn('other')).session.token
    const as = (token: string) => ({ authorization: `Bearer ${token}` })
    expect((await rest(bed.url, 'POST', '/topics', { name: 'x' }, as(owner))).status).toBe(201)
    expect((await rest(bed.url, 'DELETE', '/topics/x', undefined, as(other))).status).toBe(403)
    await using client = await connectTo(bed.wsUrl, { query: `?token=${other}` })
    expect(await client.subscribe('x')).toMatchObject({ type: 'ack' })
    expect((await rest(bed.url, 'DELETE', '/topics/x', undefined, as(owner))).status).toBe(200)
  })
})

describe('topics over tRPC', () => {
  it('are shared with the plain endpoints, resume from a position, and end when deleted', async () => {
    await using testbed = await openTestbed()
    const owner = await testbed.signIn('owner')
    const key = newKey()
    await owner.http.topics.create.mutate({ key, topic: 'typed' })
    await owner.http.topics.create.mutate({ key, topic: 'typed' })
    await expect(owner.http.topics.create.mutate({ key: newKey(), topic: 'typed' })).rejects.toMatchObject({
      data: { tablecast: { code: 'TOPIC_EXISTS' } },
    })
    const publish = (n: number) =>
      owner.http.topics.publish.mutate({ topic: 'typed', message: { id: uuid(n), payload: n } })
    for (const n of [1, 2, 3]) await publish(n)
    await using client = await owner.socket()
    const seen: [string, unknown][] = []
    const ended: unknown[] = []
    const follow = (input: { lastN?: number; lastEventId?: string }) =>
      client.trpc.topics.events.subscribe(
        { topic: 'typed', ...input },
        { onData: ({ id, data }) => seen.push([id, data.message.payload]), onError: (error) => ended.push(error.data) },
      )
    const first = follow({ lastN: 2 })
    await until(() => seen.length === 2)
    await using plain = await connectTo(testbed.wsUrl)
    await plain.publish('typed', 'plain', 9)
    await until(() => seen.length === 3)
    expect(seen.map(([, payload]) => payload)).toEqual([2, 3, 'plain'])
    expect((await owner.http.topics.list.query()).topics).toMatchObject([
      { name: 'typed', messages: 4, subscribers: 1, dropped: 0, mine: true },
    ])
    first.unsubscribe()
    const [position] = seen[1] ?? ['']
    seen.length = 0
    follow({ lastEventId: position })
    await until(() => seen.length === 1)
    expect(seen[0]?.[1]).toBe('plain')
    const other = await testbed.signIn('other')
    await expect(other.http.topics.remove.mutate({ key: newKey(), topic: 'typed' })).rejects.toMatchObject({
      data: { tablecast: { code: 'FORBIDDEN' } },
    })
    await owner.http.topics.remove.mutate({ key: newKey(), topic: 'typed' })
    await until(() => ended.length === 1)
    expect(ended[0]).toMatchObject({ tablecast: { code: 'TOPIC_NOT_FOUND' } })
  })
})

describe('durable topics', () => {
  it('survive a restart with their newest messages, and volatile topics do not', async () => {
    await using first = await openTestbed({ TOPICS_DURABLE: 'true', RING_SIZE: '5' })
    await rest(first.url, 'POST', '/topics', { name: 'kept' })
    {
      await using publisher = await connectTo(first.wsUrl)
      for (let n = 0; n < 12; n++) await publisher.publish('kept', n)
      await using subscriber = await connectTo(first.wsUrl)
      await subscriber.subscribe('kept', 100)
      await until(() => subscriber.events().length === 5)
      expect(subscriber.events()).toEqual([7, 8, 9, 10, 11])
    }
    await first.server.drain()
    {
      await using second = await openTestbed({ TOPICS_DURABLE: 'true', RING_SIZE: '5', DATA_DIR: first.folder })
      await using client = await connectTo(second.wsUrl)
      await client.subscribe('kept', 3)
      await client.publish('kept', 'after')
      await until(() => client.events().length === 4)
      expect(client.events()).toEqual([9, 10, 11, 'after'])
    }
    await using third = await openTestbed({ DATA_DIR: first.folder })
    expect((await rest(third.url, 'GET', '/topics')).body).toEqual({ topics: [] })
  })

  it('have the messages of concurrent publishers in one order for every subscriber', async () => {
    await using bed = await openTestbed({ TOPICS_DURABLE: 'true', RING_SIZE: '1000', QUEUE_SIZE: '1000' })
    await rest(bed.url, 'POST', '/topics', { name: 'busy' })
    const clients = await Promise.all(Array.from({ length: 4 }, () => connectTo(bed.wsUrl)))
    for (const client of clients) await client.subscribe('busy')
    await Promise.all(
      clients.map(async (client, who) => {
        for (let n = 0; n < 40; n++) await client.publish('busy', `${who}-${n}`)
      }),
    )
    await until(() => clients.every((client) => client.events().length === 160))
    const [one, ...others] = clients.map((client) => client.events())
    for (const other of others) expect(other).toEqual(one)
    for (let who = 0; who < 4; who++)
      expect(one?.filter((payload) => String(payload).startsWith(`${who}-`))).toEqual(
        Array.from({ length: 40 }, (_, n) => `${who}-${n}`),
      )
    for (const client of clients) client.socket.terminate()
  })
})

/** A subscriber on a bare TCP socket, so that the test controls when it reads. */
async function rawSubscriber(port: number, topic: string) {
  const socket = rawWebSocket(port, '/ws')
  let bytes = Buffer.alloc(0)
  socket.on('data', (part: Buffer) => (bytes = Buffer.concat([bytes, part])))
  await until(() => bytes.includes('\r\n\r\n'))
  bytes = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
  socket.write(clientFrame(JSON.stringify({ type: 'subscribe', topic, client_id: 'raw' })))
  await until(() => bytes.includes('"ack"'))
  return { socket, frames: () => textFrames(bytes) }
}

/** The whole text frames in a server's bytes (RFC 6455 §5.2). */
function textFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const header = short === 126 ? 4 : short === 127 ? 10 : 2
    if (at + header > bytes.length) break
    const length =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
    const end = at + header + length
    if (end > bytes.length) break
    if (bytes[at] === 0x81) frames.push(JSON.parse(bytes.subarray(at + header, end).toString()) as Frame)
    at = end
  }
  return frames
}
