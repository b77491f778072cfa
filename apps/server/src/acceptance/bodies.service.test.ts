// Bodies of HTTP requests: size limits by caller and route, and the delay that they cause to others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, MIB, people, post, RawRequest, type Server } from '../testing/body-requests.ts'
import { openWatched } from '../testing/watched.ts'
import { until } from '../testing/testbed.ts'

describe('a request body', () => {
  let server: Server
  let port: number
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({ CALLS_PER_SECOND_PER_IP: '100000', CONNECTIONS_PER_SECOND_PER_IP: '10000' })
    port = server.port
    table = await people(server)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('that is too large for its route and caller is refused before it is read', async () => {
    const cases: [path: string, status: number, token?: string][] = [
      ['/trpc/auth.guest', 413],
      ['/trpc/auth.guest', 413, table.token],
      ['/trpc/campaign.say', 413, table.token],
      ['/trpc/campaign.import,campaign.list?batch=1', 413, table.token],
      ['/init_session', 413],
      ['/api/sectors', 413],
      ['/topics', 413],
      ['/api/tickets', 413],
      ['/nowhere', 413],
      ['/socket.io/?EIO=4&transport=polling&sid=none', 413],
      ['/trpc/campaign.import', 401],
      ['/trpc/campaign.previewImport', 401],
      ['/trpc/campaign.previewScenario', 401],
      ['/trpc/campaign.import', 401, 'not-a-token'],
      ['/trpc/campaign.import?batch=1', 403, table.guestToken],
      ['/trpc/campaign.importScenario', 403, table.guestToken],
      ['/trpc/campaign.previewImport', 403, table.guestToken],
      ['/trpc/campaign.previewScenario', 403, table.guestToken],
      ['/trpc/campaign.edit', 403, table.guestToken],
    ]
    for (const [path, status, token] of cases) {
      const length = /import|preview/.test(path) && status !== 413 ? 1.5 * MIB : path.includes('edit') ? MIB : 31 * MIB
      const request = new RawRequest(port, path, { 'Content-Length': length, ...(token ? bearer(token) : {}) })
      expect([path, token?.slice(0, 5), await request.answered()]).toEqual([path, token?.slice(0, 5), status])
      request.socket.destroy()
    }
    const tooMuch = new RawRequest(port, '/trpc/campaign.import', {
      'Content-Length': 33 * MIB,
      ...bearer(table.token),
    })
    expect(await tooMuch.answered()).toBe(413)
    expect(tooMuch.answer).toContain('at most 33,554,432 bytes')
    tooMuch.socket.destroy()
  })

  it('without a Content-Length is refused above the limit for small bodies', async () => {
    const request = new RawRequest(port, '/trpc/campaign.import', {
      'Transfer-Encoding': 'chunked',
      ...bearer(table.token),
    })
    const piece = `${(16_384).toString(16)}\r\n${' '.repeat(16_384)}\r\n`
    for (let sent = 0; request.status === null && sent < 64; sent++) {
      request.socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await request.answered()).toBe(413)
    request.socket.destroy()
  })

  it('that is too large is refused with MESSAGE_TOO_LARGE, also for a client that sends all of it', async () => {
    const { status, text } = await post(server, '/trpc/auth.guest', JSON.stringify({ name: 'x'.repeat(8 * MIB) }))
    expect([status, text]).toEqual([413, expect.stringContaining('MESSAGE_TOO_LARGE') as string])
  })

  it('of 31 MB without a token holds no memory, for a hundred unfinished requests', async () => {
    const before = await server.memory()
    const part = Buffer.alloc(4 * MIB, ' ')
    const requests = Array.from({ length: 100 }, () => {
      const request = new RawRequest(port, '/trpc/auth.guest', { 'Content-Length': 31 * MIB })
      request.socket.write(part)
      return request
    })
    for (const request of requests) expect(await request.answered()).toBe(413)
    // The server reads and discards the refused bytes, some of them after its answers.
    await until(async () => (await server.memory()).arrayBuffers - before.arrayBuffers < 16 * MIB)
    for (const { socket } of requests) socket.destroy()
  })

  it('with millions of keys keeps the thread for less than 100 ms', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, n) => `"a${n}":1`).join()
    await server.worstStall()
    expect(await post(server, '/trpc/auth.guest', `{${keys(2_500_000)}}`)).toMatchObject({ status: 413 })
    expect(await post(server, '/trpc/auth.guest', `{${keys(10_000)}}`)).toMatchObject({ status: 400 })
    for (const [path, around] of [
      ['/trpc/campaign.edit', (inside: string) => inside],
      ['/trpc/campaign.import', (inside: string) => inside],
      ['/trpc/campaign.import', (inside: string) => `{"roomId":"main","document":{"entries":[${inside}]}}`],
      ['/trpc/campaign.import', (inside: string) => `{"roomId":"main","document":{"state":${inside}}}`],
    ] as const) {
      const { status } = await post(
        server,
        path,
        around(`{${keys(path.endsWith('edit') ? 70_000 : 2_000_000)}}`),
        table.token,
      )
      expect([path, status]).toEqual([path, 400])
    }
    expect((await server.worstStall()).cpuMs).toBeLessThan(100)
  })
})
