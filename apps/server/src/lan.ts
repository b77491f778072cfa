import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** The addresses by which others on the local network reach what listens on `host`, as they stand in a URL. */
export const lanAddresses = (host: string): string[] =>
  Object.values(networkInterfaces())
    .flatMap((nets) => nets ?? [])
    .filter(({ internal }) => !internal)
    // A link-local address wants a zone, which no browser takes.
    .filter(({ family, address }) => family === 'IPv4' || (isIPv6(host) && !address.startsWith('fe80:')))
    .map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address))
