// The address of a client. A trusted proxy names it in `X-Forwarded-For`; for everybody else it is the address of the TCP connection.
import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import proxyAddress from '@fastify/proxy-addr'

export type AddressOf = (request: IncomingMessage) => string

/** `trusted` holds addresses and networks of proxies (`10.0.0.0/8`, `loopback`). Throws for an entry that is neither. */
export function createAddressOf(trusted: readonly string[]): AddressOf {
  const trust = proxyAddress.compile([...trusted])
  return (request) =>
    limitKey(trusted.length === 0 ? (request.socket.remoteAddress ?? '') : proxyAddress(request, trust))
}

/** A client with one IPv6 address has all 2^64 of its network, so they count as one. IPv4 in IPv6 counts as IPv4. */
export function limitKey(address: string): string {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  const groups = [...first, ...zeros, ...last].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
