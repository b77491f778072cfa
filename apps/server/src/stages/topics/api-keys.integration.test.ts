import { once } from 'node:events'
import { allows } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { newKey, openTestbed, type TestUser, until } from '../../testing/testbed.ts'
import { connectTo, uuid } from './testing.ts'

describe('the rights of an API key', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'orders.new', false],
    ['orders.*', 'orders.new', true],
    ['orders.*', 'ordersx', false],
    ['*', 'anything', true],
  ])('a right for %s used on the topic %s gives %s', (topic, used, expected) => {
    expect(allows([{ topic, publish: true, subscribe: false }], 'publish', used)).toBe(expected)
    expect(allows([{ topic, publish: true, subscribe: false }], 'subscribe', used)).toBe(false)
  })
})

describe('API keys', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let owner: TestUser
  beforeAll(async () => {
    testbed = await openTestbed({ COMPAT_AUTH: 'token', KEY_MESSAGES_PER_SECOND: '20' })
    owner = await testbed.signIn('owner')
    for (const topic of ['orders.new', 'secret']) await owner.http.topics.create.mutate({ key: newKey(), topic })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const make = (rights: { topic: string; publish: boolean; subscribe: boolean }[]) =>
    owner.http.topics.createKey.mutate({ key: newKey(), name: 'A bot', rights })

  // The client sends a frame at once. The server must keep it while it looks the key up.
  const connect = (secret: string) =>
    connectTo(testbed.wsUrl, {
      headers: { authorization: `Bearer ${secret}` },
      first: '{"type":"ping","request_id":"first"}',
    })
  const message = { id: uuid(1), payload: 1 }

  it('publish and subscribe only where their rights say', async () => {
    const { secret } = await make([
      { topic: 'orders.*', publish: false, subscribe: true },
      { topic: 'none', publish: true, subscribe: true },
    ])
    await using bot = await connect(secret)
    await until(() => bot.frames.some(({ request_id: id }) => id === 'first'))
    expect(await bot.ask({ type: 'subscribe', topic: 'orders.new', client_id: 'b' })).toMatchObject({ type: 'ack' })
    for (const frame of [
      { type: 'publish', topic: 'orders.new', message },
      { type: 'subscribe', topic: 'secret', client_id: 'b' },
      { type: 'publish', topic: 'secret', message },
      // The same answer for a topic that does not exist, so that a key can't probe for topics.
      { type: 'publish', topic: 'unheard.of', message },
    ])
      expect(await bot.ask(frame)).toMatchObject({ type: 'error', error: { code: 'UNAUTHORIZED' } })
    const as = { authorization: `Bearer ${secret}` }
    expect((await rest(testbed.url, 'GET', '/topics', undefined, as)).body).toEqual({
      topics: [{ name: 'orders.new', subscribers: 1 }],
    })
    expect(
      Object.keys(((await rest(testbed.url, 'GET', '/stats', undefined, as)).body as { topics: object }).topics),
    ).toEqual(['orders.new'])
    expect((await rest(testbed.url, 'POST', '/topics', { name: 'mine' }, as)).status).toBe(403)
    expect((await rest(testbed.url, 'DELETE', '/topics/orders.new', undefined, as)).status).toBe(403)
    // The arena does not accept API keys.
    expect((await rest(testbed.url, 'POST', '/init_session', { session_id: 'x' }, as)).status).toBe(401)
  })

  it('are stored as a hash, listed without their secret, and lose their connections when revoked', async () => {
    const { secret, id } = await make([{ topic: '*', publish: true, subscribe: true }])
    const row = await testbed.store.read(({ apiKeys }) => apiKeys.get(id))
    expect(JSON.stringify(row)).not.toContain(secret.slice(17))
    const { keys } = await owner.http.topics.keys.query()
    expect(keys.find((key) => key.id === id)).toMatchObject({ name: 'A bot', revokedAt: null })
    expect(JSON.stringify(keys)).not.toContain(secret.slice(17))
    await using bot = await connect(secret)
    expect(await bot.ask({ type: 'subscribe', topic: 'secret', client_id: 'b' })).toMatchObject({ type: 'ack' })
    const other = await testbed.signIn('other')
    await expect(other.http.topics.revokeKey.mutate({ key: newKey(), id })).rejects.toMatchObject({
      data: { tablecast: { code: 'NOT_FOUND' } },
    })
    const closed = once(bot.socket, 'close')
    await owner.http.topics.revokeKey.mutate({ key: newKey(), id })
    expect((await closed)[0]).toBe(4501)
    expect(bot.frames.at(-1)).toMatchObject({ type: 'error', error: { code: 'UNAUTHORIZED' } })
    expect((await rest(testbed.url, 'GET', '/topics', undefined, { authorization: `Bearer ${secret}` })).status).toBe(
      401,
    )
    await using again = await connect(secret)
    expect((await once(again.socket, 'close'))[0]).toBe(1008)
  })

  it.each(['tck_', 'tck_aaaaaaaaaaaa_', `tck_aaaaaaaaaaaa_${'x'.repeat(43)}`])(
    'are refused when forged as %s',
    async (forged) => {
      expect((await rest(testbed.url, 'GET', '/topics', undefined, { authorization: `Bearer ${forged}` })).status).toBe(
        401,
      )
    },
  )

  it('have one message rate for all their connections', async () => {
    const { secret } = await make([{ topic: '*', publish: true, subscribe: true }])
    await using one = await connect(secret)
    await using two = await connect(secret)
    // All at once, so that the rate does not recover meanwhile on a slow machine.
    const answers = Array.from({ length: 60 }, (_, n) =>
      (n % 2 ? one : two).ask({ type: 'publish', topic: 'secret', message }),
    )
    const codes = (await Promise.all(answers)).map(({ error }) => error?.code)
    expect(codes).toContain('RATE_LIMITED')
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(40)
  })
})
