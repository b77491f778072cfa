import { once } from 'node:events'
import { freePort } from '@tablecast/testing'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { AUDIENCE, CLIENT_ID, openIssuer } from '../testing/issuer.ts'
import { newKey, openTestbed } from '../testing/testbed.ts'

const now = () => Math.floor(Date.now() / 1_000)
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

describe('access tokens of a provider', () => {
  let issuer: Awaited<ReturnType<typeof openIssuer>>
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  beforeAll(async () => {
    issuer = await openIssuer()
    testbed = await openTestbed(issuer.environment)
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })

  const me = async (token: string) => {
    const response = await fetch(`${testbed.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, text: await response.text() }
  }

  it('let their user in, under an id that reveals nothing about the account', async () => {
    const token = await issuer.sign({ name: 'Mira' })
    const { userId, name, kind } = await testbed.withToken(token).http.auth.me.query()
    expect({ name, kind }).toEqual({ name: 'Mira', kind: 'account' })
    expect(userId).toMatch(/^user-[A-Za-z0-9_-]{27}$/)
    const again = await testbed.withToken(await issuer.sign({ sub: 'auth0|mira' })).http.auth.me.query()
    expect(again.userId).toBe(userId)
    const other = await testbed.withToken(await issuer.sign({ sub: 'auth0|other' })).http.auth.me.query()
    expect(other.userId).not.toBe(userId)
  })

  it('are valid with several audiences, and with a clock that is two seconds off', async () => {
    expect((await me(await issuer.sign({ aud: ['https://other', AUDIENCE] }))).status).toBe(200)
    expect((await me(await issuer.sign({ nbf: now() + 2 }))).status).toBe(200)
  })

  const bad: Record<string, () => Promise<string>> = {
    'of another issuer': () => issuer.sign({ iss: 'https://evil.example/' }),
    'without an issuer': () => issuer.sign({ iss: undefined } as unknown as JWTPayload),
    'for another audience': () => issuer.sign({ aud: 'https://other.example/api' }),
    'without an audience': () => issuer.sign({ aud: undefined } as unknown as JWTPayload),
    'that is an ID token': () => issuer.sign({ aud: CLIENT_ID, nonce: 'n', name: 'Mira' }),
    'that is an ID token with our audience as a second one': () => issuer.sign({ aud: [CLIENT_ID, AUDIENCE] }),
    'with the claims of an ID token': () => issuer.sign({ nonce: 'n' }),
    'that has expired': () => issuer.sign({ exp: now() - 30 }),
    'that never expires': () => issuer.sign({ exp: undefined } as unknown as JWTPayload),
    'that is not valid yet': () => issuer.sign({ nbf: now() + 60 }),
    'without a subject': () => issuer.sign({ sub: undefined } as unknown as JWTPayload),
    'signed by somebody else under the same key id': () => issuer.sign({}, { key: issuer.forgedKey }),
    'signed by an unknown key': () => issuer.sign({}, { key: issuer.forgedKey, kid: 'unknown' }),
    'signed with the public key as a shared secret': () =>
      issuer.sign({}, { key: new TextEncoder().encode(JSON.stringify(issuer.publicJwk)), alg: 'HS256' }),
    'with no signature at all': async () => {
      const [, payload] = (await issuer.sign()).split('.')
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    },
    'with a changed payload': async () => {
      const [header, , signature] = (await issuer.sign()).split('.')
      const payload = Buffer.from(
        JSON.stringify({ iss: `${issuer.domain}/`, aud: AUDIENCE, sub: 'auth0|boss', exp: now() + 600 }),
      )
      return `${header}.${payload.toString('base64url')}.${signature}`
    },
    'that is cut short': async () => (await issuer.sign()).slice(0, -10),
    'that is not a token': () => Promise.resolve('nonsense'),
  }
  for (const [kind, make] of Object.entries(bad))
    it(`are refused with 401: a token ${kind}`, async () => {
      const { status, text } = await me(await make())
      expect([status, text]).toEqual([401, expect.stringContaining('"UNAUTHORIZED"')])
      expect(text).not.toMatch(/node_modules|\.ts:\d+|jose/i)
    })

  it('are verified with keys that the server fetches once', async () => {
    const before = issuer.fetches
    for (let n = 0; n < 10; n++) await me(await issuer.sign({ sub: `auth0|${n}` }))
    expect(issuer.fetches).toBe(before)
  })

  it('are the only way to sign in, unless the operator admits guests', async () => {
    const refused = await testbed.anonymous.auth.guest.mutate({ name: 'G' }).catch(codeOf)
    expect(refused).toBe('FORBIDDEN')
    expect(await testbed.anonymous.auth.config.query()).toMatchObject({
      guests: false,
      account: { domain: issuer.domain, clientId: CLIENT_ID, audience: AUDIENCE },
    })
  })
})

describe('a provider that can’t be reached', () => {
  it('makes the server answer 503, and tokens are valid once it is reachable', async () => {
    const port = await freePort()
    await using testbed = await openTestbed({
      AUTH0_DOMAIN: `http://127.0.0.1:${port}`,
      AUTH0_AUDIENCE: AUDIENCE,
      AUTH0_CLIENT_ID: CLIENT_ID,
    })
    let token: string
    {
      await using early = await openIssuer()
      token = await early.sign({ iss: `http://127.0.0.1:${port}/` })
    }
    const asked = () => fetch(`${testbed.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${token}` } })
    const down = await asked()
    expect([down.status, await down.text()]).toEqual([503, expect.stringContaining('UNAVAILABLE')])
    await using issuer = await openIssuer(port)
    token = await issuer.sign()
    expect((await asked()).status).toBe(200)
  })
})

describe('a provider that changes its keys', () => {
  const open = async () => {
    await using opened = new AsyncDisposableStack()
    const issuer = opened.use(await openIssuer())
    const testbed = opened.use(await openTestbed(issuer.environment))
    const ask = async (token: string) => {
      const response = await fetch(`${testbed.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${token}` } })
      await response.arrayBuffer()
      return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) }
    }
    const owned = opened.move()
    return { issuer, testbed, ask, [Symbol.asyncDispose]: () => owned.disposeAsync() }
  }

  it('is asked for the new one at once, so that no valid token is refused', async () => {
    await using at = await open()
    for (let round = 0; round < 3; round++) {
      expect(await at.ask(await at.issuer.sign())).toMatchObject({ status: 200 })
      const old = await at.issuer.sign()
      await at.issuer.rotate()
      const before = at.issuer.fetches
      // Concurrent calls share one fetch.
      const asked = await Promise.all(Array.from({ length: 20 }, async () => at.ask(await at.issuer.sign())))
      expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200))
      expect(at.issuer.fetches - before).toBeLessThanOrEqual(2)
      // A token that a withdrawn key signed is refused.
      expect(await at.ask(old)).toMatchObject({ status: 401 })
    }
  })

  it.each<[string, unknown, number?]>([
    ['empty', { keys: [] }],
    [
      'without a key that verifies',
      {
        keys: [
          { kty: 'RSA', use: 'enc', n: 'AQAB', e: 'AQAB' },
          { kty: 'oct', k: 'AQAB' },
        ],
      },
    ],
    ['not a key set', { hello: 'world' }],
    ['a list', []],
    ['an answer with status 500', { keys: [] }, 500],
    ['the error page of a proxy', 'Bad gateway', 502],
  ])(
    'makes the server answer 503 with a retry time, never 401, while its key set is %s',
    async (_name, body, status) => {
      await using at = await open()
      await at.issuer.serve(body, status)
      const first = await at.ask(await at.issuer.sign())
      expect(first.status).toBe(503)
      expect(first.retryAfter).toBeGreaterThan(0)
      await at.issuer.serve()
      const known = await at.issuer.sign()
      expect(await at.ask(known)).toMatchObject({ status: 200 })
      await at.issuer.rotate()
      await at.issuer.serve(body, status)
      expect(await at.ask(await at.issuer.sign())).toMatchObject({ status: 503 })
      // A token that a known key signed stays valid.
      expect(await at.ask(known)).toMatchObject({ status: 200 })
      await at.issuer.serve()
      expect(await at.ask(await at.issuer.sign())).toMatchObject({ status: 200 })
    },
  )

  it('is not asked for every made-up key: such tokens get a retry time, and valid tokens stay valid', async () => {
    await using at = await open()
    const good = await at.issuer.sign()
    expect(await at.ask(good)).toMatchObject({ status: 200 })
    const before = at.issuer.fetches
    const statuses = new Set<number>()
    for (let n = 0; n < 40; n++) {
      const { status, retryAfter } = await at.ask(
        await at.issuer.sign({}, { key: at.issuer.forgedKey, kid: `made-up-${n}` }),
      )
      statuses.add(status)
      if (status === 503) expect(retryAfter).toBeGreaterThan(0)
    }
    expect([...statuses].toSorted((a, b) => a - b)).toEqual([401, 503])
    expect(at.issuer.fetches - before).toBeLessThan(15)
    expect(await at.ask(good)).toMatchObject({ status: 200 })
  })

  it('makes the server close a socket with UNAVAILABLE, not with a refusal, while it serves no keys', async () => {
    await using at = await open()
    await at.issuer.serve({ keys: [] })
    const token = await at.issuer.sign()
    const socket = new WebSocket(`${at.testbed.wsUrl}/ws/campaign/player?token=${token}`)
    const frames: string[] = []
    socket.on('message', (data: Buffer) => frames.push(data.toString()))
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1013)
    expect(frames.join()).toContain('"UNAVAILABLE"')
  })
})

describe('a guest who gets an account', () => {
  it('keeps rooms and user id, and the guest token stops working', async () => {
    await using issuer = await openIssuer()
    await using testbed = await openTestbed({ ...issuer.environment, GUESTS: 'on' })
    const guest = await testbed.join('Robin', 'player')
    const account = testbed.withToken(await issuer.sign({ sub: 'auth0|robin' })).http
    const arrived = await account.auth.account.mutate({ name: 'Robin R.', guestToken: guest.session.token })
    expect(arrived).toMatchObject({ userId: guest.session.userId, name: 'Robin R.', kind: 'account' })
    expect((await account.rooms.list.query()).map(({ room }) => room.id)).toEqual(['main'])
    expect(await guest.http.rooms.list.query().catch(codeOf)).toBe('UNAUTHORIZED')
    // The client repeats the call if the answer was lost.
    const again = await account.auth.account.mutate({ name: 'Robin R.', guestToken: guest.session.token })
    expect(again.userId).toBe(guest.session.userId)
  })

  it('brings memberships, characters and whispers to the user that the account already has', async () => {
    await using issuer = await openIssuer()
    await using testbed = await openTestbed({ ...issuer.environment, GUESTS: 'on' })
    const dm = await testbed.join('DM', 'owner')
    const account = testbed.withToken(await issuer.sign({ sub: 'auth0|robin' })).http
    const { userId } = await account.auth.account.mutate({ name: 'Robin' })
    const guest = await testbed.join('Robin on the phone', 'player')
    const { campaigns } = await dm.http.campaign.list.query({ roomId: 'main' })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const { campaign, state } = await dm.http.campaign.get.query({ roomId: 'main', campaignId })
    const [mira] = state.characters
    await dm.http.campaign.edit.mutate({
      roomId: 'main',
      key: newKey(),
      campaignId,
      baseVersion: campaign.version,
      patch: { characters: { upsert: [{ id: mira?.id ?? '', ownerId: guest.session.userId }] } },
    })
    await dm.http.campaign.whisper.mutate({ roomId: 'main', key: newKey(), to: guest.session.userId, message: 'Psst.' })

    const arrived = await account.auth.account.mutate({ name: 'Robin', guestToken: guest.session.token })
    expect(arrived.userId).toBe(userId)
    expect((await account.rooms.get.query({ roomId: 'main' })).members.map((member) => member.userId)).not.toContain(
      guest.session.userId,
    )
    const after = await dm.http.campaign.get.query({ roomId: 'main', campaignId })
    expect(after.state.characters.find(({ id }) => id === mira?.id)?.ownerId).toBe(userId)
    const { entries } = await account.campaign.whisperHistory.query({ roomId: 'main', campaignId })
    expect(entries.map(({ text }) => text)).toEqual(['Psst.'])
    expect(await guest.http.rooms.list.query().catch(codeOf)).toBe('UNAUTHORIZED')
  })

  it('keeps the user id even if the server admits no guests any more', async () => {
    await using issuer = await openIssuer()
    await using open = await openTestbed({ SESSION_SECRET: 'x'.repeat(32) })
    const guest = await open.join('Old', 'player')
    await using closed = await openTestbed({ ...issuer.environment, SESSION_SECRET: 'x'.repeat(32) })
    expect(await closed.withToken(guest.session.token).http.auth.me.query().catch(codeOf)).toBe('UNAUTHORIZED')
    const account = closed.withToken(await issuer.sign()).http
    const { userId } = await account.auth.account.mutate({ name: 'Old', guestToken: guest.session.token })
    expect(userId).toBe(guest.session.userId)
  })
})
