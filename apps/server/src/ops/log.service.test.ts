import { once } from 'node:events'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { rest } from '../testing/rest.ts'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'
import { CallScope } from '../transport/call-scope.ts'
import { createLog } from './log.ts'

type Line = Record<string, unknown> & { level: number; msg: string }

/** A database that fails while `isBroken` is true. */
class Breakable {
  isBroken = false
  readsFail = false
  readonly store: Store

  constructor(store: Store) {
    const fail = () => Promise.reject(new Error('the disk burns, said Bearer planted-bearer-in-a-message'))
    this.store = {
      kind: store.kind,
      read: (work) => (this.readsFail ? fail() : store.read(work)),
      write: (work) => (this.isBroken ? fail() : store.write(work)),
      ping: () => store.ping(),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }
  }
}

describe('The log', () => {
  let text = ''
  let breakable: Breakable
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: TestUser
  const lines = () =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
  const failures = () => lines().filter(({ level }) => level >= 50)

  beforeAll(async () => {
    breakable = new Breakable(await openStore({ dataDir: ':memory:' }))
    const logTo = { write: (line: string) => void (text += line) }
    testbed = await openTestbed({ LOG_LEVEL: 'trace', COMPAT_AUTH: 'token' }, { store: breakable.store, logTo })
    dm = await testbed.join('DM', 'owner')
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await breakable.store[Symbol.asyncDispose]()
  })

  /** The error lines that were logged while `work` ran on a broken database. */
  async function failuresDuring(work: () => Promise<unknown>, count = 1): Promise<Line[]> {
    const before = failures().length
    breakable.isBroken = true
    try {
      await work()
      await until(() => failures().length >= before + count)
    } finally {
      breakable.isBroken = false
    }
    return failures().slice(before)
  }

  const say = () => ({ roomId: 'main', key: newKey(), message: 'planted-message' })

  it('shows a call that failed by the server’s fault once, with its request and room', async () => {
    let requestId: string | null = null
    const failed = await failuresDuring(async () => {
      const response = await fetch(`${testbed.url}/trpc/campaign.say`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${dm.session.token}` },
        body: JSON.stringify(say()),
      })
      requestId = response.headers.get('x-request-id')
      expect(response.status).toBe(500)
    })
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(failed).toEqual([expect.objectContaining({ call: 'campaign.say', requestId, roomId: 'main' })])
    expect(JSON.stringify(failed)).toContain('the disk burns')
    // Every line of the call names the request.
    const called = lines().find((line) => line['requestId'] === requestId && line.msg === 'call')
    expect(called).toMatchObject({ call: 'campaign.say', code: 'INTERNAL', roomId: 'main', userId: dm.session.userId })
  })

  it('shows a failed call on a tRPC socket with its connection, room and user', async () => {
    await using socket = await dm.socket()
    const failed = await failuresDuring(() => socket.trpc.campaign.say.mutate(say()).catch(() => null))
    const connectionId = expect.stringMatching(/^[\w-]{16}$/)
    expect(failed).toEqual([
      expect.objectContaining({ call: 'campaign.say', connectionId, roomId: 'main', userId: dm.session.userId }),
    ])
    const opened = lines().filter((line) => line.msg === 'connected' && line['transport'] === 'trpc')
    expect(opened.map((line) => line['connectionId'])).toContain(failed[0]?.['connectionId'])
  })

  it('shows a failed frame on a plain socket with its connection, room and user', async () => {
    const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/dm?token=${dm.session.token}`)
    // The socket follows the room then, which a broken database would end.
    await once(socket, 'message')
    const failed = await failuresDuring(async () => {
      socket.send(JSON.stringify({ type: 'chat', message: 'planted-message' }))
      await once(socket, 'message')
    })
    const connectionId = expect.stringMatching(/^[\w-]{16}$/)
    expect(failed).toEqual([
      expect.objectContaining({ connectionId, transport: 'plain', roomId: 'main', userId: dm.session.userId }),
    ])
    socket.close()
    await until(() =>
      lines().some(
        (line) =>
          line.msg === 'disconnected' &&
          line['connectionId'] === failed[0]?.['connectionId'] &&
          line['reason'] === 'client',
      ),
    )
  })

  it('shows a failed REST request with its id', async () => {
    const failed = await failuresDuring(() =>
      rest(testbed.url, 'POST', '/topics', { name: 'broken' }, { authorization: `Bearer ${dm.session.token}` }),
    )
    expect(failed).toEqual([
      expect.objectContaining({ method: 'POST', path: '/topics', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }),
    ])
  })

  it('shows a picture that could not be loaded by the server’s fault without its address', async () => {
    const name = 'planted-picture-name00'
    expect(name).toHaveLength(22)
    const load = () => fetch(`${testbed.url}/media/some-campaign/${name}/640.webp`)
    expect((await load()).status).toBe(404)
    breakable.readsFail = true
    try {
      expect((await load()).status).toBe(500)
    } finally {
      breakable.readsFail = false
    }
    await until(() => failures().some((line) => String(line['path']).startsWith('/media/')))
    expect(text).not.toContain(name)
  })

  it('holds no token, key, ticket, cookie, invite or message after many kinds of failed requests', async () => {
    const invites = await testbed.server.rooms.invites.codes('main')
    const rights = [{ topic: '*', publish: true, subscribe: true }]
    const { secret: key } = await dm.http.topics.createKey.mutate({ key: newKey(), name: 'K', rights })
    const signedIn = { authorization: `Bearer ${dm.session.token}` }
    const { body } = await rest(testbed.url, 'POST', '/api/tickets', {}, signedIn)
    const { ticket } = body as { ticket: string }
    const planted = [
      dm.session.token,
      key,
      ticket,
      ...invites.map(({ code }) => code),
      'planted-wrong-token',
      'planted-wrong-ticket',
      'planted-cookie',
      'planted-invalid-invite',
      'planted-bearer-in-a-message',
      'planted-message',
    ]
    const headers = { authorization: 'Bearer planted-wrong-token', cookie: 'session=planted-cookie' }
    for (const path of ['/topics', '/topics?token=planted-wrong-token', '/api/sectors', '/join/planted-invalid-invite'])
      await rest(testbed.url, 'GET', path, undefined, headers).catch(() => null)
    await rest(testbed.url, 'GET', '/topics', undefined, { authorization: `Bearer ${key}` })
    await testbed
      .withToken('planted-wrong-token')
      .http.rooms.list.query()
      .catch(() => null)
    await dm.http.rooms.join.mutate({ key: newKey(), code: 'planted-invalid-invite' }).catch(() => null)
    await failuresDuring(() =>
      dm.http.rooms.join.mutate({ key: newKey(), code: invites[0]?.code ?? '' }).catch(() => null),
    )
    for (const query of ['token=planted-wrong-token', 'ticket=planted-wrong-ticket', `ticket=${ticket}`]) {
      const socket = new WebSocket(`${testbed.wsUrl}/ws?${query}`)
      socket.on('message', () => socket.close())
      await once(socket, 'open')
      socket.send('no JSON')
      await once(socket, 'close')
    }
    await until(() => lines().filter(({ msg }) => msg === 'disconnected').length >= 3)
    expect(lines().length).toBeGreaterThan(20)
    expect(planted.filter((secret) => secret.length < 8)).toEqual([])
    expect(planted.filter((secret) => text.includes(secret))).toEqual([])
  })
})

describe('A line of the log', () => {
  const logged = (fields: object, message = '') => {
    let text = ''
    createLog({ level: 'trace', scope: new CallScope(), to: { write: (line) => void (text += line) } }).info(
      fields,
      message,
    )
    return text
  }
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'

  it.each([
    ['a token', { token: 'SECRET-1' }],
    ['a token, deep inside', { a: { b: [{ guestToken: 'SECRET-1' }] } }],
    ['headers', { req: { headers: { Authorization: 'Basic SECRET-1', cookie: 'a=SECRET-1; b=2' } } }],
    ['several cookies', { headers: { 'set-cookie': ['a=SECRET-1', 'b=SECRET-1'] } }],
    ['an invite', { input: { code: 'SECRET-1-of-24-character' } }],
    ['an invite in capitals', { code: 'SECRETSECRETSECRETSECRET' }],
    ['an address', { url: '/ws?room=main&ticket=SECRET-1&x=1' }],
    ['a picture', { path: '/media/drowned-bell/SECRETSECRETSECRETSECR/640.webp' }],
    ['a link', { url: 'https://table.example/join/SECRET-1' }],
    ['a database', { err: new Error('cannot connect to postgres://user:SECRET-1@db:5432/x') }],
    ['a header in a message', { err: new Error('rejected: Bearer SECRET-1') }],
    ['JSON in a message', { err: new Error(JSON.stringify({ token: 'SECRET-1', ok: true })) }],
    ['an API key', { err: new Error('tck_abcdefghijkl_SECRET-1') }],
    ['a ticket', { message: 'tkt_SECRET-1SECRET-1' }],
  ])('holds no secret of %s', (_kind, object) => {
    const line = logged(object)
    expect(line).not.toContain('SECRET')
    expect(() => JSON.parse(line)).not.toThrow()
  })

  it('holds no signed token in its fields or its message', () => {
    expect(logged({ note: `x ${token} y` }, `said ${token}`)).not.toContain(token)
  })

  it('has the ids of its own call, and none from an earlier line', () => {
    let text = ''
    const scope = new CallScope()
    const log = createLog({ level: 'trace', scope, to: { write: (line) => void (text += line) } })
    scope.run({ requestId: 'r' }, () => {
      log.info({ extra: 1 }, 'first')
      scope.add({ roomId: 'main' })
      log.info('second')
    })
    log.info('third')
    const [first, second, third] = text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    const line = { level: 30, time: expect.any(String) as string }
    expect(first).toEqual({ ...line, requestId: 'r', extra: 1, msg: 'first' })
    expect(second).toEqual({ ...line, requestId: 'r', roomId: 'main', msg: 'second' })
    expect(third).toEqual({ ...line, msg: 'third' })
  })

  it('keeps error codes, ids and paths', () => {
    const source = 'at file:///app/packages/media/src/picture-reader-of-file.ts:9'
    const line = logged({
      source,
      code: 'CONFLICT',
      err: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      path: '/a?b=1',
    })
    for (const kept of ['CONFLICT', 'ECONNREFUSED', '/a?b=1', source]) expect(line).toContain(kept)
  })
})
