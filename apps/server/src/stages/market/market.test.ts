import { MemoryBus } from '@tablecast/bus'
import type { MarketEvent } from '@tablecast/contracts'
import { publishersOn } from '@tablecast/market-sim'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { follow, socketIo } from './testing.ts'

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

  it('create, read, replace, change and delete a sector', async () => {
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
      body: { error: { code: 'NOT_FOUND', message: 'there is no sector tech-001' } },
    })
  })

  it('make an id where none is given, and refuse one that is taken', async () => {
    const { body } = await call('POST', '/api/agents', { name: 'Anonymous' })
    const { id } = body as { id: string }
    expect(body).toMatchObject({ status: 'idle', sectorId: null })
    expect(await call('POST', '/api/agents', { id, name: 'Another' })).toMatchObject({
      status: 409,
      body: { error: { code: 'ALREADY_EXISTS' } },
    })
  })

  it('refuse a change of what was changed meanwhile, and keep it as it is', async () => {
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
  ])('%s %s %j is 422 and names %s', async (method, path, body, field) => {
    const answer = await call(method, path, body)
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_FAILED' } } })
    const { issues } = (answer.body as { error: { issues: { path: string }[] } }).error
    expect(issues.map(({ path: where }) => where)).toContain(field)
  })

  it('answer 400 to what is no JSON, and 404 to what is not there', async () => {
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

  it('list page by page, and filter', async () => {
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

  it('stand in the documentation', async () => {
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

describe('candles', () => {
  it('are told, kept, and given by interval', async () => {
    const channels = new MemoryBus()
    await using testbed = await openTestbed({ MARKET_SAMPLE: 'false' }, { channels })
    await rest(testbed.url, 'POST', '/api/sectors', { id: 's', name: 'S' })
    const publishers = publishersOn(channels)
    for (const [minute, open, high, low, close] of [
      ['10:30', 10, 15, 9, 12],
      ['10:31', 12, 13, 5, 6],
      ['10:36', 6, 8, 6, 7],
    ] as const)
      publishers.publishSectorCandle({
        sectorId: 's',
        candle: { timestamp: `2025-01-15T${minute}:00.000Z`, value: close, open, high, low, close },
      })
    // With a value alone it is a candle of that value.
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

describe('live', () => {
  let testbed: Testbed
  const channels = new MemoryBus()
  const publishers = publishersOn(channels)
  beforeAll(async () => {
    testbed = await openTestbed({}, { channels })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it('gives a newcomer the board, and then every message in order', async () => {
    await using client = await (await testbed.seat('A')).socket()
    const followed = follow(client)
    await until(() => followed.events.length === 1)
    const [first] = followed.events
    if (first?.type !== 'market:snapshot') throw new Error('no board')
    expect(first.data.sectors.map(({ id }) => id)).toContain('tech-001')
    expect(first.data.sectors[0]).toMatchObject({
      value: expect.any(Number) as unknown,
      reference: expect.any(Number) as unknown,
    })
    expect(first.data.agents.find(({ id }) => id === 'agent-789')).toMatchObject({ name: 'TradingBot', status: 'idle' })
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 1_250.5, timestamp: at })
    publishers.publishAgentStatus({ agentId: 'agent-789', sectorId: 'tech-001', status: 'active' })
    publishers.publishMarketUpdate({ indexValue: 1_003.2, timestamp: at })
    await until(() => followed.events.length === 4)
    expect(followed.events.slice(1)).toEqual([
      { type: 'market:update', data: { sectorId: 'tech-001', value: 1_250.5, timestamp: at } },
      { type: 'agent:status_update', data: { agentId: 'agent-789', sectorId: 'tech-001', status: 'active' } },
      { type: 'market:update', data: { indexValue: 1_003.2, timestamp: at } },
    ])
    const board = await testbed.anonymous.market.board.query()
    expect(board.index).toBe(1_003.2)
    expect(board.sectors.find(({ id }) => id === 'tech-001')?.value).toBe(1_250.5)
    expect(board.agents.find(({ id }) => id === 'agent-789')?.status).toBe('active')
    followed.stop()
  })

  it('goes on where a client was, and gives the board again to one that was away too long', async () => {
    await using client = await (await testbed.seat('A')).socket()
    const before = follow(client)
    await until(() => before.events.length > 0)
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 1 })
    await until(() => before.events.length > 1)
    const { newest } = before
    before.stop()
    for (let value = 2; value <= 40; value++) publishers.publishMarketUpdate({ sectorId: 'tech-001', value })
    const after = follow(client, newest)
    await until(() => after.events.length === 39)
    expect(after.events.map(({ data }) => (data as { value: number }).value)).toEqual(
      Array.from({ length: 39 }, (_, n) => n + 2),
    )
    after.stop()
    for (let value = 0; value < 2_100; value++) publishers.publishMarketUpdate({ sectorId: 'tech-001', value })
    for (const gone of [newest, 'other:3', 'nonsense']) {
      const late = follow(client, gone)
      await until(() => late.events.length > 0)
      expect(late.events[0]?.type).toBe('market:snapshot')
      late.stop()
    }
  })

  it('counts and drops what is no JSON or does not fit, and serves on', async () => {
    await using listener = await socketIo(testbed.url)
    const before = await testbed.anonymous.market.status.query()
    const bad: [string, string][] = [
      ['market_updates', 'not json'],
      ['market_updates', '[]'],
      ['market_updates', '{"sectorId":"tech-001","timestamp":"2025-01-15T10:30:00.000Z"}'],
      ['market_updates', `{"sectorId":"tech-001","value":"1250","timestamp":"${at}"}`],
      ['market_updates', `{"sectorId":"tech-001","value":1,"timestamp":"soon"}`],
      ['sector_candles', `{"sectorId":"tech-001","candle":{"timestamp":"${at}"}}`],
      ['sector_candles', `{"sectorId":"tech-001","candle":{"timestamp":"${at}","value":1,"high":1,"low":2}}`],
      [
        'discussion_messages',
        `{"discussionId":"disc-123","message":{"id":"m","content":"","authorId":"a","timestamp":"${at}"}}`,
      ],
      ['discussion_messages', `{"discussionId":"../x","message":{}}`],
      ['agent_status', '{"agentId":"a"}'],
      ['agent_status', `{"agentId":"a","status":"${'x'.repeat(70_000)}"}`],
    ]
    for (const [channel, text] of bad) channels.publish(channel, text)
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 7, timestamp: at })
    await until(() => listener.heard.length > 0)
    expect(listener.heard).toEqual([
      { event: 'market:update', data: { sectorId: 'tech-001', value: 7, timestamp: at } },
    ])
    const after = await testbed.anonymous.market.status.query()
    expect(after).toMatchObject({
      channels: 'memory',
      isConnected: true,
      dropped: before.dropped + bad.length,
      relayed: before.relayed + 1,
    })
    expect((await testbed.anonymous.ops.health.query()).market.dropped).toBe(after.dropped)
  })

  it('stores a message and tells it, by REST and by tRPC; a repeat is the same message', async () => {
    const seat = await testbed.seat('Mira')
    await using client = await seat.socket()
    await using listener = await socketIo(testbed.url)
    const followed = follow(client)
    await until(() => followed.events.length > 0)
    const key = newKey()
    const post = () => seat.http.market.post.mutate({ key, discussionId: 'disc-123', content: ' Buy! ' })
    const { message } = await post()
    expect(message).toEqual({
      id: key,
      content: 'Buy!',
      authorId: seat.session.userId,
      authorName: 'Mira',
      type: 'text',
      timestamp: string,
    })
    expect(await post()).toEqual({ message })
    await expect(seat.http.market.post.mutate({ key, discussionId: 'disc-123', content: 'Sell!' })).rejects.toThrow(
      'another message',
    )
    const spoken = await rest(testbed.url, 'POST', '/api/discussions/disc-123/messages', {
      content: 'I think we should buy more tech stocks',
      authorId: 'agent-789',
    })
    expect(spoken).toMatchObject({ status: 201, body: { authorName: 'TradingBot', type: 'text', timestamp: string } })
    const told = (events: readonly MarketEvent[]) => events.filter(({ type }) => type === 'discussion:new_message')
    await until(() => told(followed.events).length === 2 && listener.heard.length === 2)
    expect(told(followed.events).map(({ data }) => data)).toEqual([
      { discussionId: 'disc-123', message },
      { discussionId: 'disc-123', message: spoken.body },
    ])
    expect(listener.heard.map(({ data }) => data)).toEqual(told(followed.events).map(({ data }) => data))
    const page = await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })
    expect(page.messages.slice(-2)).toEqual([message, spoken.body])
    followed.stop()
  })

  it('pages messages back to the first', async () => {
    const seat = await testbed.seat('Mira')
    const { id } = await seat.http.market.openDiscussion.mutate({ key: newKey(), title: 'Long' })
    for (let n = 0; n < 7; n++)
      await rest(testbed.url, 'POST', `/api/discussions/${id}/messages`, { content: `no. ${n}` })
    const pages: string[][] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await rest(
        testbed.url,
        'GET',
        `/api/discussions/${id}/messages?limit=3${cursor ? `&cursor=${cursor}` : ''}`,
      )
      const page = body as { messages: { content: string }[]; nextCursor: string | null }
      pages.push(page.messages.map(({ content }) => content))
      cursor = page.nextCursor
    }
    expect(pages).toEqual([['no. 4', 'no. 5', 'no. 6'], ['no. 1', 'no. 2', 'no. 3'], ['no. 0']])
    expect(await rest(testbed.url, 'GET', `/api/discussions/${id}/messages?cursor=x`)).toMatchObject({ status: 400 })
  })

  it('keeps what other processes say, once, with its history', async () => {
    const message = { id: 'msg-456', content: 'Hello!', authorId: 'agent-789', timestamp: '2025-01-15T10:30:00Z' }
    publishers.publishDiscussionMessage({ discussionId: 'disc-124', message })
    publishers.publishDiscussionMessage({ discussionId: 'disc-124', message })
    publishers.publishDiscussionMessage({ discussionId: 'nowhere', message: { ...message, id: 'msg-457' } })
    const kept = async () => (await testbed.anonymous.market.messages.query({ discussionId: 'disc-124' })).messages
    await until(async () => (await kept()).length > 0)
    expect(await kept()).toEqual([{ ...message, authorName: 'agent-789', type: 'text', timestamp: at }])
  })

  it('tells everyone of changed lists by a new board, and of a new value and status as such', async () => {
    await using client = await (await testbed.seat('A')).socket()
    const followed = follow(client)
    await until(() => followed.events.length > 0)
    await rest(testbed.url, 'POST', '/api/sectors', { id: 'new-1', name: 'New', value: 5 })
    await until(() =>
      followed.events.some(
        ({ type, data }) => type === 'market:board' && data.sectors.some(({ id }) => id === 'new-1'),
      ),
    )
    await rest(testbed.url, 'PATCH', '/api/sectors/new-1', { value: 6 })
    await rest(testbed.url, 'PATCH', '/api/agents/agent-789', { status: 'error' })
    await until(() =>
      followed.events.some(
        ({ type, data }) => type === 'market:update' && data.sectorId === 'new-1' && data.value === 6,
      ),
    )
    await until(() =>
      followed.events.some(({ type, data }) => type === 'agent:status_update' && data.status === 'error'),
    )
    await rest(testbed.url, 'GET', '/api/sectors/new-1')
    await fetch(`${testbed.url}/api/sectors/new-1`, { method: 'DELETE' })
    await until(() => {
      const last = followed.events.findLast(({ type }) => type === 'market:board')
      return last?.type === 'market:board' && !last.data.sectors.some(({ id }) => id === 'new-1')
    })
    followed.stop()
  })

  it('is told to this node’s clients alone by the broadcasts within the process', async () => {
    await using listener = await socketIo(testbed.url)
    const { market } = testbed.server
    const candle = { timestamp: at, value: 1250.5 }
    const message = { id: 'msg-900', content: 'Hello!', authorId: 'agent-789', timestamp: at }
    market.broadcastMarketUpdate({ sectorId: 'tech-001', indexValue: 1250.5, timestamp: at })
    market.broadcastSectorCandleUpdate({ sectorId: 'tech-001', candle })
    market.broadcastNewMessage({ discussionId: 'disc-123', message })
    market.broadcastAgentStatusUpdate({ agentId: 'agent-789', sectorId: 'tech-001', status: 'active' })
    await until(() => listener.heard.length === 4)
    expect(listener.heard).toEqual([
      { event: 'market:update', data: { sectorId: 'tech-001', indexValue: 1250.5, timestamp: at } },
      { event: 'sector:candle_update', data: { sectorId: 'tech-001', candle } },
      { event: 'discussion:new_message', data: { discussionId: 'disc-123', message } },
      { event: 'agent:status_update', data: { agentId: 'agent-789', sectorId: 'tech-001', status: 'active' } },
    ])
  })
})

describe('who may change the market', () => {
  it('is everyone where no token is asked for; else editors, and for discussions who opened them', async () => {
    await using open = await openTestbed()
    expect(await rest(open.url, 'PATCH', '/api/sectors/tech-001', { name: 'Mine' })).toMatchObject({ status: 200 })

    await using closed = await openTestbed({ COMPAT_AUTH: 'token', MARKET_EDITORS: 'somebody-else' })
    const [anyone, other] = [await closed.seat('Anyone'), await closed.seat('Other')]
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
    const { token } = anyone.session
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
      body: { authorId: anyone.session.userId, authorName: 'Anyone' },
    })
  })

  it('an editor may', async () => {
    await using first = await openTestbed({ SESSION_SECRET: 'x'.repeat(40) })
    const { token, userId } = (await first.seat('Editor')).session
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
