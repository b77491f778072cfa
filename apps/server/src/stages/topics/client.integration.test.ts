// The package topics-client against a real server.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort } from '@tablecast/testing'
import { TopicsClient } from '@tablecast/topics-client'
import { describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'

const withoutDelay = { random: () => 0 }

describe('the topics client', () => {
  it('publishes messages, and gives a subscriber the newest ones and then the live ones', async () => {
    await using testbed = await openTestbed()
    await rest(testbed.url, 'POST', '/topics', { name: 'orders' })
    const client = new TopicsClient({ url: `${testbed.wsUrl}/ws` })
    for (const n of [1, 2, 3]) await client.publish('orders', { n })
    const seen: unknown[] = []
    const subscription = client.subscribe<{ n: number }>('orders', { lastN: 2 })
    expect(() => client.subscribe('orders')).toThrow('already')
    void client.publish('orders', { n: 4 })
    for await (const { payload, topic, ts, id } of subscription) {
      seen.push(payload.n)
      expect([topic, id, ts]).toEqual(['orders', expect.stringMatching(/^[\da-f-]{36}$/), expect.stringMatching(/Z$/)])
      if (payload.n === 4) break
    }
    expect(seen).toEqual([2, 3, 4])
    // The end of the loop ends the subscription.
    await until(async () =>
      JSON.stringify((await rest(testbed.url, 'GET', '/topics')).body).includes('"subscribers":0'),
    )
    client.close()
    await expect(client.publish('orders', 5)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('connects with a ticket where a token is needed, and asks for another ticket after a failure', async () => {
    await using testbed = await openTestbed({ COMPAT_AUTH: 'token' })
    const { session, http } = await testbed.signIn('T')
    await http.topics.create.mutate({ key: newKey(), topic: 'orders' })
    let tickets = 0
    const ticket = async () => {
      tickets += 1
      if (tickets === 1) throw new Error('not yet')
      const headers = { authorization: `Bearer ${session.token}` }
      const response = await fetch(`${testbed.url}/api/tickets`, { method: 'POST', headers })
      return ((await response.json()) as { ticket: string }).ticket
    }
    const client = new TopicsClient({ url: `${testbed.wsUrl}/ws`, ticket, ...withoutDelay })
    await client.publish('orders', { n: 1 })
    for await (const { payload } of client.subscribe<{ n: number }>('orders', { lastN: 1 })) {
      expect(payload.n).toBe(1)
      break
    }
    expect(tickets).toBe(2)
    client.close()
  })

  it('rejects with the code of the server, and reports a deleted topic as a notice', async () => {
    await using testbed = await openTestbed()
    const client = new TopicsClient({ url: `${testbed.wsUrl}/ws` })
    await expect(client.publish('none', 1)).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
    await expect(client.publish('none', 1, 'no-uuid')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(client.subscribe('none')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
    await rest(testbed.url, 'POST', '/topics', { name: 'brief' })
    const notices: string[] = []
    const brief = client.subscribe('brief', { onNotice: ({ kind }) => notices.push(kind) })
    const reading = brief[Symbol.asyncIterator]().next()
    await client.publish('brief', 'still there')
    expect((await reading).value).toMatchObject({ payload: 'still there' })
    await rest(testbed.url, 'DELETE', '/topics/brief')
    await until(() => notices.length === 1)
    expect(notices).toEqual(['topic_deleted'])
    client.close()
  })

  it('reconnects after a restart of the server, gets each missed message once, and publishes unacknowledged messages again', async () => {
    const port = String(await freePort())
    const environment = { TOPICS_DURABLE: 'true', PORT: port }
    const first = await openTestbed(environment)
    await rest(first.url, 'POST', '/topics', { name: 'long' })
    const url = `${first.wsUrl}/ws`
    const reader = new TopicsClient({ url, ...withoutDelay })
    const writer = new TopicsClient({ url, ...withoutDelay })
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const { payload } of reader.subscribe('long')) {
        seen.push(payload)
        if (payload === 'end') break
      }
    })()
    await until(() => reader.status === 'open')
    for (let n = 0; n < 5; n++) await writer.publish('long', n)
    await until(() => seen.length === 5)
    await first.server.drain()
    await until(() => reader.status !== 'open' && writer.status !== 'open')
    const unacknowledged = writer.publish('long', 'while disconnected')
    await using second = await openTestbed({ ...environment, DATA_DIR: first.folder })
    await unacknowledged
    await writer.publish('long', 'end')
    await reading
    expect(seen).toEqual([0, 1, 2, 3, 4, 'while disconnected', 'end'])
    expect(second.url).toBe(first.url)
    reader.close()
    writer.close()
    await first[Symbol.asyncDispose]()
  })

  it('gets an answer from the example bot', async () => {
    await using testbed = await openTestbed()
    const script = fileURLToPath(
      import.meta.resolve('@tablecast/topics-client').replace('src/index.ts', 'examples/dice-bot.ts'),
    )
    const bot = spawn(process.execPath, [script, `${testbed.wsUrl}/ws`], { stdio: 'ignore' })
    try {
      const client = new TopicsClient({ url: `${testbed.wsUrl}/ws` })
      await until(async () =>
        JSON.stringify((await rest(testbed.url, 'GET', '/topics')).body).includes('"dice.requests","subscribers":1'),
      )
      const rolled = client.subscribe<{ rolls: number[]; total: number; request: string }>('dice.rolls')
      const answer = rolled[Symbol.asyncIterator]().next()
      const id = '550e8400-e29b-41d4-a716-446655440000'
      await client.publish('dice.requests', { sides: 6, count: 3 }, id)
      const { value } = await answer
      expect(value?.payload).toMatchObject({
        request: id,
        rolls: [expect.any(Number), expect.any(Number), expect.any(Number)],
      })
      expect(value?.payload.rolls.every((roll) => roll >= 1 && roll <= 6)).toBe(true)
      client.close()
    } finally {
      bot.kill()
    }
  })
})
