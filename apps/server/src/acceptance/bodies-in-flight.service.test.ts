// Bodies of HTTP requests that are on their way: how many bytes, and for how long.
import { freePort, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { bearer, MIB, people, RawRequest } from '../testing/body-requests.ts'
import { openWatched } from '../testing/watched.ts'

describe('request bodies in flight', () => {
  it('have a limit for each address and one for all, and free their share when their connections close', async () => {
    const metricsPort = await freePort()
    await using server = await openWatched({
      METRICS_PORT: String(metricsPort),
      TRUSTED_PROXIES: 'loopback',
      MAX_BODY_BYTES: '1000',
      MAX_BODY_BYTES_IN_FLIGHT_PER_IP: '3000',
      MAX_BODY_BYTES_IN_FLIGHT: '5000',
      MAX_IMPORT_BYTES: '1500',
    })
    const inFlight = () => bytesInFlight(metricsPort)
    const from = (address: string, headers: Record<string, string | number> = { 'Content-Length': 1_000 }) => {
      const request = new RawRequest(server.port, '/trpc/auth.guest', { 'X-Forwarded-For': address, ...headers })
      request.socket.write(headers['Content-Length'] === undefined ? '1\r\n{\r\n' : '{')
      return request
    }
    const refused = async (request: RawRequest) => {
      const status = await request.answered()
      expect(request.answer).toMatch(/retry-after: \d/i)
      request.socket.destroy()
      return status
    }
    const waiting = ['192.0.2.1', '192.0.2.1', '192.0.2.1'].map((address) => from(address))
    await until(async () => (await inFlight()) === 3_000)
    expect(await refused(from('192.0.2.1'))).toBe(429)
    // A body without a length counts as one of MAX_BODY_BYTES.
    waiting.push(from('192.0.2.2', { 'Transfer-Encoding': 'chunked' }), from('192.0.2.2'))
    await until(async () => (await inFlight()) === 5_000)
    expect(await refused(from('192.0.2.3'))).toBe(503)
    expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => null))
    for (const { socket } of waiting) socket.destroy()
    await until(async () => (await inFlight()) === 0)
    const answer = await fetch(`${server.url}/trpc/auth.guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1' },
      body: '{"name":"G"}',
    })
    expect(answer.status).toBe(200)
    await until(async () => (await inFlight()) === 0)
  })

  it('that arrive too slowly are ended on every kind of route, also where no route reads them', async () => {
    await using server = await openWatched({ BODY_TIMEOUT: '1' })
    const { guestToken } = await people(server)
    const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`).then((answer) => answer.text())
    const { sid } = JSON.parse(polling.slice(1)) as { sid: string }
    const slow = [
      new RawRequest(server.port, '/trpc/auth.guest', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/trpc/auth.guest', { 'Transfer-Encoding': 'chunked' }),
      new RawRequest(server.port, '/topics', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/nowhere', { 'Content-Length': 5_000 }),
      new RawRequest(server.port, '/health', { 'Content-Length': 5_000 }, 'GET'),
      new RawRequest(server.port, '/trpc/campaign.import', { 'Content-Length': MIB, ...bearer(guestToken) }),
      new RawRequest(server.port, `/socket.io/?EIO=4&transport=polling&sid=${sid}`, { 'Content-Length': 5_000 }),
    ]
    const dripping = setInterval(() => {
      for (const { socket } of slow) socket.write(socket === slow[1]?.socket ? '1\r\n \r\n' : ' ')
    }, 100)
    await Promise.all(slow.map(({ closed }) => closed)).finally(() => clearInterval(dripping))
    expect(slow.map(({ status }) => status)).toEqual([408, 408, 408, 408, 200, 403, 408])
    expect(await bytesInFlight(server.port)).toBe(0)
  })
})

const bytesInFlight = async (port: number) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^tablecast_body_bytes_in_flight (\d+)$/m.exec(text)?.[1])
}
