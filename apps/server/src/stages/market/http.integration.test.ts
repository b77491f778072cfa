import { MemoryBus } from '@tablecast/bus'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
const at = '2025-01-15T10:30:00.000Z'
const string = expect.any(String) as unknown

describe('the market’s REST endpoints', () => {
  let testbed: Testbed
  beforeAll(async () => {
    testbed = await openTestbed({ MARKET_SAMPLE: 'false' })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())
  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    rest(testbed.url, method, path, body, headers)

  it('create, read, change, replace and delete a sector', async () => {
    const created = await call('POST', '/api/sectors', { id: 'tech-001', name: '  Tech ', value: 1250.5 })
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: 'tech-001',
        name: 'Tech',
        description: '',
        value: 1250.5,
        version: 1,
        createdAt: string,
        updatedAt: string,
      },
    })
    expect(await call('GET', '/api/sectors/tech-001')).toMatchObject({ status: 200, body: created.body as object })
    expect((await fetch(`${testbed.url}/api/sectors/tech-001`)).headers.get('etag')).toBe('"1"')
    const changed = await call('PATCH', '/api/sectors/tech-001', { description: 'Chips' }, { 'if-match': '"1"' })
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Tech', description: 'Chips', value: 1250.5, version: 2 },
    })
    const replaced = await call('PUT', '/api/sectors/tech-001', { name: 'Technology' })
    expect(replaced).toMatchObject({ body: { name: 'Technology', description: '', value: 0, version: 3 } })
    expect((await fetch(`${testbed.url}/api/sectors/tech-001`, { method: 'DELETE' })).status).toBe(204)
    expect(await call('GET', '/api/sectors/tech-001')).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no sector tech-001.' } },
    })
  })

  it('generate an id if the body has none, and answer 409 to an id that exists', async () => {
    const { body } = await call('POST', '/api/agents', { name: 'Anonymous' })
    const { id } = body as { id: string }
    expect(body).toMatchObject({ status: 'idle', sectorId: null })
    expect(await call('POST', '/api/agents', { id, name: 'Another' })).toMatchObject({
      status: 409,
      body: { error: { code: 'ALREADY_EXISTS' } },
    })
  })

  it('answer 412 to a change with an old If-Match, and leave the row unchanged', async () => {
    await call('POST', '/api/sectors', { id: 'contested', name: 'One' })
    expect(await call('PATCH', '/api/sectors/contested', { name: 'Two' }, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
    })
    for (const stale of ['"1"', 'W/"2"', 'nonsense'])
      for (const [method, body] of [
        ['PATCH', { name: 'Three' }],
        ['PUT', { name: 'Three' }],
        ['DELETE', undefined],
      ] as const)
        expect(await call(method, '/api/sectors/contested', body, { 'if-match': stale })).toMatchObject({
          status: 412,
          body: { error: { code: 'PRECONDITION_FAILED' } },
        })
    expect(await call('GET', '/api/sectors/contested')).toMatchObject({ body: { name: 'Two', version: 2 } })
    expect(await call('PATCH', '/api/sectors/contested', { name: 'Three' }, { 'if-match': '*' })).toMatchObject({
      status: 200,
    })
  })

  it.each([
    ['POST', '/api/sectors', { name: '' }, 'name'],
    ['POST', '/api/sectors', { name: 'x'.repeat(61) }, 'name'],
    ['POST', '/api/sectors', { name: 'N', id: 'a.b' }, 'id'],
    ['POST', '/api/sectors', { name: 'N', value: 'much' }, 'value'],
    ['POST', '/api/agents', { name: 'N', sectorId: 'nothing' }, 'sectorId'],
    ['POST', '/api/agents', { name: 'N', status: ' ' }, 'status'],
    ['POST', '/api/discussions', { title: '' }, 'title'],
    ['PATCH', '/api/sectors/a.b', { name: 'N' }, 'id'],
    ['PATCH', '/api/sectors/nothing', {}, ''],
    ['GET', '/api/sectors?limit=0', undefined, 'limit'],
    ['GET', '/api/sectors?limit=many', undefined, 'limit'],
    ['GET', '/api/sectors/x/candles?interval=2m', undefined, 'interval'],
    ['GET', '/api/sectors/x/candles?from=yesterday', undefined, 'from'],
  ])('answer %s %s %j with 422, and name the field %s', async (method, path, body, field) => {
    const answer = await call(method, path, body)
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_FAILED' } } })
    const { issues } = (answer.body as { error: { issues: { path: string }[] } }).error
    expect(issues.map((issue) => issue.path)).toContain(field)
  })

  it('answer 400 to a body that is not JSON, and 404 for an unknown id', async () => {
    expect(await call('POST', '/api/sectors', '{"name":')).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_REQUEST' } },
    })
    for (const [method, path, body] of [
      ['GET', '/api/agents/none'],
      ['PATCH', '/api/agents/none', { name: 'N' }],
      ['DELETE', '/api/discussions/none'],
      ['GET', '/api/discussions/none/messages'],
      ['POST', '/api/discussions/none/messages', { content: 'x' }],
      ['GET', '/api/sectors/none/candles'],
    ] as const)
      expect(await call(method, path, body)).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  })

  it('list rows page by page, with filters', async () => {
    await call('POST', '/api/sectors', { id: 'list', name: 'Of lists' })
    for (let n = 0; n < 7; n++)
      await call('POST', '/api/agents', {
        id: `l-${n}`,
        name: `L${n}`,
        sectorId: 'list',
        status: n % 2 ? 'active' : 'idle',
      })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await call('GET', `/api/agents?sectorId=list&limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      const page = body as { agents: { id: string }[]; nextCursor: string | null }
      expect(page.agents.length).toBeLessThanOrEqual(3)
      seen.push(...page.agents.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(['l-0', 'l-1', 'l-2', 'l-3', 'l-4', 'l-5', 'l-6'])
    const { body } = await call('GET', '/api/agents?sectorId=list&status=active')
    expect((body as { agents: { id: string }[] }).agents.map(({ id }) => id)).toEqual(['l-1', 'l-3', 'l-5'])
    expect(await call('GET', '/api/sectors?search=OF%20li')).toMatchObject({
      body: { sectors: [{ id: 'list' }], nextCursor: null },
    })
    expect(await call('GET', '/api/discussions?sectorId=list')).toMatchObject({
      body: { discussions: [], nextCursor: null },
    })
  })

  it('are in the OpenAPI document', async () => {
    const { body } = await call('GET', '/docs/json')
    const paths = Object.keys((body as { paths: object }).paths)
    for (const path of [
      '/api/sectors',
      '/api/sectors/{id}',
      '/api/sectors/{id}/candles',
      '/api/agents/{id}',
      '/api/discussions/{id}/messages',
    ])
      expect(paths).toContain(path)
  })
})

describe('the candles of a sector', () => {
  it('are stored from the channel, and merged by interval', async () => {
    const channels = new MemoryBus()
    await using testbed = await openTestbed({ MARKET_SAMPLE: 'false' }, { channels })
    await rest(testbed.url, 'POST', '/api/sectors', { id: 's', name: 'S' })
    const publishers = immediatePublishersOn(channels)
    for (const [minute, open, high, low, close] of [
      ['10:30', 10, 15, 9, 12],
      ['10:31', 12, 13, 5, 6],
      ['10:36', 6, 8, 6, 7],
    ] as const)
      publishers.publishSectorCandle({
        sectorId: 's',
        candle: { timestamp: `2025-01-15T${minute}:00.000Z`, value: close, open, high, low, close },
      })
    // A message with only a value is a candle of that value.
    publishers.publishSectorCandle({ sectorId: 's', candle: { timestamp: '2025-01-15T10:37:00Z', value: 7.5 } })
    publishers.publishSectorCandle({ sectorId: 'unknown', candle: { timestamp: at, value: 1 } })
    const candles = async (query: string) =>
      (
        (await rest(testbed.url, 'GET', `/api/sectors/s/candles?to=2025-01-15T11:00:00Z&${query}`)).body as {
          candles: unknown[]
        }
      ).candles
    await until(async () => (await candles('interval=1m')).length === 4)
    expect(await candles('interval=5m')).toEqual([
      { timestamp: at, value: 6, open: 10, high: 15, low: 5, close: 6 },
      { timestamp: '2025-01-15T10:35:00.000Z', value: 7.5, open: 6, high: 8, low: 6, close: 7.5 },
    ])
    expect(await candles('interval=1d')).toEqual([
      { timestamp: '2025-01-15T00:00:00.000Z', value: 7.5, open: 10, high: 15, low: 5, close: 7.5 },
    ])
    expect(await candles('interval=1m&from=2025-01-15T10:37:00Z')).toEqual([
      { timestamp: '2025-01-15T10:37:00.000Z', value: 7.5, open: 7.5, high: 7.5, low: 7.5, close: 7.5 },
    ])
    for (const wrong of ['from=2024-01-15T10:37:00Z&interval=1m', 'from=2025-01-15T11:00:00Z'])
      expect(await rest(testbed.url, 'GET', `/api/sectors/s/candles?to=2025-01-15T11:00:00Z&${wrong}`)).toMatchObject({
        status: 422,
        body: { error: { code: 'VALIDATION_FAILED' } },
      })
    expect(await rest(testbed.url, 'GET', '/api/sectors/s')).toMatchObject({ body: { value: 7.5, version: 1 } })
  })
})

describe('the right to change the market', () => {
  it('belongs to every caller of an open server; with COMPAT_AUTH=token only to the opener of a discussion', async () => {
    await using open = await openTestbed()
    expect(await rest(open.url, 'PATCH', '/api/sectors/tech-001', { name: 'Mine' })).toMatchObject({ status: 200 })

    await using closed = await openTestbed({ COMPAT_AUTH: 'token', MARKET_EDITORS: 'somebody-else' })
    const [opener, other] = [await closed.signIn('Anyone'), await closed.signIn('Other')]
    const as = (token: string | null, method: string, path: string, body?: unknown) =>
      rest(closed.url, method, path, body, token === null ? {} : { authorization: `Bearer ${token}` })
    for (const [method, path, body] of [
      ['GET', '/api/sectors'],
      ['GET', '/api/agents/agent-789'],
      ['GET', '/api/sectors/tech-001/candles'],
      ['GET', '/api/discussions/disc-123/messages'],
      ['POST', '/api/discussions', { title: 'T' }],
      ['POST', '/api/discussions/disc-123/messages', { content: 'x' }],
      ['DELETE', '/api/sectors/tech-001'],
    ] as const) {
      expect(await as(null, method, path, body)).toMatchObject({
        status: 401,
        body: { error: { code: 'UNAUTHORIZED' } },
      })
      expect(await as('forged', method, path, body)).toMatchObject({ status: 401 })
    }
    const { token } = opener.session
    expect(await as(token, 'GET', '/api/sectors')).toMatchObject({ status: 200 })
    for (const [method, path, body] of [
      ['POST', '/api/sectors', { name: 'N' }],
      ['PATCH', '/api/sectors/tech-001', { name: 'N' }],
      ['PUT', '/api/agents/agent-789', { name: 'N' }],
      ['DELETE', '/api/agents/agent-789', undefined],
      ['PATCH', '/api/discussions/disc-123', { title: 'N' }],
      ['POST', '/api/discussions/disc-123/messages', { content: 'x', authorId: 'agent-789' }],
    ] as const)
      expect(await as(token, method, path, body)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })
    expect(await as(token, 'POST', '/api/discussions', { id: 'mine', title: 'Mine' })).toMatchObject({ status: 201 })
    expect(await as(other.session.token, 'PATCH', '/api/discussions/mine', { title: 'Yours' })).toMatchObject({
      status: 403,
    })
    expect(await as(token, 'PATCH', '/api/discussions/mine', { title: 'Still mine' })).toMatchObject({ status: 200 })
    expect(await as(token, 'POST', '/api/discussions/mine/messages', { content: 'x' })).toMatchObject({
      status: 201,
      body: { authorId: opener.session.userId, authorName: 'Anyone' },
    })
  })

  it('belongs to editors, who may also write in the name of an agent', async () => {
    await using first = await openTestbed({ SESSION_SECRET: 'x'.repeat(40) })
    const { token, userId } = (await first.signIn('Editor')).session
    await using closed = await openTestbed({
      COMPAT_AUTH: 'token',
      SESSION_SECRET: 'x'.repeat(40),
      MARKET_EDITORS: userId,
    })
    const headers = { authorization: `Bearer ${token}` }
    expect(await rest(closed.url, 'PATCH', '/api/sectors/tech-001', { name: 'N' }, headers)).toMatchObject({
      status: 200,
    })
    expect(
      await rest(
        closed.url,
        'POST',
        '/api/discussions/disc-123/messages',
        { content: 'x', authorId: 'agent-789' },
        headers,
      ),
    ).toMatchObject({ status: 201, body: { authorName: 'TradingBot' } })
  })
})
