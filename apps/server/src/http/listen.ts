// Starts to listen, reports the server's address, and closes the HTTP server.
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type Config, ConfigError, isLoopback } from '../config.ts'
import { MoreListeners } from './more-listeners.ts'
import { inUrl, ownOrigins } from './own-names.ts'

/** Throws ConfigError with the name of the setting that is wrong. */
export async function listen(
  app: FastifyInstance,
  config: Config,
): Promise<{ url: string; port: number; ownOrigins: readonly string[] }> {
  const more = new MoreListeners(app)
  try {
    await more.mustBeFree({ port: config.PORT, host: config.HOST })
    await app.listen({ port: config.PORT, host: config.HOST, ...more.options })
    await more.open()
  } catch (error) {
    throw notListening(error, config)
  }
  const { port, address } = app.server.address() as AddressInfo
  const url = config.PUBLIC_URL ?? `http://${reachable(config.HOST, address)}:${port}`
  return { url, port, ownOrigins: ownOrigins(config, port) }
}

/** Requests that have begun must be answered in this time when a server drains. `main.ts` waits longer for the whole drain. */
const ANSWER_TIMEOUT_MS = 5_000

/** Takes no new connections. Resolves when the requests that have begun are answered, or `ANSWER_TIMEOUT_MS` has passed. */
export async function closeGracefully(app: FastifyInstance): Promise<void> {
  // A connection becomes idle after its last answer, and nothing else closes it.
  const closing = setInterval(() => app.server.closeIdleConnections(), 50)
  // Node does not count a connection with no request yet as idle.
  const giveUp = setTimeout(() => app.server.closeAllConnections(), ANSWER_TIMEOUT_MS)
  await app.close()
  clearInterval(closing)
  clearTimeout(giveUp)
}

/** The name in a URL by which this machine reaches the server. `address` is what `host` resolved to. */
function reachable(host: string, address: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return inUrl(isLoopback(host) ? address : host)
}

/** An error of the start with the name of the wrong setting, which is nearly always HOST or PORT. */
function notListening(error: unknown, { HOST, PORT }: Config): unknown {
  const code = (error as { code?: unknown }).code
  if (code === 'EADDRINUSE')
    return new ConfigError(`PORT: ${PORT} is in use on ${HOST}: choose another, or stop what uses it`)
  if (code === 'EACCES') return new ConfigError(`PORT: this user may not listen on ${PORT}: choose one above 1023`)
  if (typeof code === 'string' && /^(EADDRNOTAVAIL|ENOTFOUND|EAI_|EINVAL|EAFNOSUPPORT)/.test(code))
    return new ConfigError(`HOST: ${HOST} is no address of this machine (${code})`)
  return error
}
