import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** The addresses by which other machines of the local network reach a server on `host`, in the form of a URL. */
export const lanAddresses = (host: string): string[] =>
  Object.values(networkInterfaces())
    .flatMap((nets) => nets ?? [])
    .filter(({ internal }) => !internal)
    // A link-local address needs a zone, and browsers accept none.
    .filter(({ family, address }) => family === 'IPv4' || (isIPv6(host) && !address.startsWith('fe80:')))
    .map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address))
