// The protocol of tRPC's WebSocket adapter, frame by frame, with a small router. The stages' tests use the stock client.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { errorKinds, TablecastError } from '@tablecast/contracts'
import { Channel } from '@tablecast/hub'
import { initTRPC } from '@trpc/server'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { until } from '../testing/testbed.ts'
import { Arrivals } from './arrivals.ts'
import { CallsInFlight } from './calls-in-flight.ts'
import { KeepAlive } from './keep-alive.ts'
import { ChannelStream } from './stream.ts'
import { tcpSocketOf } from './tcp-socket.ts'
import { askToReconnect, TrpcSockets } from './trpc-socket.ts'

type Answer = {
  id?: unknown
  jsonrpc?: string
  result?: { type?: string; id?: string; data?: unknown }
  error?: unknown
}

/** `held`, `waiting` and `late` answer once the test resolves `gate`. */
async function start(arrivals = new Arrivals(100)) {
  const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy: { kind: 'disconnect' } })
  const gate = Promise.withResolvers<void>()
  const held: string[] = []
  const inputs: unknown[] = []
  const streams: ChannelStream<unknown>[] = []
  const begun: string[] = []
  const aborted: string[] = []
  const requests: WeakRef<IncomingMessage>[] = []
  const t = initTRPC.context<{ name: string }>().create()
  const follow = (open: () => Promise<void>) => {
    const stream = new ChannelStream<unknown>({
      async open(scope) {
        held.push('taken')
        scope.hold(() => void held.push('released'))
        await open()
        return { channel, after: channel.head, isTracked: true, maxBufferedBytes: 1 << 20 }
      },
    })
    streams.push(stream)
    return stream
  }
  const router = t.router({
    name: t.procedure.query(({ ctx }) => ctx.name),
    echo: t.procedure.input(z.unknown()).query(({ input }) => input),
    held: t.procedure.query(async ({ signal }) => {
      signal?.addEventListener('abort', () => aborted.push('held'))
      begun.push('held')
      await gate.promise
      return 'late'
    }),
    broken: t.procedure.mutation(() => {
      throw new Error('secret')
    }),
    events: t.procedure.input(z.unknown()).subscription(({ input }) => {
      inputs.push(input)
      return follow(() => Promise.resolve())
    }),
    waiting: t.procedure.subscription(() => follow(() => gate.promise)),
    late: t.procedure.subscription(async () => {
      await gate.promise
      return follow(() => Promise.resolve())
    }),
    refused: t.procedure.subscription(() =>
      follow(() => Promise.reject(new TablecastError('NOT_A_MEMBER', 'not yours'))),
    ),
    list: t.procedure.subscription(async function* () {
      yield await Promise.resolve(1)
    }),
  })
  const keepAlive = new KeepAlive({ periodMs: 60_000 })
  const calls = new CallsInFlight()
  const sockets = new TrpcSockets({
    router,
    maxFrameBytes: 65_536,
    callsPerSecond: 1_000,
    keepAlive,
    calls,
    arrivals,
    createContext({ request, params }) {
      requests.push(new WeakRef(request))
      return params?.['token'] === 'bad'
        ? Promise.reject(new TablecastError('UNAUTHORIZED', 'not a token'))
        : Promise.resolve({ ids: {}, name: params?.['token'] ?? 'nobody' })
    },
  })
  const http = createServer().on('upgrade', (request, socket, head) => sockets.accept(request, socket, head))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')

  const connect = async (query = '') => {
    const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/trpc${query}`)
    const texts: string[] = []
    socket.on('message', (data: Buffer) => void texts.push(data.toString()))
    await once(socket, 'open')
    return {
      socket,
      texts,
      answers: () => texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Answer),
      ask: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    }
  }
  return {
    connect,
    askToReconnect() {
      for (const client of sockets.clients) askToReconnect(client)
    },
    firstClient(): WebSocket {
      const [client] = sockets.clients
      if (!client) throw new Error('the server has no client')
      return client
    },
    calls,
    channel,
    gate,
    held,
    inputs,
    begun,
    aborted,
    requests,
    streams,
    async [Symbol.asyncDispose]() {
      keepAlive[Symbol.dispose]()
      for (const client of sockets.clients) client.terminate()
      http.close()
      await once(http, 'close')
    },
  }
}

const query = (id: unknown, path: string, input?: unknown) => ({ id, method: 'query', params: { path, input } })
const subscribe = (id: unknown, path: string, params: object = {}) => ({
  id,
  method: 'subscription',
  params: { path, ...params },
})
const codeOf = ({ error }: Answer) => (error as { data: { code: string } }).data.code

describe('tRPC over a WebSocket', () => {
  it('answers single calls and batches with the caller whom the connection parameters name', async () => {
    await using server = await start()
    const plain = await server.connect()
    plain.ask({ ...query(1, 'name'), jsonrpc: '2.0' })
    plain.ask([query('a', 'echo', { x: 1 }), query('b', 'name')])
    await until(() => plain.answers().length === 3)
    // Each call is answered when it is done, so the order may differ.
    expect(plain.answers().toSorted((a, b) => String(a.id).localeCompare(String(b.id)))).toEqual([
      { id: 1, jsonrpc: '2.0', result: { type: 'data', data: 'nobody' } },
      { id: 'a', result: { type: 'data', data: { x: 1 } } },
      { id: 'b', result: { type: 'data', data: 'nobody' } },
    ])
    const known = await server.connect('?connectionParams=1')
    known.ask({ method: 'connectionParams', data: { token: 'Pat' } })
    known.ask(query(1, 'name'))
    await until(() => known.answers().length === 1)
    expect(known.answers()[0]?.result?.data).toBe('Pat')
  })

  it('lets go of the request and its headers while the connection is open', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    await using server = await start()
    const client = await server.connect('?connectionParams=1')
    client.ask({ method: 'connectionParams', data: {} })
    client.ask(subscribe(1, 'events'))
    await until(() => client.answers().length === 1)
    await until(() => {
      collectGarbage()
      return server.requests.length === 1 && server.requests[0]?.deref() === undefined
    })
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('answers PING with PONG, and sends the reconnect notice', async () => {
    await using server = await start()
    const client = await server.connect()
    client.ask('PONG')
    client.ask('PING')
    await until(() => client.texts.length === 1)
    server.askToReconnect()
    await until(() => client.texts.length === 2)
    expect(client.texts).toEqual(['PONG', '{"id":null,"method":"reconnect"}'])
  })

  it('refuses frames that it can not read, and goes on with the next frame', async () => {
    await using server = await start()
    const client = await server.connect()
    const wrong = [
      '{',
      '[]x',
      '7',
      { id: 1 },
      { id: {}, method: 'query', params: { path: 'name' } },
      query(null, 'name'),
    ]
    for (const message of wrong) client.ask(message)
    client.socket.send(Buffer.from(JSON.stringify(query(1, 'name'))), { binary: true })
    await until(() => client.answers().length === 7)
    expect(client.answers().map((answer) => [answer.id, codeOf(answer)])).toEqual(
      Array.from({ length: 7 }, () => [null, 'PARSE_ERROR']),
    )
    client.ask(query(2, 'nothing.here'))
    client.ask({ id: 3, method: 'mutation', params: { path: 'broken' } })
    client.ask(subscribe(4, 'list'))
    client.ask(Array.from({ length: 101 }, (_, id) => query(100 + id, 'name')))
    await until(() => client.answers().length === 7 + 3 + 101)
    const answers = new Map(client.answers().map((answer) => [answer.id, answer]))
    expect([2, 3, 4, 100, 200].map((id) => codeOf(answers.get(id) ?? {}))).toEqual([
      'NOT_FOUND',
      'INTERNAL_SERVER_ERROR',
      'INTERNAL_SERVER_ERROR',
      'BAD_REQUEST',
      'BAD_REQUEST',
    ])
    client.ask(query(5, 'name'))
    await until(() => client.answers().some(({ id }) => id === 5))
  })

  it('sends one error and closes when the connection parameters are wrong, or another frame comes first', async () => {
    await using server = await start()
    for (const first of [{ method: 'connectionParams', data: { token: 'bad' } }, '{', { data: { token: 7 } }]) {
      const client = await server.connect('?connectionParams=1')
      client.ask(first)
      await once(client.socket, 'close')
      expect(client.answers()).toHaveLength(1)
      expect(client.answers()[0]).toMatchObject({ id: null, error: {} })
    }
  })

  it('sends a stream as started, tracked events in order and stopped, and frees its id', async () => {
    await using server = await start()
    const client = await server.connect()
    client.ask(subscribe(1, 'events', { input: { a: 1 }, lastEventId: 'e:7' }))
    client.ask(subscribe('word', 'events', { lastEventId: 'e:7' }))
    await until(() => server.channel.size === 2)
    expect(server.inputs).toEqual([{ a: 1, lastEventId: 'e:7' }, { lastEventId: 'e:7' }])
    server.channel.publish({ seq: 1, text: '"one"' })
    server.channel.publish({ seq: 2, text: '"two"' })
    await until(() => client.answers().length === 6)
    const of = (wanted: unknown) => client.answers().filter(({ id }) => id === wanted)
    for (const id of [1, 'word'])
      expect(of(id)).toEqual([
        { id, result: { type: 'started' } },
        { id, result: { type: 'data', id: 'e:1', data: { id: 'e:1', data: 'one' } } },
        { id, result: { type: 'data', id: 'e:2', data: { id: 'e:2', data: 'two' } } },
      ])
    client.ask(subscribe(1, 'events'))
    await until(() => of(1).length === 4)
    expect(codeOf(of(1)[3] ?? {})).toBe('BAD_REQUEST')
    client.ask({ id: 1, method: 'subscription.stop' })
    await until(() => of(1).length === 5)
    expect(of(1)[4]).toEqual({ id: 1, result: { type: 'stopped' } })
    expect(server.channel.size).toBe(1)
    client.ask(subscribe(1, 'events'))
    await until(() => server.channel.size === 2)
    expect(server.held).toEqual(['taken', 'taken', 'released', 'taken'])
  })

  it('answers the streams that one message starts with one write', async () => {
    await using server = await start()
    const client = await server.connect()
    const tcp = tcpSocketOf(server.firstClient())
    if (!tcp) throw new Error('the client has no socket')
    const [writes, gathered] = [vi.spyOn(tcp, '_write'), vi.spyOn(tcp, '_writev')]
    client.ask([1, 2, 3, 4].map((id) => subscribe(id, 'events')))
    await until(() => client.answers().length === 4)
    expect([writes.mock.calls.length, gathered.mock.calls.length]).toEqual([0, 1])
  })

  it('runs every cleanup and aborts every call when the socket closes, also of streams that have not begun', async () => {
    await using server = await start()
    const client = await server.connect()
    client.ask(subscribe(1, 'events'))
    client.ask(subscribe(2, 'waiting'))
    client.ask(subscribe(3, 'late'))
    client.ask(query(4, 'held'))
    // The query is the last frame. A socket that closes before the server reads it has no call to abort.
    await until(() => server.held.length === 2 && server.begun.length === 1)
    client.socket.terminate()
    await until(() => server.aborted.length === 1)
    await until(() => server.channel.size === 0 && server.held.filter((step) => step === 'released').length === 2)
    server.gate.resolve()
    // The procedure of the late stream returns after the connection closed, so the stream never begins.
    await until(() => server.streams.length === 3)
    expect(server.held).toHaveLength(4)
    expect(server.channel.size).toBe(0)
  })

  it('ends the calls of a client that leaves before its turn', async () => {
    // Nobody gets a turn.
    const arrivals = new Arrivals(0)
    await using server = await start(arrivals)
    const client = await server.connect()
    const socket = server.firstClient()
    const isIdle = () => Promise.race([server.calls.idle(socket).then(() => true), setImmediate(false)])
    client.ask([query(1, 'name'), subscribe(2, 'events')])
    await until(async () => !(await isIdle()))
    expect(arrivals.waiting).toBe(1)
    client.socket.terminate()
    await until(isIdle)
    expect(arrivals.waiting).toBe(0)
    expect(server.requests).toEqual([])
  })

  it('stops a stream that has not begun', async () => {
    await using server = await start()
    const client = await server.connect()
    client.ask([subscribe(1, 'waiting'), subscribe(2, 'late')])
    await until(() => server.held.length === 1)
    client.ask([
      { id: 1, method: 'subscription.stop' },
      { id: 2, method: 'subscription.stop' },
    ])
    await until(() => client.answers().some(({ id, result }) => id === 1 && result?.type === 'stopped'))
    server.gate.resolve()
    await until(() => client.answers().some(({ id, result }) => id === 2 && result?.type === 'stopped'))
    expect(server.channel.size).toBe(0)
    expect(server.held).toEqual(['taken', 'released'])
  })

  it('sends the error of a stream that could not begin, and of one that ended, which also ends the connection', async () => {
    await using server = await start()
    const client = await server.connect()
    client.ask(subscribe(1, 'refused'))
    await until(() => client.answers().length === 2)
    expect(codeOf(client.answers()[1] ?? {})).toBe('FORBIDDEN')
    expect(server.held).toEqual(['taken', 'released'])
    client.ask(subscribe(2, 'events'))
    await until(() => server.channel.size === 1)
    server.streams[1]?.end(new TablecastError('NOT_A_MEMBER', 'no member any more'))
    expect(server.channel.size).toBe(0)
    const [code] = (await once(client.socket, 'close')) as [number]
    expect(code).toBe(errorKinds.NOT_A_MEMBER.close)
    expect(client.answers().at(-1)).toMatchObject({ id: 2, error: { message: 'no member any more' } })
  })
})
