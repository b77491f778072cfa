import { MemoryBus } from '@tablecast/bus'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../../testing/testbed.ts'
import { socketIo, valuesIn } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
const at = '2025-01-15T10:30:00.000Z'
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('Socket.IO', () => {
  let testbed: Testbed
  const channels = new MemoryBus()
  const publishers = immediatePublishersOn(channels)
  const publish = (value: number, sectorId = 'tech-001') =>
    publishers.publishMarketUpdate({ sectorId, value, timestamp: at })
  beforeAll(async () => {
    testbed = await openTestbed({}, { channels })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  for (const [name, transports] of [
    ['a WebSocket', ['websocket']],
    ['polling', ['polling']],
    ['polling, then a WebSocket', ['polling', 'websocket']],
  ] as const)
    it(`delivers each message once and in order over ${name}`, async () => {
      await using client = await socketIo(testbed.url, { transports: [...transports] })
      for (const value of numbers(1, 500)) {
        publish(value)
        // Some messages go out together, some apart, before and after the upgrade.
        if (value % 7 === 0) await turn()
        if (value % 60 === 0) await until(() => valuesIn(client.received).length >= value)
      }
      await until(() => valuesIn(client.received).length >= 500)
      expect(valuesIn(client.received)).toEqual(numbers(1, 500))
      expect(client.received[0]).toEqual({
        event: 'market:update',
        data: { sectorId: 'tech-001', value: 1, timestamp: at },
      })
      expect(client.socket.io.engine.transport.name).toBe(transports.at(-1))
    })

  it('delivers all events until a client subscribes, and then those of its scopes', async () => {
    await using client = await socketIo(testbed.url)
    await using other = await socketIo(testbed.url)
    expect(await client.ask('subscribe:sector', 'energy-001')).toEqual({ status: 'ok', room: 'sector:energy-001' })
    expect(await client.ask('subscribe:sector', { sectorId: 'energy-001' })).toEqual({
      status: 'ok',
      room: 'sector:energy-001',
    })
    expect(await client.ask('subscribe:discussion', { discussionId: 'disc-123' })).toEqual({
      status: 'ok',
      room: 'discussion:disc-123',
    })
    const message = (id: string) => ({ id, content: id, authorId: 'agent-789', timestamp: at })
    const publishAll = (round: number) => {
      publish(round, 'tech-001')
      publish(round, 'energy-001')
      publishers.publishAgentStatus({ agentId: `a${round}`, sectorId: 'tech-001', status: 'active' })
      publishers.publishAgentStatus({ agentId: `a${round}`, status: 'idle' })
      publishers.publishDiscussionMessage({ discussionId: 'disc-123', message: message(`one-${round}`) })
      publishers.publishDiscussionMessage({ discussionId: 'disc-124', message: message(`two-${round}`) })
      publishers.publishMarketUpdate({ indexValue: round, timestamp: at })
    }
    type Data = { sectorId?: string; agentId?: string; status?: string; message?: { id: string }; indexValue?: number }
    const labels = (from: typeof client) =>
      from.received.map(({ data }) => {
        const { sectorId, agentId, status, message, indexValue } = data as Data
        return message?.id ?? (status ? `${agentId} ${status}` : (sectorId ?? String(indexValue)))
      })
    publishAll(1)
    await until(() => other.received.length === 7 && client.received.length === 4)
    expect(labels(client).toSorted()).toEqual(['1', 'a1 idle', 'energy-001', 'one-1'])
    expect(await client.ask('unsubscribe:sector', 'energy-001')).toMatchObject({ status: 'ok' })
    publishAll(2)
    await until(() => other.received.length === 14 && client.received.length === 7)
    expect(labels(client).slice(4).toSorted()).toEqual(['2', 'a2 idle', 'one-2'])
    expect(await client.ask('subscribe:all')).toEqual({ status: 'ok', room: 'all' })
    publishAll(3)
    await until(() => other.received.length === 21 && client.received.length === 14)
    expect(labels(client).slice(7)).toEqual(labels(other).slice(14))
  })

  it('answers invalid subscriptions with errors, and still delivers events afterwards', async () => {
    await using client = await socketIo(testbed.url)
    for (const wrong of [
      undefined,
      null,
      7,
      '',
      'a.b',
      '../x',
      {},
      { a: 'x', b: 'y' },
      ['x', 'y'],
      { sectorId: { $ne: 1 } },
    ])
      expect(await client.ask('subscribe:sector', wrong)).toMatchObject({
        status: 'error',
        error: { code: 'BAD_REQUEST' },
      })
    client.socket.emit('subscribe:sector', 'not an id!')
    await until(() => client.received.length > 0)
    expect(client.received[0]).toMatchObject({ event: 'error', data: { code: 'BAD_REQUEST' } })
    client.socket.emit('market:update', { sectorId: 'tech-001', value: 666, timestamp: at })
    client.socket.emit('no:such:event', 1, 2, 3)
    for (let n = 0; n < 32; n++) expect(await client.ask('subscribe:sector', `s-${n}`)).toMatchObject({ status: 'ok' })
    expect(await client.ask('subscribe:sector', 's-33')).toMatchObject({
      status: 'error',
      error: { code: 'RATE_LIMITED' },
    })
    await client.ask('subscribe:all')
    publish(1)
    await until(() => valuesIn(client.received).length > 0)
    expect(valuesIn(client.received)).toEqual([1])
  })

  it('refuses pages of other origins over polling and WebSocket, except those in CORS_ORIGINS', async () => {
    const polling = (url: string, origin: string) =>
      fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
    for (const origin of ['https://evil.example', `${testbed.url}.evil.example`, 'null'])
      expect((await polling(testbed.url, origin)).status).toBe(403)
    expect((await polling(testbed.url, testbed.url)).status).toBe(200)
    const upgrade = (url: string, origin: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { origin })
        socket.on('error', () => {})
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
        socket.on('open', () => {
          resolve(101)
          socket.terminate()
        })
      })
    expect(await upgrade(testbed.url, 'https://evil.example')).toBe(403)
    await using friendly = await openTestbed({ CORS_ORIGINS: 'https://friend.example' })
    const response = await polling(friendly.url, 'https://friend.example')
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://friend.example',
    ])
    expect(await upgrade(friendly.url, 'https://friend.example')).toBe(101)
    expect((await polling(friendly.url, 'https://evil.example')).status).toBe(403)
    await using everyones = await openTestbed({ CORS_ORIGINS: '*' })
    expect((await polling(everyones.url, 'https://any.example')).headers.get('access-control-allow-origin')).toBe('*')
    expect(await upgrade(everyones.url, 'https://any.example')).toBe(101)
    const rest = await fetch(`${everyones.url}/api/sectors`, { headers: { origin: 'https://any.example' } })
    expect(rest.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('demands a token in the handshake with COMPAT_AUTH=token', async () => {
    await using closed = await openTestbed({ COMPAT_AUTH: 'token' })
    for (const auth of [{}, { token: '' }, { token: 'forged' }, { token: 7 }]) {
      await using refused = await socketIo(closed.url, { auth, reconnection: false })
      expect(refused.socket.connected).toBe(false)
      expect(refused.refused[0]).toMatchObject({
        message: 'A valid token is needed. Sign in, and send its token.',
        data: { code: 'UNAUTHORIZED' },
      })
    }
    const { token } = (await closed.signIn('A')).session
    const handshakes = [
      { auth: { token } },
      { auth: { token: `Bearer ${token}` } },
      { extraHeaders: { authorization: `Bearer ${token}` } },
      { query: { token } },
    ]
    for (const handshake of handshakes) {
      await using client = await socketIo(closed.url, handshake)
      expect(client.socket.connected).toBe(true)
    }
    await using off = await openTestbed({ COMPAT_AUTH: 'off' })
    expect((await fetch(`${off.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(404)
  })

  it('refuses connections above MAX_SOCKETS_PER_IP, and accepts new ones after others close', async () => {
    await using small = await openTestbed({ MAX_SOCKETS_PER_IP: '3' })
    {
      await using first = await socketIo(small.url, { transports: ['polling'] })
      await using second = await socketIo(small.url, { transports: ['polling'] })
      await using third = await socketIo(small.url, { transports: ['polling'] })
      expect([first, second, third].every(({ socket }) => socket.connected)).toBe(true)
      await using fourth = await socketIo(small.url, { transports: ['polling'], reconnection: false })
      expect(fourth.socket.connected).toBe(false)
    }
    await until(async () => {
      await using again = await socketIo(small.url, { transports: ['polling'], reconnection: false })
      return again.socket.connected
    })
  })

  it('refuses packets above CALLS_PER_SECOND, and disconnects a client that floods', async () => {
    await using calm = await openTestbed({ CALLS_PER_SECOND: '5' })
    await using client = await socketIo(calm.url)
    const answers = await Promise.all(numbers(1, 18).map((n) => client.ask('subscribe:sector', `s-${n % 3}`)))
    expect(
      answers.filter((answer) => (answer as { error?: { code: string } }).error?.code === 'RATE_LIMITED').length,
    ).toBeGreaterThan(5)
    expect(client.socket.connected).toBe(true)
    // A client that continues to flood is disconnected.
    for (const n of numbers(1, 60)) client.socket.emit('subscribe:sector', `s-${n}`)
    await until(() => !client.socket.connected)
  })

  it('a stalled reader never delays another, and gets the board when it reads again', async () => {
    await using quick = await socketIo(testbed.url, { transports: ['websocket'] })
    const stalled = rawWebSocket(testbed.server.port, '/socket.io/?EIO=4&transport=websocket')
    let text = ''
    stalled.on('data', (part: Buffer) => (text += part.toString('latin1')))
    await until(() => text.includes('"sid"'))
    stalled.write(clientFrame('40'))
    await until(() => text.includes('40{'))
    stalled.pause()
    const filling = 'x'.repeat(3_900)
    const COUNT = 6_000
    for (let n = 1; n <= COUNT; n++) {
      publishers.publishDiscussionMessage({
        discussionId: 'disc-123',
        message: { id: `stall-${n}`, content: filling, authorId: 'a', timestamp: at },
      })
      if (n % 200 === 0) await until(() => quick.received.length >= n)
    }
    expect(quick.received.length).toBe(COUNT)
    stalled.resume()
    await until(() => text.includes('42["market:snapshot"'))
    const received = [...text.matchAll(/"id":"stall-(\d+)"/g)].map((match) => Number(match[1]))
    expect(received).toEqual(numbers(1, received.length))
    expect(received.length).toBeLessThan(COUNT)
    publish(4_242)
    await until(() => text.includes('4242'))
    stalled.destroy()
  })

  it('a client that stops polling has no queue, and gets the board when it polls again', async () => {
    const url = `${testbed.url}/socket.io/?EIO=4&transport=polling`
    const opened = await (await fetch(url)).text()
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string }
    await fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' })
    expect(await (await fetch(`${url}&sid=${sid}`)).text()).toContain('40{')
    await using other = await socketIo(testbed.url, { transports: ['websocket'] })
    for (const value of numbers(1, 5_000)) {
      publish(value)
      if (value % 250 === 0) await until(() => other.received.length >= value)
    }
    // One batch waits for it, not five thousand packets.
    const first = await (await fetch(`${url}&sid=${sid}`)).text()
    const values = [...first.matchAll(/"value":(\d+)/g)].map((match) => Number(match[1]))
    expect(values).toEqual(numbers(1, values.length))
    expect(values.length).toBeLessThan(500)
    let rest = ''
    while (!rest.includes('market:snapshot')) rest += await (await fetch(`${url}&sid=${sid}`)).text()
    publish(9_999)
    while (!rest.includes('9999')) rest += await (await fetch(`${url}&sid=${sid}`)).text()
  })

  it('a client reconnects by itself when the server restarts', async () => {
    const first = await openTestbed()
    const { port } = first.server
    await using client = await socketIo(first.url)
    const reasons: string[] = []
    client.socket.on('disconnect', (reason) => reasons.push(reason))
    await first.server.drain()
    await until(() => reasons.length > 0)
    // After a disconnect by the server, a client would not reconnect.
    expect(['transport close', 'transport error']).toContain(reasons[0])
    await using second = await openTestbed({ PORT: String(port) })
    await until(() => client.socket.connected)
    second.server.market.broadcastMarketUpdate({ indexValue: 5 })
    await until(() => client.received.length > 0)
    await first[Symbol.asyncDispose]()
  })
})
