import { MemoryBus } from '@tablecast/bus'
import { arenaSubject } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { post, type ReceivedMessage, spectate, wholeGame } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

let names = 0
const fresh = () => `game-${++names}`
const quick = { ARENA_PACE_MS: '0' }

async function spectateOverTrpc(testbed: Testbed, sessionId: string, lastEventId: string | null = null) {
  const client = await (await testbed.signIn('watcher')).socket()
  const seen: ReceivedMessage[] = []
  const ids: string[] = []
  const subscription = client.trpc.arena.events.subscribe(
    { sessionId, lastEventId },
    {
      onData: ({ id, data: { subject, data } }) => {
        ids.push(id)
        seen.push({ subject, data })
      },
    },
  )
  return {
    seen,
    ids,
    async [Symbol.asyncDispose]() {
      subscription.unsubscribe()
      await client.close()
    },
  }
}

describe('the arena relay', () => {
  let testbed: Testbed
  const bus = new MemoryBus()
  beforeAll(async () => {
    testbed = await openTestbed({ ...quick, ARENA_ENGINE: 'off' }, { bus })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const payload = fc.oneof(
    fc.json({ maxDepth: 3 }).map((text) => ({ text, value: JSON.parse(text) as unknown })),
    fc
      .string()
      .filter((text) => {
        try {
          JSON.parse(text)
          return false
        } catch {
          return true
        }
      })
      .map((text) => ({ text, value: text })),
  )
  const suffix = fc.constantFrom('round.start', 'phase.start', 'event.death', 'agent.a-1.output', 'never.heard.of', 'x')
  const messages = fc.array(fc.tuple(fc.constantFrom(0, 1), suffix, payload), { minLength: 1, maxLength: 40 })

  it('each spectator gets exactly the messages of its game, in order, at whatever moment it connects', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.nat(), async (sent, cut) => {
        const sessions = [fresh(), fresh()] as const
        const expected = (which: number) =>
          sent.flatMap(([to, subject, { value }]) => (to === which ? [{ subject, data: value }] : []))
        await using early = await spectate(testbed.wsUrl, sessions[0])
        await using typed = await spectateOverTrpc(testbed, sessions[0])
        await using other = await spectate(testbed.wsUrl, sessions[1])
        const publish = ([to, subject, { text }]: (typeof sent)[number]) =>
          bus.publish(arenaSubject(sessions[to] ?? '', subject), text)
        const middle = cut % sent.length
        for (const message of sent.slice(0, middle)) publish(message)
        await using late = await spectate(testbed.wsUrl, sessions[0])
        for (const message of sent.slice(middle)) publish(message)
        // Spectators get neither the news of game masters nor messages that belong to no game.
        bus.publish(arenaSubject(sessions[0], 'input.fakenews'), 'unheard')
        bus.publish('arena.init', '{"session_id":"unheard"}')
        bus.publish('arena.wrong id.x'.replace(' ', '$'), '1')
        for (const [client, which] of [
          [early, 0],
          [typed, 0],
          [late, 0],
          [other, 1],
        ] as const) {
          await until(() => client.seen.length >= expected(which).length)
          expect(client.seen).toEqual(expected(which))
        }
        // A client that reconnects with its position gets the events that it missed, each once.
        const position = typed.ids[middle % Math.max(1, typed.ids.length)]
        if (position !== undefined) {
          const missed = expected(0).slice(typed.ids.indexOf(position) + 1)
          await using back = await spectateOverTrpc(testbed, sessions[0], position)
          await until(() => back.seen.length >= missed.length)
          expect(back.seen).toEqual(missed)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('a spectator gets each payload byte for byte, also one of 1 MiB', async () => {
    const session = fresh()
    await using client = await spectate(testbed.wsUrl, session)
    const text = '{ "big": 12345678901234567890,\n "exp": 1e400 }'
    const large = JSON.stringify('x'.repeat(1_048_574))
    bus.publish(arenaSubject(session, 'odd'), text)
    bus.publish(arenaSubject(session, 'large'), large)
    await client.until('large')
    expect(client.frames).toEqual([`{"subject":"odd","data":${text}}`, `{"subject":"large","data":${large}}`])
  })

  it('a made-up session id stores no game, and the connection of a spectator that left is released', async () => {
    const before = await testbed.anonymous.ops.health.query()
    {
      await using _lost = await spectate(testbed.wsUrl, 'nobody-starts-this')
      await expect(testbed.anonymous.arena.session.query({ sessionId: 'nobody-starts-this' })).rejects.toMatchObject({
        data: { tablecast: { code: 'SESSION_NOT_FOUND' } },
      })
    }
    await until(async () => (await testbed.anonymous.ops.health.query()).connections <= before.connections)
  })

  it.each(['>', '*', 'a.b', 'a/b', '-a', '', 'x'.repeat(65), '%00'])(
    'the socket refuses the session id %j before the handshake',
    async (id) => {
      const refused = await new Promise<number>((resolve) => {
        const socket = new WebSocket(`${testbed.wsUrl}/ws/arena/${encodeURIComponent(id)}`)
        socket.on('error', () => {})
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
        socket.on('open', () => resolve(101))
      })
      expect(refused).toBe(422)
    },
  )

  it('a frame from a spectator gets an error, a ping gets its pong, and the socket stays open', async () => {
    const session = fresh()
    await using client = await spectate(testbed.wsUrl, session)
    client.socket.send('{"type":"subscribe"}')
    client.socket.send('no json')
    client.socket.send('{"type":"ping","request_id":"7"}')
    await until(() => client.seen.length === 3)
    expect(client.seen).toMatchObject([
      { type: 'error', error: { code: 'BAD_REQUEST' } },
      { type: 'error', error: { code: 'BAD_REQUEST' } },
      { type: 'pong', request_id: '7' },
    ])
  })
})

describe('the arena over REST', () => {
  let testbed: Testbed
  beforeAll(async () => {
    testbed = await openTestbed(quick)
    await post(testbed.url, '/init_session', { session_id: 'rest' })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it.each([
    ['/init_session', '{', 400, 'BAD_REQUEST'],
    ['/init_session', {}, 422, 'VALIDATION_FAILED'],
    ['/init_session', { session_id: 'a.>' }, 422, 'VALIDATION_FAILED'],
    ['/init_session', { session_id: 7 }, 422, 'VALIDATION_FAILED'],
    ['/init_session', { session_id: 'ok', rounds: 0 }, 422, 'VALIDATION_FAILED'],
    ['/init_session', { session_id: 'rest' }, 409, 'SESSION_EXISTS'],
    ['/submit_news', { session_id: 'unknown', content: 'x' }, 404, 'SESSION_NOT_FOUND'],
    ['/submit_news', { session_id: 'rest', content: ' \n' }, 422, 'VALIDATION_FAILED'],
    ['/submit_news', { session_id: 'rest', content: 'x'.repeat(4_001) }, 422, 'VALIDATION_FAILED'],
    ['/submit_news', { session_id: 'rest' }, 422, 'VALIDATION_FAILED'],
    ['/arena/rest/fakenews', { content: '' }, 422, 'VALIDATION_FAILED'],
    ['/arena/un.known/fakenews', { content: 'x' }, 422, 'VALIDATION_FAILED'],
    ['/arena/unknown/fakenews', { content: 'x' }, 404, 'SESSION_NOT_FOUND'],
  ])('%s with %j answers %i %s', async (path, body, status, code) => {
    const answer = await post(testbed.url, path, body)
    expect([answer.status, answer.body]).toEqual([
      status,
      { error: { code, message: expect.any(String), ...(status === 422 ? { issues: expect.any(Array) } : {}) } },
    ])
  })

  it('a whole game follows the rules, and shows as ended afterwards', async () => {
    const session = fresh()
    await using early = await spectate(testbed.wsUrl, session)
    expect(await post(testbed.url, '/init_session', { session_id: session, seed: 5, rounds: 3 })).toMatchObject({
      status: 200,
      body: { status: 'ok', session_id: session },
    })
    const news = ['5G towers cause COVID', 'Birds are government drones', '“Quoted”\nand\tmore']
    await post(testbed.url, '/submit_news', { session_id: session, content: news[0] })
    await post(testbed.url, `/arena/${session}/fakenews`, { content: news[1] })
    await early.until('event.death', 2)
    const { sessions } = await testbed.anonymous.arena.sessions.query()
    expect(sessions.find(({ id }) => id === session)).toMatchObject({
      status: 'running',
      round: 2,
      waiting: true,
      mine: true,
    })
    await using late = await spectate(testbed.wsUrl, session)
    await post(testbed.url, '/submit_news', { session_id: session, content: `  ${news[2]}  ` })
    for (const spectator of [early, late]) {
      await spectator.until('event.end')
      expect(spectator.seen).toEqual(wholeGame({ seed: 5, rounds: 3, agents: 6 }, news))
    }
    expect(await testbed.anonymous.arena.session.query({ sessionId: session })).toMatchObject({
      status: 'ended',
      round: 3,
    })
    expect(await post(testbed.url, '/submit_news', { session_id: session, content: 'more' })).toMatchObject({
      status: 409,
      body: { error: { code: 'SESSION_ENDED' } },
    })

    // The same id again is a new game. A spectator that stayed gets its events too; a new spectator gets only those.
    const seenBefore = early.seen.length
    await post(testbed.url, '/init_session', { session_id: session, seed: 6, rounds: 1 })
    await post(testbed.url, '/submit_news', { session_id: session, content: 'again' })
    await early.until('event.end', 2)
    const again = wholeGame({ seed: 6, rounds: 1, agents: 6 }, ['again'])
    expect(early.seen.slice(seenBefore)).toEqual(again)
    await using later = await spectate(testbed.wsUrl, session)
    await later.until('event.end')
    expect(later.seen).toEqual(again)
  })

  it('the endpoints of the arena are in the OpenAPI document', async () => {
    expect((await fetch(`${testbed.url}/docs`)).status).toBe(200)
    const { paths } = (await (await fetch(`${testbed.url}/docs/json`)).json()) as { paths: object }
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/init_session', '/submit_news', '/arena/{sid}/fakenews']),
    )
  })

  it('the recording of a finished game has all its events, in the order of their times', async () => {
    const session = fresh()
    await using spectator = await spectate(testbed.wsUrl, session)
    await post(testbed.url, '/init_session', { session_id: session, rounds: 1 })
    await post(testbed.url, '/submit_news', { session_id: session, content: 'x' })
    await spectator.until('event.end')
    const { events, more, cursor } = await testbed.anonymous.arena.since.query({ sessionId: session })
    expect(events.map(({ subject, data }) => ({ subject, data }))).toEqual(spectator.seen)
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted())
    expect(more).toBe(false)
    expect((await testbed.anonymous.arena.since.query({ sessionId: session, cursor })).events).toEqual([])
  })
})

describe('access to the arena', () => {
  it('COMPAT_AUTH=token demands a token, and COMPAT_AUTH=off removes the endpoints', async () => {
    await using testbed = await openTestbed({ ...quick, COMPAT_AUTH: 'token' })
    const body = { session_id: 'mine' }
    expect((await post(testbed.url, '/init_session', body)).status).toBe(401)
    expect((await post(testbed.url, '/init_session', body, { authorization: 'Bearer forged' })).status).toBe(401)
    const master = await testbed.signIn('master')
    const authorization = `Bearer ${master.session.token}`
    expect((await post(testbed.url, '/init_session', body, { authorization })).status).toBe(200)
    const other = `Bearer ${(await testbed.signIn('other')).session.token}`
    const news = { session_id: 'mine', content: 'x' }
    expect(await post(testbed.url, '/submit_news', news, { authorization: other })).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN' } },
    })
    expect((await post(testbed.url, '/submit_news', news, { authorization })).status).toBe(200)
    await using refused = await spectate(testbed.wsUrl, 'mine')
    await until(() => refused.socket.readyState === refused.socket.CLOSED)
    expect(refused.seen).toMatchObject([{ type: 'error', error: { code: 'UNAUTHORIZED' } }])
    await using admitted = await spectate(testbed.wsUrl, `mine?token=${master.session.token}`)
    await admitted.until('input.waiting')

    await using closed = await openTestbed({ COMPAT_AUTH: 'off' })
    expect((await post(closed.url, '/init_session', body)).status).toBe(404)
  })

  it('a repeat with the same key starts and feeds a game once, and only its own game master may feed it', async () => {
    await using testbed = await openTestbed(quick)
    const master = await testbed.signIn('master')
    const other = await testbed.signIn('other')
    const session = fresh()
    await using spectator = await spectate(testbed.wsUrl, session)
    const start = { key: newKey(), sessionId: session, rounds: 2 }
    await master.http.arena.start.mutate(start)
    await master.http.arena.start.mutate(start)
    await expect(master.http.arena.start.mutate({ ...start, key: newKey() })).rejects.toMatchObject({
      data: { tablecast: { code: 'SESSION_EXISTS' } },
    })
    const news = { key: newKey(), sessionId: session, content: 'once' }
    await expect(other.http.arena.submitNews.mutate(news)).rejects.toMatchObject({
      data: { tablecast: { code: 'FORBIDDEN' } },
    })
    await master.http.arena.submitNews.mutate(news)
    await master.http.arena.submitNews.mutate(news)
    await spectator.until('input.waiting', 3)
    expect(await testbed.anonymous.arena.session.query({ sessionId: session })).toMatchObject({
      round: 1,
      waiting: true,
      mine: false,
    })
    expect(spectator.seen.filter(({ subject }) => subject === 'round.start')).toHaveLength(1)
  })

  it('a start beyond ARENA_MAX_SESSIONS running games answers 429', async () => {
    await using testbed = await openTestbed({ ...quick, ARENA_MAX_SESSIONS: '2' })
    const start = (id: string) => post(testbed.url, '/init_session', { session_id: id })
    expect([(await start('a')).status, (await start('b')).status]).toEqual([200, 200])
    const refused = await start('c')
    expect([refused.status, refused.retryAfter]).toEqual([429, '1'])
  })
})

describe('a game of the arena', () => {
  it('continues after a restart of the server, with the news that waited', async () => {
    const news = ['first', 'second', 'third']
    await using first = await openTestbed({ ...quick, ARENA_PACE_MS: '5' })
    await post(first.url, '/init_session', { session_id: 'long', seed: 9, rounds: 3 })
    for (const content of news) await post(first.url, '/submit_news', { session_id: 'long', content })
    {
      await using before = await spectate(first.wsUrl, 'long')
      await before.until('round.start', 2)
      await until(() => before.seen.length > 60)
    }
    await first.server.drain()
    await using second = await openTestbed({ ...quick, DATA_DIR: first.folder })
    await using after = await spectate(second.wsUrl, 'long')
    await after.until('event.end')
    expect(after.seen).toEqual(wholeGame({ seed: 9, rounds: 3, agents: 6 }, news))
  })
})
