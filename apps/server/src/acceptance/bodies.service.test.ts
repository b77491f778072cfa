// Bodies of HTTP requests: size limits by caller and route, bytes in flight, and the delay that they cause to others.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyState } from '@tablecast/contracts'
import { clientFrame, freePort, rawWebSocket, until } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { io } from 'socket.io-client'
import { httpClient, newKey } from '../testing/testbed.ts'
import { openWatched } from '../testing/watched.ts'

const MIB = 1_048_576
/** Between two messages of the DM at the table beside. */
const MESSAGE_INTERVAL_MS = 20
const roomId = 'main'
type Server = Awaited<ReturnType<typeof openWatched>>

/** A request on a bare socket. The test decides when its body is sent. */
class RawRequest {
  readonly socket: Socket
  readonly closed: Promise<void>
  answer = ''

  constructor(port: number, path: string, headers: Record<string, string | number>, method = 'POST') {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', (part: Buffer) => (this.answer += part.toString()))
    this.closed = new Promise((resolve) => void this.socket.once('close', () => resolve()))
    const lines = Object.entries({ Host: 'localhost', 'Content-Type': 'application/json', ...headers })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    this.socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`)
  }

  get status(): number | null {
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(this.answer) ?? []
    return status === undefined ? null : Number(status)
  }

  async answered(): Promise<number | null> {
    await until(() => this.status !== null || this.socket.destroyed)
    return this.status
  }
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** The sample room's DM, and a guest who is in no room. */
async function people(server: Server) {
  const anonymous = httpClient(server.url)
  const { sample } = await anonymous.auth.config.query()
  const master = await anonymous.auth.guest.mutate({ name: 'DM' })
  const guest = await anonymous.auth.guest.mutate({ name: 'Guest' })
  const dm = httpClient(server.url, master.token)
  await dm.rooms.join.mutate({ key: newKey(), code: sample?.ownerCode ?? '' })
  return { dm, token: master.token, guest: httpClient(server.url, guest.token), guestToken: guest.token }
}

const post = async (server: Server, path: string, body: string, token?: string) => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : bearer(token)) },
    body,
  })
  return { status: response.status, text: await response.text() }
}

describe('a request body', () => {
  let server: Server
  let port: number
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({ CALLS_PER_SECOND_PER_IP: '100000', CONNECTIONS_PER_SECOND_PER_IP: '10000' })
    port = server.port
    table = await people(server)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('that is too large for its route and caller is refused before it is read', async () => {
    const cases: [path: string, status: number, token?: string][] = [
      ['/trpc/auth.guest', 413],
      ['/trpc/auth.guest', 413, table.token],
      ['/trpc/campaign.say', 413, table.token],
      ['/trpc/campaign.import,campaign.list?batch=1', 413, table.token],
      ['/init_session', 413],
      ['/api/sectors', 413],
      ['/topics', 413],
      ['/api/tickets', 413],
      ['/nowhere', 413],
      ['/socket.io/?EIO=4&transport=polling&sid=none', 413],
      ['/trpc/campaign.import', 401],
      ['/trpc/campaign.previewImport', 401],
      ['/trpc/campaign.previewScenario', 401],
      ['/trpc/campaign.import', 401, 'not-a-token'],
      ['/trpc/campaign.import?batch=1', 403, table.guestToken],
      ['/trpc/campaign.importScenario', 403, table.guestToken],
      ['/trpc/campaign.previewImport', 403, table.guestToken],
      ['/trpc/campaign.previewScenario', 403, table.guestToken],
      ['/trpc/campaign.edit', 403, table.guestToken],
    ]
    for (const [path, status, token] of cases) {
      const length = /import|preview/.test(path) && status !== 413 ? 1.5 * MIB : path.includes('edit') ? MIB : 31 * MIB
      const request = new RawRequest(port, path, { 'Content-Length': length, ...(token ? bearer(token) : {}) })
      expect([path, token?.slice(0, 5), await request.answered()]).toEqual([path, token?.slice(0, 5), status])
      request.socket.destroy()
    }
    const tooMuch = new RawRequest(port, '/trpc/campaign.import', {
      'Content-Length': 33 * MIB,
      ...bearer(table.token),
    })
    expect(await tooMuch.answered()).toBe(413)
    expect(tooMuch.answer).toContain('at most 33,554,432 bytes')
    tooMuch.socket.destroy()
  })

  it('without a Content-Length is refused above the limit for small bodies', async () => {
    const request = new RawRequest(port, '/trpc/campaign.import', {
      'Transfer-Encoding': 'chunked',
      ...bearer(table.token),
    })
    const piece = `${(16_384).toString(16)}\r\n${' '.repeat(16_384)}\r\n`
    for (let sent = 0; request.status === null && sent < 64; sent++) {
      request.socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await request.answered()).toBe(413)
    request.socket.destroy()
  })

  it('that is too large is refused with MESSAGE_TOO_LARGE, also for a client that sends all of it', async () => {
    const { status, text } = await post(server, '/trpc/auth.guest', JSON.stringify({ name: 'x'.repeat(8 * MIB) }))
    expect([status, text]).toEqual([413, expect.stringContaining('MESSAGE_TOO_LARGE') as string])
  })

  it('of 31 MB without a token holds no memory, for a hundred unfinished requests', async () => {
    const before = await server.memory()
    const part = Buffer.alloc(4 * MIB, ' ')
    const requests = Array.from({ length: 100 }, () => {
      const request = new RawRequest(port, '/trpc/auth.guest', { 'Content-Length': 31 * MIB })
      request.socket.write(part)
      return request
    })
    for (const request of requests) expect(await request.answered()).toBe(413)
    // The server reads and discards the refused bytes, some of them after its answers.
    await until(async () => (await server.memory()).arrayBuffers - before.arrayBuffers < 16 * MIB)
    for (const { socket } of requests) socket.destroy()
  })

  it('with millions of keys keeps the thread for less than 100 ms', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, n) => `"a${n}":1`).join()
    await server.worstStall()
    expect(await post(server, '/trpc/auth.guest', `{${keys(2_500_000)}}`)).toMatchObject({ status: 413 })
    expect(await post(server, '/trpc/auth.guest', `{${keys(10_000)}}`)).toMatchObject({ status: 400 })
    for (const [path, around] of [
      ['/trpc/campaign.edit', (inside: string) => inside],
      ['/trpc/campaign.import', (inside: string) => inside],
      ['/trpc/campaign.import', (inside: string) => `{"roomId":"main","document":{"entries":[${inside}]}}`],
      ['/trpc/campaign.import', (inside: string) => `{"roomId":"main","document":{"state":${inside}}}`],
    ] as const) {
      const { status } = await post(
        server,
        path,
        around(`{${keys(path.endsWith('edit') ? 70_000 : 2_000_000)}}`),
        table.token,
      )
      expect([path, status]).toEqual([path, 400])
    }
    expect((await server.worstStall()).cpuMs).toBeLessThan(100)
  })
})

describe('request bodies in flight', () => {
  it('have a limit for each address and one for all, and free their share when their connections close', async () => {
    const metricsPort = await freePort()
    await using server = await openWatched({
      METRICS_PORT: String(metricsPort),
      TRUSTED_PROXIES: 'loopback',
      MAX_BODY_BYTES: '1000',
      MAX_BODY_BYTES_IN_FLIGHT_PER_IP: '3000',
      MAX_BODY_BYTES_IN_FLIGHT: '5000',
      MAX_IMPORT_BYTES: '1500',
    })
    const inFlight = () => bytesInFlight(metricsPort)
    const from = (address: string, headers: Record<string, string | number> = { 'Content-Length': 1_000 }) => {
      const request = new RawRequest(server.port, '/trpc/auth.guest', { 'X-Forwarded-For': address, ...headers })
      request.socket.write(headers['Content-Length'] === undefined ? '1\r\n{\r\n' : '{')
      return request
    }
    const refused = async (request: RawRequest) => {
      const status = await request.answered()
      expect(request.answer).toMatch(/retry-after: \d/i)
      request.socket.destroy()
      return status
    }
    const waiting = ['192.0.2.1', '192.0.2.1', '192.0.2.1'].map((address) => from(address))
    await until(async () => (await inFlight()) === 3_000)
    expect(await refused(from('192.0.2.1'))).toBe(429)
    // A body without a length counts as one of MAX_BODY_BYTES.
    waiting.push(from('192.0.2.2', { 'Transfer-Encoding': 'chunked' }), from('192.0.2.2'))
    await until(async () => (await inFlight()) === 5_000)
    expect(await refused(from('192.0.2.3'))).toBe(503)
    expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => null))
    for (const { socket } of waiting) socket.destroy()
    await until(async () => (await inFlight()) === 0)
    const answer = await fetch(`${server.url}/trpc/auth.guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1' },
      body: '{"name":"G"}',
    })
    expect(answer.status).toBe(200)
    await until(async () => (await inFlight()) === 0)
  })

  it('that arrive too slowly are ended on every kind of route, also where no route reads them', async () => {
    await using server = await openWatched({ BODY_TIMEOUT: '1' })
    const { guestToken } = await people(server)
    const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`).then((answer) => answer.text())
    const { sid } = JSON.parse(polling.slice(1)) as { sid: string }
    const slow = [
      new RawRequest(server.port, '/trpc/auth.guest', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/trpc/auth.guest', { 'Transfer-Encoding': 'chunked' }),
      new RawRequest(server.port, '/topics', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/nowhere', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/health', { 'Content-Length': 5_000 }, 'GET'),
      new RawRequest(server.port, '/trpc/campaign.import', { 'Content-Length': MIB, ...bearer(guestToken) }),
      new RawRequest(server.port, `/socket.io/?EIO=4&transport=polling&sid=${sid}`, { 'Content-Length': 5_000 }),
    ]
    const dripping = setInterval(() => {
      for (const { socket } of slow) socket.write(socket === slow[1]?.socket ? '1\r\n \r\n' : ' ')
    }, 100)
    await Promise.all(slow.map(({ closed }) => closed)).finally(() => clearInterval(dripping))
    expect(slow.map(({ status }) => status)).toEqual([408, 408, 408, 408, 200, 403, 408])
    expect(await bytesInFlight(server.port)).toBe(0)
  })
})

const bytesInFlight = async (port: number) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^tablecast_body_bytes_in_flight (\d+)$/m.exec(text)?.[1])
}

describe('JSON that is nested too deeply', () => {
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  let server: Server
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({ LOG_LEVEL: 'error' })
    table = await people(server)
  })
  afterAll(async () => {
    // The server logs none of these refusals as its own failure.
    expect(server.output()).not.toContain('call failed')
    await server[Symbol.asyncDispose]()
  })

  it('is refused with a reason over HTTP: in bodies, in batches, in addresses', async () => {
    const shallow = `${'['.repeat(3_000)}${']'.repeat(3_000)}`
    const message = `{"id":"550e8400-e29b-41d4-a716-446655440000","payload":${deep}}`
    const answers = [
      await post(server, '/trpc/topics.publish', `{"topic":"t","message":${message}}`, table.token),
      await post(server, '/trpc/auth.guest', deep),
      await post(server, '/trpc/auth.guest,auth.guest?batch=1', `{"0":{"name":"G"},"1":${deep}}`),
      await post(server, '/trpc/campaign.import', `{"roomId":"main","document":${deep}}`, table.token),
      await post(server, '/init_session', `{"session_id":${deep}}`),
      await post(server, '/topics', `{"name":${deep}}`),
      await post(server, '/api/sectors', deep),
      await post(server, '/api/discussions/disc-123/messages', `{"content":${deep}}`),
    ]
    for (const query of [`input=${shallow}`, `batch=1&input={"0":${shallow}}`, `connectionParams=${shallow}`]) {
      const response = await fetch(`${server.url}/trpc/market.board?${query}`)
      answers.push({ status: response.status, text: await response.text() })
    }
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400))
    for (const { text } of answers) {
      expect(text).toContain('nested too deeply')
      expect(text).toContain('BAD_REQUEST')
    }
  })

  it('is refused with a reason over tRPC’s WebSocket, under the id of its call', async () => {
    const socket = rawWebSocket(server.port, '/trpc')
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
    await until(() => text.includes('\r\n\r\n'))
    const call = (id: number, input: string) =>
      `{"id":${id},"method":"query","params":{"path":"auth.config","input":${input}}}`
    socket.write(clientFrame(call(7, deep)))
    socket.write(clientFrame(`[${call(8, '{}')},${call(9, deep)}]`))
    socket.write(clientFrame(call(10, 'null')))
    await until(() => text.includes('"id":10'))
    for (const id of [7, 8, 9])
      expect(text).toMatch(new RegExp(`"id":${id},"error":\\{"message":"[^"]*nested too deeply`))
    expect(text).not.toContain('INTERNAL')
    socket.destroy()
    const first = rawWebSocket(server.port, '/trpc?connectionParams=1')
    let received = ''
    first.on('data', (part: Buffer) => (received += part.toString('latin1')))
    await until(() => received.includes('\r\n\r\n'))
    first.write(clientFrame(`{"method":"connectionParams","data":${deep}}`))
    await once(first, 'close')
    expect(received).toContain('nested too deeply')
  })

  it('is refused with a reason on every plain socket, under its request_id', async () => {
    for (const path of ['/ws', '/ws/campaign/dm', '/ws/campaign/player', '/ws/stream', '/ws/arena/a']) {
      const socket = rawWebSocket(server.port, path)
      let text = ''
      socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
      await until(() => text.includes('\r\n\r\n'))
      socket.write(clientFrame(`{"type":"ping","request_id":"deep","more":${deep}}`))
      await until(() => text.includes('"request_id":"deep"'))
      expect([path, text]).toEqual([path, expect.stringContaining('nested too deeply') as string])
      socket.destroy()
    }
  })

  it.each(['websocket', 'polling'])('is refused with a reason over Socket.IO, by %s', async (transport) => {
    const client = io(server.url, { transports: [transport], forceNew: true })
    const errors: unknown[] = []
    client.on('error', (error: unknown) => void errors.push(error))
    try {
      await once(client as never, 'connect')
      const deeper = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
      const answer: unknown = await client.timeout(30_000).emitWithAck('subscribe:sector', { raw: 1, more: 2 })
      expect(answer).toMatchObject({ status: 'error', error: { code: 'BAD_REQUEST' } })
      // The client's encoder is recursive and would overflow, so the test writes the packet as text.
      client.io.engine.write(`2["subscribe:sector",${deeper}]`)
      await until(() => errors.length > 0)
      expect(errors).toEqual([expect.objectContaining({ code: 'BAD_REQUEST' })])
      const alive: unknown = await client.timeout(30_000).emitWithAck('subscribe:sector', 'tech-001')
      expect(alive).toMatchObject({ status: 'ok' })
    } finally {
      client.disconnect()
    }
  })
})

describe('an import of a campaign of 30 MB', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const entry = (n: number) => ({
    id: `entry-${n}-of-a-story-that-went-on-for-two-years`,
    at,
    kind: 'narration',
    author: { id: 'dm', name: 'The DM', role: 'dm' },
    text: 'The bell tolls in the drowned crypt, and something answers.',
    rolls: n % 4 ? [] : [{ notation: '1d20+5', output: '1d20+5: [7]+5 = 12', total: 12, label: 'attack' }],
    audience: 'all',
    withdrawn: false,
  })
  const entries = Array.from({ length: 110_000 }, (_, n) => JSON.stringify(entry(n)))
  const bodyOf = (key: string, all: readonly string[]) =>
    `{"roomId":"main","key":"${key}","document":{"format":"tablecast-campaign","formatVersion":1,"exportedAt":"${at}","name":"Two years","state":${JSON.stringify(emptyState)},"entries":[${all.join()}]}}`
  let server: Server
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({
      MAX_IMPORT_BYTES: String(48 * MIB),
      MAX_BODY_BYTES_IN_FLIGHT_PER_IP: String(128 * MIB),
    })
    table = await people(server)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const send = async (body: string) => {
    const { status, text } = await post(server, '/trpc/campaign.import', body, table.token)
    const answer = JSON.parse(text) as { result?: { data: { id: string } }; error?: { message: string } }
    return { status, id: answer.result?.data.id, message: answer.error?.message }
  }
  const campaigns = async () => (await table.dm.campaign.list.query({ roomId })).campaigns

  it('runs beside other calls, happens once for its key, and keeps the order of entries', async () => {
    const bystander = httpClient(server.url, table.guestToken)
    const { room } = await bystander.rooms.create.mutate({ key: newKey(), name: 'Beside' })
    const beside = await bystander.campaign.create.mutate({ roomId: room.id, key: newKey(), name: 'B' })
    await bystander.campaign.activate.mutate({ roomId: room.id, key: newKey(), campaignId: beside.id })
    const before = await campaigns()
    const key = newKey()
    const body = bodyOf(key, entries)
    expect(body.length).toBeGreaterThan(30 * MIB)
    let isOver = false
    let said = 0
    const saying = (async () => {
      for (; !isOver; said++) {
        await bystander.campaign.say.mutate({ roomId: room.id, key: newKey(), message: 'hi' })
        await sleep(MESSAGE_INTERVAL_MS)
      }
    })()
    await server.worstStall()
    const imported = await send(body)
    const { cpuMs } = await server.worstStall()
    isOver = true
    await saying
    expect(imported.status).toBe(200)
    expect(cpuMs).toBeLessThan(100)
    expect(said).toBeGreaterThan(20)
    // Repeats with the same key, also at the same time, get the same answer and import nothing.
    expect(await send(body)).toEqual(imported)
    const twice = bodyOf(newKey(), entries.slice(0, 2_000))
    const [first, second] = await Promise.all([send(twice), send(twice)])
    expect(first).toEqual(second)
    expect(new Set((await campaigns()).map(({ id }) => id))).toEqual(
      new Set([...before.map(({ id }) => id), imported.id, first.id]),
    )
    expect(await campaigns()).toHaveLength(before.length + 2)
    const campaignId = imported.id ?? ''
    const page = await table.dm.campaign.history.query({ roomId, campaignId, limit: 100 })
    expect(page.entries).toEqual(entries.slice(-100).map((text) => JSON.parse(text) as unknown))
    const exported = await table.dm.campaign.export.query({ roomId, campaignId, format: 'json' })
    expect((JSON.parse(exported.text) as { entries: unknown[] }).entries).toHaveLength(entries.length)
  })

  it('with an invalid entry is refused with a reason and stores nothing', async () => {
    const before = await campaigns()
    const some = entries.slice(0, 3_000)
    const refused = async (all: readonly string[]) => send(bodyOf(newKey(), all))
    expect(await refused([...some, '{"id":"x"}'])).toMatchObject({
      status: 422,
      message: 'Entry 3,001 of the story is damaged, or was changed by hand. Export the campaign again.',
    })
    expect(await refused([...some, some[7] ?? ''])).toMatchObject({
      status: 422,
      message: 'The file holds the same item twice. Export the campaign again.',
    })
    expect(await refused([...some, ''])).toMatchObject({ status: 400 })
    expect(await refused([...some, '{]'])).toMatchObject({ status: 400 })
    expect(await refused([...some, JSON.stringify({ ...entry(-1), text: 'x'.repeat(300_000) })])).toMatchObject({
      status: 400,
      message: expect.stringContaining('too long') as string,
    })
    expect(
      await refused(Array.from({ length: 200_001 }, (_, n) => JSON.stringify({ ...entry(n), text: '' }))),
    ).toMatchObject({
      status: 422,
      message: expect.stringContaining('200,000') as string,
    })
    expect(await send(bodyOf(newKey(), some).replace('"formatVersion":1', '"formatVersion":2'))).toMatchObject({
      status: 400,
    })
    expect(await campaigns()).toEqual(before)
  })
})
