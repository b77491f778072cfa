// JSON that is nested too deeply is refused on every way into the server.
import { once } from 'node:events'
import { clientFrame, rawWebSocket, until } from '@tablecast/testing'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, post, type Server } from '../testing/body-requests.ts'
import { openWatched } from '../testing/watched.ts'

describe('JSON that is nested too deeply', () => {
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  let server: Server
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({ LOG_LEVEL: 'error' })
    table = await people(server)
  })
  afterAll(async () => {
    // The server logs none of these refusals as its own failure.
    expect(server.output()).not.toContain('call failed')
    await server[Symbol.asyncDispose]()
  })

  it('is refused with a reason over HTTP: in bodies, in batches, in addresses', async () => {
    const shallow = `${'['.repeat(3_000)}${']'.repeat(3_000)}`
    const message = `{"id":"550e8400-e29b-41d4-a716-446655440000","payload":${deep}}`
    const answers = [
      await post(server, '/trpc/topics.publish', `{"topic":"t","message":${message}}`, table.token),
      await post(server, '/trpc/auth.guest', deep),
      await post(server, '/trpc/auth.guest,auth.guest?batch=1', `{"0":{"name":"G"},"1":${deep}}`),
      await post(server, '/trpc/campaign.import', `{"roomId":"main","document":${deep}}`, table.token),
      await post(server, '/init_session', `{"session_id":${deep}}`),
      await post(server, '/topics', `{"name":${deep}}`),
      await post(server, '/api/sectors', deep),
      await post(server, '/api/discussions/disc-123/messages', `{"content":${deep}}`),
    ]
    for (const query of [`input=${shallow}`, `batch=1&input={"0":${shallow}}`, `connectionParams=${shallow}`]) {
      const response = await fetch(`${server.url}/trpc/market.board?${query}`)
      answers.push({ status: response.status, text: await response.text() })
    }
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400))
    for (const { text } of answers) {
      expect(text).toContain('nested too deeply')
      expect(text).toContain('BAD_REQUEST')
    }
  })

  it('is refused with a reason over tRPC’s WebSocket, under the id of its call', async () => {
    const socket = rawWebSocket(server.port, '/trpc')
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
    await until(() => text.includes('\r\n\r\n'))
    const call = (id: number, input: string) =>
      `{"id":${id},"method":"query","params":{"path":"auth.config","input":${input}}}`
    socket.write(clientFrame(call(7, deep)))
    socket.write(clientFrame(`[${call(8, '{}')},${call(9, deep)}]`))
    socket.write(clientFrame(call(10, 'null')))
    await until(() => text.includes('"id":10'))
    for (const id of [7, 8, 9])
      expect(text).toMatch(new RegExp(`"id":${id},"error":\\{"message":"[^"]*nested too deeply`))
    expect(text).not.toContain('INTERNAL')
    socket.destroy()
    const first = rawWebSocket(server.port, '/trpc?connectionParams=1')
    let received = ''
    first.on('data', (part: Buffer) => (received += part.toString('latin1')))
    await until(() => received.includes('\r\n\r\n'))
    first.write(clientFrame(`{"method":"connectionParams","data":${deep}}`))
    await once(first, 'close')
    expect(received).toContain('nested too deeply')
  })

  it('is refused with a reason on every plain socket, under its request_id', async () => {
    for (const path of ['/ws', '/ws/campaign/dm', '/ws/campaign/player', '/ws/stream', '/ws/arena/a']) {
      const socket = rawWebSocket(server.port, path)
      let text = ''
      socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
      await until(() => text.includes('\r\n\r\n'))
      socket.write(clientFrame(`{"type":"ping","request_id":"deep","more":${deep}}`))
      await until(() => text.includes('"request_id":"deep"'))
      expect([path, text]).toEqual([path, expect.stringContaining('nested too deeply') as string])
      socket.destroy()
    }
  })

  it.each(['websocket', 'polling'])('is refused with a reason over Socket.IO, by %s', async (transport) => {
    const client = io(server.url, { transports: [transport], forceNew: true })
    const errors: unknown[] = []
    client.on('error', (error: unknown) => void errors.push(error))
    try {
      await once(client as never, 'connect')
      const deeper = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
      const answer: unknown = await client.timeout(30_000).emitWithAck('subscribe:sector', { raw: 1, more: 2 })
      expect(answer).toMatchObject({ status: 'error', error: { code: 'BAD_REQUEST' } })
      // The client's encoder is recursive and would overflow, so the test writes the packet as text.
      client.io.engine.write(`2["subscribe:sector",${deeper}]`)
      await until(() => errors.length > 0)
      expect(errors).toEqual([expect.objectContaining({ code: 'BAD_REQUEST' })])
      const alive: unknown = await client.timeout(30_000).emitWithAck('subscribe:sector', 'tech-001')
      expect(alive).toMatchObject({ status: 'ok' })
    } finally {
      client.disconnect()
    }
  })
})
