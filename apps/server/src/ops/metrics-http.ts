// `/metrics`: on a port of its own, or on the main port for callers on this machine.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '../config.ts'
import type { Metrics } from './metrics.ts'

/** Headers that a proxy adds. A request that came through one may come from another machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'] as const

/**
 * Whether a request comes from this machine. The address of the connection and the one that trusted proxies name must be loopback.
 * The `Host` must be loopback too, because a foreign page can point its own name here. No header of a proxy may be there.
 */
export function isFromHere(request: { remoteAddress: string; ip: string; headers: IncomingHttpHeaders }): boolean {
  const { remoteAddress, ip, headers } = request
  const hostName = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return (
    [remoteAddress, ip].every((address) => isLoopback(address.replace(/^::ffff:/i, ''))) &&
    isLoopback(hostName) &&
    FORWARDED.every((name) => headers[name] === undefined)
  )
}

/** Serves only `/metrics`, to every client that reaches the port. Rejects when the port is in use. */
export async function openMetricsPort(options: { metrics: Metrics; host: string; port: number }) {
  const { metrics, host, port } = options
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' || path !== '/metrics') return void response.writeHead(404).end()
    metrics.exposition().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.headersTimeout = 10_000
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
