import { MemoryBus } from '@tablecast/bus'
import type { MarketEvent } from '@tablecast/contracts'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { follow, socketIo } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
const at = '2025-01-15T10:30:00.000Z'
const string = expect.any(String) as unknown

describe('the market', () => {
  let testbed: Testbed
  const channels = new MemoryBus()
  const publishers = immediatePublishersOn(channels)
  beforeAll(async () => {
    testbed = await openTestbed({}, { channels })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it('gives a new client the board, and then every message in order', async () => {
    await using client = await (await testbed.signIn('A')).socket()
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

  it('gives a client that resumes its missed events, or the board if it missed too many', async () => {
    await using client = await (await testbed.signIn('A')).socket()
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
    for (const position of [newest, 'other:3', 'nonsense']) {
      const late = follow(client, position)
      await until(() => late.events.length > 0)
      expect(late.events[0]?.type).toBe('market:snapshot')
      late.stop()
    }
  })

  it('drops and counts messages that are not JSON or do not fit, and still delivers the next one', async () => {
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
      ['agent_status', `{"agentId":"a","status":"idle","why":${'['.repeat(300)}${']'.repeat(300)}}`],
      ['agent_status', `{"agentId":"a","status":"idle","why":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ]
    for (const [channel, text] of bad) channels.publish(channel, text)
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 7, timestamp: at })
    await until(() => listener.received.length > 0)
    expect(listener.received).toEqual([
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

  it('opens a discussion for each key, also for keys with the same first 63 characters', async () => {
    const user = await testbed.signIn('Mira')
    const key = 'k'.repeat(63)
    const open = (end: string) => user.http.market.openDiscussion.mutate({ key: key + end, title: end })
    const [a, b, again] = [await open('a'), await open('b'), await open('a')]
    expect(a.id).not.toBe(b.id)
    expect(again).toEqual(a)
  })

  it('accepts messages as Python programs write them: null for a missing field, and times with an offset', async () => {
    await using listener = await socketIo(testbed.url)
    const before = await testbed.anonymous.market.status.query()
    const python: [string, object][] = [
      [
        'market_updates',
        { sectorId: null, value: null, indexValue: 1_001.5, timestamp: '2025-01-15T10:30:00.123456+00:00' },
      ],
      ['market_updates', { sectorId: 'tech-001', value: 77, indexValue: null, timestamp: '2025-01-15T12:30:00+02:00' }],
      [
        'sector_candles',
        {
          sectorId: 'tech-001',
          candle: {
            timestamp: '2025-01-15T10:30:00+00:00',
            value: 78,
            open: 70,
            high: null,
            low: null,
            close: null,
          },
        },
      ],
      [
        'discussion_messages',
        {
          discussionId: 'disc-123',
          message: {
            id: 'python-1',
            content: 'Hello!',
            authorId: 'agent-789',
            authorName: null,
            timestamp: '2025-01-15T12:30:00+02:00',
            type: null,
          },
        },
      ],
      ['agent_status', { agentId: 'agent-789', sectorId: null, status: 'idle' }],
    ]
    for (const [channel, payload] of python) channels.publish(channel, JSON.stringify(payload))
    await until(() => listener.received.length === python.length)
    // The same data as published, including the nulls.
    expect(listener.received.map(({ data }) => data)).toEqual(python.map(([, payload]) => payload))
    expect((await testbed.anonymous.market.status.query()).dropped).toBe(before.dropped)
    const board = await testbed.anonymous.market.board.query()
    expect(board.index).toBe(1_001.5)
    expect(board.sectors.find(({ id }) => id === 'tech-001')?.value).toBe(78)
    await until(async () => {
      const { messages } = await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })
      return messages.some(({ id }) => id === 'python-1')
    })
    const { messages } = await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })
    expect(messages.find(({ id }) => id === 'python-1')).toEqual({
      id: 'python-1',
      content: 'Hello!',
      authorId: 'agent-789',
      authorName: 'agent-789',
      timestamp: at,
      type: 'text',
    })
    const span = 'from=2025-01-15T10:30:00Z&to=2025-01-15T10:31:00%2B00:00'
    await until(async () => {
      const { body } = await rest(testbed.url, 'GET', `/api/sectors/tech-001/candles?${span}`)
      return (body as { candles: unknown[] }).candles.length === 1
    })
    expect(await rest(testbed.url, 'GET', `/api/sectors/tech-001/candles?${span}`)).toMatchObject({
      body: { candles: [{ timestamp: at, value: 78, open: 70, high: 78, low: 70, close: 78 }] },
    })
    // Messages without any value, or without a time zone, still do not fit.
    channels.publish('market_updates', JSON.stringify({ value: null, indexValue: null, timestamp: at }))
    channels.publish('market_updates', JSON.stringify({ indexValue: 1, timestamp: '2025-01-15T10:30:00' }))
    await until(async () => (await testbed.anonymous.market.status.query()).dropped === before.dropped + 2)
  })

  it('stores and delivers a message from REST and from tRPC, and answers a repeat with the same message', async () => {
    const user = await testbed.signIn('Mira')
    await using client = await user.socket()
    await using listener = await socketIo(testbed.url)
    const followed = follow(client)
    await until(() => followed.events.length > 0)
    const key = newKey()
    const post = () => user.http.market.post.mutate({ key, discussionId: 'disc-123', content: ' Buy! ' })
    const { message } = await post()
    expect(message).toEqual({
      id: key,
      content: 'Buy!',
      authorId: user.session.userId,
      authorName: 'Mira',
      type: 'text',
      timestamp: string,
    })
    expect(await post()).toEqual({ message })
    await expect(
      user.http.market.post.mutate({ key, discussionId: 'disc-123', content: 'Sell!' }),
    ).rejects.toMatchObject({ data: { tablecast: { code: 'CONFLICT' } } })
    const written = await rest(testbed.url, 'POST', '/api/discussions/disc-123/messages', {
      content: 'I think we should buy more tech stocks',
      authorId: 'agent-789',
    })
    expect(written).toMatchObject({ status: 201, body: { authorName: 'TradingBot', type: 'text', timestamp: string } })
    const messagesIn = (events: readonly MarketEvent[]) =>
      events.filter(({ type }) => type === 'discussion:new_message')
    await until(() => messagesIn(followed.events).length === 2 && listener.received.length === 2)
    expect(messagesIn(followed.events).map(({ data }) => data)).toEqual([
      { discussionId: 'disc-123', message },
      { discussionId: 'disc-123', message: written.body },
    ])
    expect(listener.received.map(({ data }) => data)).toEqual(messagesIn(followed.events).map(({ data }) => data))
    const page = await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })
    expect(page.messages.slice(-2)).toEqual([message, written.body])
    followed.stop()
  })

  it('gives the messages of a discussion page by page, back to the first', async () => {
    const user = await testbed.signIn('Mira')
    const { id } = await user.http.market.openDiscussion.mutate({ key: newKey(), title: 'Long' })
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

  it('stores a message of another process once, and skips one for an unknown discussion', async () => {
    const message = { id: 'msg-456', content: 'Hello!', authorId: 'agent-789', timestamp: '2025-01-15T10:30:00Z' }
    publishers.publishDiscussionMessage({ discussionId: 'disc-124', message })
    publishers.publishDiscussionMessage({ discussionId: 'disc-124', message })
    publishers.publishDiscussionMessage({ discussionId: 'nowhere', message: { ...message, id: 'msg-457' } })
    const stored = async () => (await testbed.anonymous.market.messages.query({ discussionId: 'disc-124' })).messages
    await until(async () => (await stored()).length > 0)
    expect(await stored()).toEqual([{ ...message, authorName: 'agent-789', type: 'text', timestamp: at }])
  })

  it('publishes a new board when a list changes, and an event for a changed value or status', async () => {
    await using client = await (await testbed.signIn('A')).socket()
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

  it('delivers broadcasts from within the process to the node’s own clients', async () => {
    await using listener = await socketIo(testbed.url)
    const { market } = testbed.server
    const candle = { timestamp: at, value: 1250.5 }
    const message = { id: 'msg-900', content: 'Hello!', authorId: 'agent-789', timestamp: at }
    market.broadcastMarketUpdate({ sectorId: 'tech-001', indexValue: 1250.5, timestamp: at })
    market.broadcastSectorCandleUpdate({ sectorId: 'tech-001', candle })
    market.broadcastNewMessage({ discussionId: 'disc-123', message })
    market.broadcastAgentStatusUpdate({ agentId: 'agent-789', sectorId: 'tech-001', status: 'active' })
    await until(() => listener.received.length === 4)
    expect(listener.received).toEqual([
      { event: 'market:update', data: { sectorId: 'tech-001', indexValue: 1250.5, timestamp: at } },
      { event: 'sector:candle_update', data: { sectorId: 'tech-001', candle } },
      { event: 'discussion:new_message', data: { discussionId: 'disc-123', message } },
      { event: 'agent:status_update', data: { agentId: 'agent-789', sectorId: 'tech-001', status: 'active' } },
    ])
  })
})
