import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIssuer } from '../testing/issuer.ts'
import { openTestbed } from '../testing/testbed.ts'

describe('an HTTP answer', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  beforeAll(async () => {
    testbed = await openTestbed({ CORS_ORIGINS: 'https://overlay.example', COMPAT_AUTH: 'token' })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it('has a policy that allows scripts of this origin only', async () => {
    const { headers } = await fetch(`${testbed.url}/`, { headers: { accept: 'text/html' } })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'self'/)
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).toMatch(/connect-src 'self';/)
    expect(policy).toMatch(/frame-src 'none'/)
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|\*|http/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  it('allows the identity provider in that policy, and sends HSTS behind an https address', async () => {
    await using issuer = await openIssuer()
    await using secure = await openTestbed({ ...issuer.environment, PUBLIC_URL: 'https://table.example' })
    const { headers } = await fetch(`http://127.0.0.1:${secure.server.port}/health`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`connect-src 'self' ${issuer.domain}`)
    expect(policy).toContain(`frame-src ${issuer.domain}`)
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
  })

  it('has a request id that the server chose, not the client', async () => {
    const ids = new Set<string | null>()
    for (const asked of [undefined, 'mine', 'mine'])
      ids.add(
        (await fetch(`${testbed.url}/health`, asked ? { headers: { 'x-request-id': asked } } : {})).headers.get(
          'x-request-id',
        ),
      )
    expect(ids.size).toBe(3)
    expect(ids).not.toContain('mine')
    expect((await fetch(`${testbed.url}/nowhere`)).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })

  it('allows other origins only if the operator named exactly them', async () => {
    const allowed = async (origin: string) => {
      const { headers } = await fetch(`${testbed.url}/trpc/auth.config`, { headers: { origin } })
      return headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://overlay.example')).toBe('https://overlay.example')
    for (const origin of ['https://overlay.example.evil', 'http://overlay.example', 'https://xoverlay.example', 'null'])
      expect([origin, await allowed(origin)]).toEqual([origin, null])
  })

  it('above the limit is a refusal in the client’s own format, with Retry-After', async () => {
    await using strict = await openTestbed({ CALLS_PER_SECOND_PER_IP: '1' })
    const answers = []
    for (let n = 0; n < 12; n++) answers.push(await fetch(`${strict.url}/health`))
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused?.json()).toEqual({ error: { code: 'RATE_LIMITED', message: 'too many requests: slow down' } })
    const typed = await strict.anonymous.auth.config.query().catch((error: unknown) => error)
    expect(typed).toMatchObject({ data: { code: 'TOO_MANY_REQUESTS', tablecast: { code: 'RATE_LIMITED' } } })
  })

  it('says no-store on answers, refusals, streams and refused upgrades', async () => {
    await using strict = await openTestbed({ CALLS_PER_SECOND_PER_IP: '1' })
    const json = { 'content-type': 'application/json' }
    const { session } = await testbed.signIn('Asker')
    const abort = new AbortController()
    const answers = await Promise.all([
      fetch(`${testbed.url}/trpc/auth.config`),
      fetch(`${testbed.url}/trpc/auth.config,rooms.list?batch=1`),
      fetch(`${testbed.url}/trpc/campaign.get?input=%7B`),
      fetch(`${testbed.url}/trpc/no.such`),
      fetch(`${testbed.url}/trpc/rooms.create`, { method: 'POST', body: '{', headers: json }),
      fetch(`${testbed.url}/trpc/rooms.create`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/x' } }),
      fetch(`${testbed.url}/trpc/market.events`, { signal: abort.signal }),
      fetch(`${testbed.url}/api/tickets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${session.token}` },
      }),
      fetch(`${testbed.url}/api/sectors`),
      fetch(`${testbed.url}/topics`),
      fetch(`${testbed.url}/nowhere`),
      fetch(`${testbed.url}/health`),
      fetch(`${testbed.url}/socket.io/?EIO=4&transport=polling`),
      fetch(`${testbed.url}/socket.io/?EIO=1&transport=nothing`),
      ...Array.from({ length: 5 }, () => fetch(`${strict.url}/trpc/auth.me`)),
    ])
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 201, 400, 401, 404, 429]))
    for (const { url, status, headers } of answers)
      expect([url, status, headers.get('cache-control')]).toEqual([url, status, expect.stringMatching(/^no-store/)])
    abort.abort()
    // A refused upgrade.
    const socket = connect(testbed.server.port, '127.0.0.1')
    socket.write('GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    const [refusal] = (await once(socket, 'data')) as [Buffer]
    expect(refusal.toString()).toMatch(/^HTTP\/1\.1 404[\s\S]*cache-control: no-store/i)
    socket.destroy()
  })

  it('clears what a browser has stored for the person who signs out on a page of this server, and for nobody else', async () => {
    const { session } = await testbed.signIn('Leaver')
    const signOut = async (headers: Record<string, string>, method = 'POST') => {
      const answer = await fetch(`${testbed.url}/api/sign-out`, { method, headers })
      return [answer.status, answer.headers.get('clear-site-data')]
    }
    const authorization = `Bearer ${session.token}`
    expect(await signOut({ authorization })).toEqual([204, '"cache", "storage"'])
    expect(await signOut({ authorization, 'sec-fetch-site': 'same-origin' })).toEqual([204, '"cache", "storage"'])
    // Pages of other origins, a form, an image, and the address with a token in it.
    for (const site of ['cross-site', 'same-site', 'none'])
      expect([site, ...(await signOut({ authorization, 'sec-fetch-site': site }))]).toEqual([site, 403, null])
    expect(await signOut({})).toEqual([401, null])
    expect(await signOut({ authorization: 'Bearer wrong' })).toEqual([401, null])
    expect(await signOut({ authorization }, 'GET')).toEqual([404, null])
    // A browser asks first whether another origin may send the header.
    const asked = await fetch(`${testbed.url}/api/sign-out`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    ['GET', '/%ff', 400],
    ['GET', '/trpc/%e0%a4%a', 400],
    ['TRACE', '/health', 404],
    ['PROPFIND', '/', 404],
  ])('has the usual shape of an error where no route matches: %s %s', async (method, path, status) => {
    const answer = once(request(testbed.url + path, { method }).end(), 'response')
    const [response] = (await answer) as [IncomingMessage]
    expect(response.statusCode).toBe(status)
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(response.headers['x-request-id']).toMatch(/^[\w-]{36}$/)
    expect(await json(response)).toEqual({
      error: { code: status === 400 ? 'BAD_REQUEST' : 'NOT_FOUND', message: expect.any(String) as string },
    })
  })

  it('says how long a browser may keep a file', async () => {
    const kept = async (path: string) =>
      (await fetch(testbed.url + path, { headers: { accept: 'text/html' } })).headers.get('cache-control')
    expect(await kept('/')).toBe('no-cache')
    expect(await kept('/favicon.svg')).toMatch(/max-age=31536000, immutable/)
    for (const path of ['/service-worker.js', '/manifest.webmanifest', '/join.html'])
      expect([path, await kept(path)]).toEqual([path, 'no-cache'])
  })

  it('shows no stack, path or file of the server in an error', async () => {
    const answers = await Promise.all([
      fetch(`${testbed.url}/trpc/campaign.get?input=%7B`),
      fetch(`${testbed.url}/trpc/no.such`),
      fetch(`${testbed.url}/trpc/rooms.create`, {
        method: 'POST',
        body: '{',
        headers: { 'content-type': 'application/json' },
      }),
      fetch(`${testbed.url}/topics`, {
        method: 'POST',
        body: 'x'.repeat(100),
        headers: { 'content-type': 'text/plain' },
      }),
      fetch(`${testbed.url}/api/sectors/%00`),
      fetch(`${testbed.url}/%2e%2e/%2e%2e/etc/passwd`),
      fetch(`${testbed.url}/assets/..%2f..%2fpackage.json`),
    ])
    for (const answer of answers) {
      const text = await answer.text()
      expect([answer.url, answer.status >= 400 && answer.status < 500]).toEqual([answer.url, true])
      expect(text).not.toMatch(/node_modules|\.ts:\d|at Object|root:|"private"/)
    }
  })
})

describe('the limits of one client', () => {
  it('refuse calls above MAX_CALLS_IN_FLIGHT until earlier ones are answered', async () => {
    const gate = Promise.withResolvers<void>()
    await using inner = await openTestbed()
    const { store } = inner
    let isShut = false
    const slow = new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        if (name !== 'read') return value.bind(target) as unknown
        return async (work: never) => {
          if (isShut) await gate.promise
          return target.read(work)
        }
      },
    })
    await using testbed = await openTestbed({ MAX_CALLS_IN_FLIGHT: '8' }, { store: slow })
    const { session } = await testbed.signIn('Eager')
    await using client = await testbed.withToken(session.token).socket()
    await client.trpc.rooms.list.query()
    isShut = true
    const codes: string[] = []
    const calls = Array.from({ length: 30 }, () =>
      client.trpc.rooms.list.query().then(
        () => codes.push('OK'),
        (error: { data?: { tablecast?: { code: string } } }) => codes.push(error.data?.tablecast?.code ?? ''),
      ),
    )
    await expect.poll(() => codes.length).toBe(22)
    expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']))
    gate.resolve()
    await Promise.all(calls)
    expect(codes.filter((code) => code === 'OK')).toHaveLength(8)
  })

  it('count the calls of all connections of an address together', async () => {
    await using testbed = await openTestbed({ CALLS_PER_SECOND_PER_IP: '20' })
    const { session } = await testbed.signIn('Many')
    const clients = await Promise.all(Array.from({ length: 5 }, () => testbed.withToken(session.token).socket()))
    const answers = await Promise.all(
      clients.flatMap(({ trpc }) =>
        Array.from({ length: 20 }, () =>
          trpc.auth.me.query().then(
            () => 'OK',
            () => 'refused',
          ),
        ),
      ),
    )
    for (const client of clients) await client.close()
    const good = answers.filter((answer) => answer === 'OK').length
    expect(good).toBeGreaterThanOrEqual(40)
    expect(good).toBeLessThan(80)
  })

  it('refuse a follower above MAX_SOCKETS_PER_ROOM, and accept one after another has left', async () => {
    await using testbed = await openTestbed({ MAX_SOCKETS_PER_ROOM: '2' })
    const player = await testbed.join('P', 'player')
    const follow = async () => {
      const client = await player.socket()
      const answer = await new Promise<string>((resolve) => {
        client.trpc.campaign.events.subscribe(
          { roomId: 'main' },
          {
            onData: () => resolve('in'),
            onError: ({ data }) => resolve((data as { tablecast?: { code: string } }).tablecast?.code ?? ''),
          },
        )
      })
      return { answer, close: () => client.close() }
    }
    const [first, second, third] = [await follow(), await follow(), await follow()]
    expect([first.answer, second.answer, third.answer]).toEqual(['in', 'in', 'ROOM_FULL'])
    await first.close()
    await third.close()
    await expect
      .poll(async () => {
        const again = await follow()
        await again.close()
        return again.answer
      })
      .toBe('in')
    await second.close()
  })
})
