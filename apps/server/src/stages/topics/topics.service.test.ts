// Topics on two nodes, over a real nats-server and a real PostgreSQL.
import { once } from 'node:events'
import { startNats, startPostgres } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'

type Frame = { type: string; request_id?: string; message?: { payload: unknown }; error?: { code: string } }

async function client(wsUrl: string) {
  const socket = new WebSocket(`${wsUrl}/ws`)
  const frames: Frame[] = []
  socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  await once(socket, 'open')
  let requests = 0
  return {
    socket,
    payloads: () => frames.flatMap((frame) => (frame.type === 'event' ? [frame.message?.payload] : [])),
    async ask(frame: object): Promise<Frame | undefined> {
      const request_id = String(++requests)
      socket.send(JSON.stringify({ ...frame, request_id }))
      await until(() => frames.some((answer) => answer.request_id === request_id))
      return frames.find((answer) => answer.request_id === request_id)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()),
  }
}

const message = (payload: unknown) => ({ id: '550e8400-e29b-41d4-a716-446655440000', payload })

describe.each(['volatile', 'durable'])('%s topics on two nodes', (kind) => {
  it('reach the subscribers of both, exist on both, and are counted together', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: nats.url,
      TOPICS_DURABLE: String(kind === 'durable'),
    }
    await using first = await openTestbed(environment)
    await using second = await openTestbed(environment)
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    expect((await rest(first.url, 'POST', '/topics', { name: 'a.b' })).status).toBe(201)
    expect((await rest(second.url, 'POST', '/topics', { name: 'a.b' })).status).toBe(409)

    await using here = await client(first.wsUrl)
    await using there = await client(second.wsUrl)
    for (const one of [here, there])
      expect(await one.ask({ type: 'subscribe', topic: 'a.b', client_id: 's' })).toMatchObject({ type: 'ack' })
    for (let n = 0; n < 20; n++)
      await (n % 2 ? here : there).ask({ type: 'publish', topic: 'a.b', message: message(n) })
    for (const one of [here, there]) {
      await until(() => one.payloads().length === 20)
      expect(one.payloads().filter((n) => Number(n) % 2)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
      expect(new Set(one.payloads()).size).toBe(20)
    }
    await using late = await client(second.wsUrl)
    await late.ask({ type: 'subscribe', topic: 'a.b', client_id: 'late', last_n: 7 })
    await until(() => late.payloads().length === 7)
    expect(late.payloads()).toEqual(there.payloads().slice(-7))

    for (const { url } of [first, second])
      await until(async () => {
        const { body } = await rest(url, 'GET', '/stats')
        const { messages, subscribers } =
          (body as { topics: Record<string, { messages: number; subscribers: number }> }).topics['a.b'] ?? {}
        return messages === 20 && subscribers === 3
      })

    await nats.stop()
    await until(() => first.anonymous.ops.health.query().then(({ nats_connected }) => !nats_connected))
    const answer = await here.ask({ type: 'publish', topic: 'a.b', message: message('meanwhile') })
    // What is stored is safe, and comes when the bus is back; what isn't is refused.
    expect(answer).toMatchObject(
      kind === 'durable' ? { type: 'ack' } : { type: 'error', error: { code: 'BUS_UNAVAILABLE' } },
    )
    await nats.start()
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    await here.ask({ type: 'publish', topic: 'a.b', message: message('after') })
    await until(() => there.payloads().at(-1) === 'after')

    expect((await rest(second.url, 'DELETE', '/topics/a.b')).status).toBe(200)
    await until(
      async () => ((await rest(first.url, 'GET', '/topics')).body as { topics: unknown[] }).topics.length === 0,
    )
    expect(await here.ask({ type: 'publish', topic: 'a.b', message: message('gone') })).toMatchObject({
      error: { code: 'TOPIC_NOT_FOUND' },
    })
  })
})
