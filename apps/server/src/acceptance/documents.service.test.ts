// The examples of the plain protocols, as users type them: with curl, and with plain WebSockets.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { MemoryBus } from '@tablecast/bus'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../testing/testbed.ts'

const curl = async (...args: string[]) =>
  JSON.parse((await promisify(execFile)('curl', ['-s', ...args])).stdout) as unknown

/** Imitates wscat: connects, sends lines, and keeps the received lines. */
async function wscat(url: string) {
  const socket = new WebSocket(url)
  const lines: unknown[] = []
  socket.on('message', (data) => lines.push(JSON.parse((data as Buffer).toString())))
  await once(socket, 'open')
  return {
    lines,
    type: (line: string) => socket.send(line),
    [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()),
  }
}

describe('the documented example of', () => {
  it('topics works: create, list, health, stats, subscribe, publish, ping, unsubscribe, delete', async () => {
    await using testbed = await openTestbed()
    const { url, wsUrl } = testbed
    expect(
      await curl('-X', 'POST', `${url}/topics`, '-H', 'Content-Type: application/json', '-d', '{"name":"orders"}'),
    ).toEqual({ status: 'created', topic: 'orders' })
    expect(await curl(`${url}/topics`)).toEqual({ topics: [{ name: 'orders', subscribers: 0 }] })
    expect(await curl(`${url}/health`)).toMatchObject({
      uptime_sec: expect.any(Number) as unknown,
      topics: 1,
      subscribers: 0,
    })

    await using one = await wscat(`${wsUrl}/ws`)
    await using two = await wscat(`${wsUrl}/ws`)
    one.type('{"type":"subscribe","topic":"orders","client_id":"s1","last_n":0,"request_id":"r-sub-1"}')
    await until(() => one.lines.length === 1)
    expect(one.lines[0]).toMatchObject({ type: 'ack', request_id: 'r-sub-1', status: 'ok', topic: 'orders' })
    two.type(
      '{"type":"publish","topic":"orders","message":{"id":"550e8400-e29b-41d4-a716-446655440000","payload":{"order_id":123,"status":"created"}},"request_id":"r-pub-1"}',
    )
    await until(() => two.lines.length === 1 && one.lines.length === 2)
    expect(two.lines[0]).toMatchObject({ type: 'ack', request_id: 'r-pub-1', status: 'ok', topic: 'orders' })
    expect(one.lines[1]).toEqual({
      type: 'event',
      topic: 'orders',
      message: { id: '550e8400-e29b-41d4-a716-446655440000', payload: { order_id: 123, status: 'created' } },
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
    })
    one.type('{"type":"ping","request_id":"ping-1"}')
    await until(() => one.lines.length === 3)
    expect(one.lines[2]).toMatchObject({ type: 'pong', request_id: 'ping-1', ts: expect.any(String) as unknown })
    expect(await curl(`${url}/stats`)).toMatchObject({ topics: { orders: { messages: 1, subscribers: 1 } } })
    one.type('{"type":"unsubscribe","topic":"orders","client_id":"s1","request_id":"r-unsub-1"}')
    await until(() => one.lines.length === 4)
    expect(one.lines[3]).toMatchObject({ type: 'ack', request_id: 'r-unsub-1' })
    expect(await curl('-X', 'DELETE', `${url}/topics/orders`)).toEqual({ status: 'deleted', topic: 'orders' })
  })

  it('signals works: a new client gets the newest payload, then each further one', async () => {
    const bus = new MemoryBus()
    await using testbed = await openTestbed({}, { bus })
    const payload = (spot: number) => JSON.stringify({ spy: { spot }, levels: [{ price: spot }], viewport: {} })
    bus.publish('levels.signals', payload(580))
    await using client = await wscat(`${testbed.wsUrl}/ws/stream`)
    await until(() => client.lines.length === 1)
    bus.publish('levels.signals', payload(581))
    await until(() => client.lines.length === 2)
    expect(client.lines).toEqual([JSON.parse(payload(580)), JSON.parse(payload(581))])
    expect(await curl(`${testbed.url}/health`)).toMatchObject({
      connections: 1,
      last_message_ts: expect.any(String) as unknown,
      consumer_lag: 0,
      feeds: [{ name: 'levels', received: 2, skipped: 0 }],
    })
  })
})
