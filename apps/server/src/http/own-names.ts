// The names of this server: the origins of its own pages, and the hosts that a request may name.
import { isIPv6 } from 'node:net'
import { plainAuthMode, type Config, isLoopback } from '../config.ts'
import { lanAddresses } from '../lan.ts'

export function ownOrigins(config: Config, port: number): string[] {
  const hosts = isLoopback(config.HOST)
    ? ['127.0.0.1', 'localhost', '[::1]']
    : [inUrl(config.HOST), '127.0.0.1', 'localhost', '[::1]', ...lanAddresses(config.HOST)]
  return [
    ...hosts.map((host) => `http://${host}:${port}`),
    ...(config.PUBLIC_URL ? [new URL(config.PUBLIC_URL).origin] : []),
  ]
}

/** The origins by which other devices reach this server, in the order in which to offer them. Empty where only this machine does. */
export function networkOrigins({ HOST, PUBLIC_URL }: Pick<Config, 'HOST' | 'PUBLIC_URL'>, port: number): string[] {
  if (PUBLIC_URL) return isLoopback(new URL(PUBLIC_URL).hostname) ? [] : [new URL(PUBLIC_URL).origin]
  if (isLoopback(HOST)) return []
  const isEvery = HOST === '0.0.0.0' || HOST === '::'
  const hosts = isEvery ? lanAddresses(HOST) : [inUrl(HOST)]
  return hosts
    .toSorted((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('[')))
    .map((host) => `http://${host}:${port}`)
}

/** Guards against DNS rebinding: a foreign page can point its own host name here, and then calls the server as one of its own pages. */
export function hostCheck(config: Config): (host: string) => boolean {
  const { HOST, PUBLIC_URL } = config
  const isHere = isLoopback(HOST) || (PUBLIC_URL !== undefined && isLoopback(new URL(PUBLIC_URL).hostname))
  if (plainAuthMode(config) !== 'open' || !isHere) return () => true
  const names = new Set([
    '127.0.0.1',
    'localhost',
    '[::1]',
    inUrl(HOST),
    ...(PUBLIC_URL ? [new URL(PUBLIC_URL).hostname] : []),
  ])
  return (host) => host === '' || names.has(host.replace(/:\d+$/, '').toLowerCase())
}

/** The host as a URL needs it: RFC 3986 asks for brackets around IPv6. */
export const inUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host)
