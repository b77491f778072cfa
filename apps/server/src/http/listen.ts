// Where the server listens, by which names it is reached, and how it stops.
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type Config, ConfigError, isLoopback } from '../config.ts'
import { inUrl, ownOrigins } from './own-names.ts'

/** Throws ConfigError with the name of the setting that is wrong. */
export async function listen(
  app: FastifyInstance,
  config: Config,
): Promise<{ url: string; port: number; ownOrigins: readonly string[] }> {
  // After a restart everybody comes at once: with Node's own 511 the kernel turns some away.
  await app.listen({ port: config.PORT, host: config.HOST, backlog: 4_096 }).catch((error: unknown) => {
    throw notListening(error, config)
  })
  const { port, address } = app.server.address() as AddressInfo
  const url = config.PUBLIC_URL ?? `http://${reachable(config.HOST, address)}:${port}`
  return { url, port, ownOrigins: ownOrigins(config, port) }
}

/** For requests that have begun, when a server drains; less than its process waits for the whole. */
const ANSWER_MS = 5_000

/** No new connections; resolves when the requests that have begun are answered. */
export async function answerTheRest(app: FastifyInstance): Promise<void> {
  // A connection becomes idle with its last answer, and nobody else would close it then.
  const closing = setInterval(() => app.server.closeIdleConnections(), 50)
  // Node does not count a connection with no request yet as idle.
  const giveUp = setTimeout(() => app.server.closeAllConnections(), ANSWER_MS)
  await app.close()
  clearInterval(closing)
  clearTimeout(giveUp)
}

/** How this machine reaches what listens on `host`, which became `address`. */
function reachable(host: string, address: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return inUrl(isLoopback(host) ? address : host)
}

/** An error of the start in words that name the setting: nearly always HOST or PORT. */
function notListening(error: unknown, { HOST, PORT }: Config): unknown {
  const code = (error as { code?: unknown }).code
  if (code === 'EADDRINUSE')
    return new ConfigError(`PORT: ${PORT} is in use on ${HOST}: choose another, or stop what uses it`)
  if (code === 'EACCES') return new ConfigError(`PORT: this user may not listen on ${PORT}: choose one above 1023`)
  if (typeof code === 'string' && /^(EADDRNOTAVAIL|ENOTFOUND|EAI_|EINVAL|EAFNOSUPPORT)/.test(code))
    return new ConfigError(`HOST: ${HOST} is no address of this machine (${code})`)
  return error
}
