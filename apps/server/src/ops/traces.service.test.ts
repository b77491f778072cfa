import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePort } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newKey, openTestbed, until } from '../testing/testbed.ts'

const Attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(Attribute),
})
/** OTLP over HTTP, as JSON (https://opentelemetry.io/docs/specs/otlp/). */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(Attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

const attributesOf = (attributes: z.infer<typeof Attribute>[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** A collector that keeps the spans that it receives, and answers with `status`. */
async function openCollector(status = 200) {
  let requests = 0
  const spans: z.infer<typeof Span>[] = []
  const services = new Set<unknown>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      requests += 1
      if (request.url !== '/v1/traces') return void response.writeHead(404).end()
      for (const { resource, scopeSpans } of Export.parse(JSON.parse(Buffer.concat(parts).toString())).resourceSpans) {
        services.add(attributesOf(resource.attributes)['service.name'])
        for (const scope of scopeSpans) spans.push(...scope.spans)
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    services,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('Traces', () => {
  it('show a DM’s mutation in one trace: the call, the commit and the fan-out', async () => {
    await using collector = await openCollector()
    await using testbed = await openTestbed({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'a-table',
    })
    const dm = await testbed.join('DM', 'owner')
    const player = await testbed.join('Mira', 'player')
    await using socket = await player.socket()
    const received: unknown[] = []
    socket.trpc.campaign.events.subscribe(
      { roomId: 'main', lastEventId: null },
      { onData: (event) => void received.push(event) },
    )
    await until(() => received.length === 1)
    await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'The bell tolls.' })
    await until(() => received.length === 2)
    const named = (name: string) => collector.spans.filter((span) => span.name === name)
    await until(() => named('campaign.say').length === 1 && named('fan-out').length > 0)
    const [call] = named('campaign.say')
    const inTrace = collector.spans.filter(({ traceId }) => traceId === call?.traceId)
    const children = inTrace.filter(({ parentSpanId }) => parentSpanId === call?.spanId).map(({ name }) => name)
    expect(call?.parentSpanId ?? '').toBe('')
    expect(children).toContain('store write')
    expect(children).toContain('fan-out')
    expect(new Set(inTrace.map(({ name }) => name))).toEqual(new Set(['campaign.say', 'store write', 'fan-out']))
    expect(attributesOf(call?.attributes ?? [])).toMatchObject({
      'tablecast.code': 'OK',
      'tablecast.room_id': 'main',
      'tablecast.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const write = inTrace.find(({ name }) => name === 'store write')
    const flush = inTrace.find(({ name }) => name === 'fan-out')
    expect(Number(flush?.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(write?.startTimeUnixNano))
    expect([...collector.services]).toEqual(['a-table'])

    // Another request has another trace, and a refused one has its error code.
    await dm.http.campaign.get.query({ roomId: 'main', campaignId: 'none' }).catch(() => null)
    await fetch(`${testbed.url}/api/sectors`)
    await until(() => named('campaign.get').length === 1 && named('GET /api/sectors').length === 1)
    const [refused] = named('campaign.get')
    expect(refused?.traceId).not.toBe(call?.traceId)
    expect(attributesOf(refused?.attributes ?? [])['tablecast.code']).toBe('CAMPAIGN_NOT_FOUND')
  })

  it('do not disturb the server while the collector is down', async () => {
    let text = ''
    const logTo = { write: (line: string) => void (text += line) }
    const endpoint = `http://127.0.0.1:${await freePort()}`
    await using testbed = await openTestbed({ LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, { logTo })
    const dm = await testbed.join('DM', 'owner')
    const say = () => dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'The bell tolls.' })
    await say()
    await until(() => text.includes('the collector of traces can not be reached'))
    expect((await say()).seq).toBeGreaterThan(0)
  })

  it('cause one log line when the collector refuses them several times', async () => {
    let text = ''
    const logTo = { write: (line: string) => void (text += line) }
    await using collector = await openCollector(400)
    await using testbed = await openTestbed(
      { LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      { logTo },
    )
    await until(async () => {
      await testbed.anonymous.auth.config.query()
      return collector.requests() >= 3
    })
    expect(text.split('\n').filter((line) => line.includes('collector'))).toHaveLength(1)
  })
})
