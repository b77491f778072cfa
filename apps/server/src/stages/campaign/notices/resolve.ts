// Finds the address of a push service, and refuses one that is not public. It is the `lookup` of each connection: so the address that
// was checked is the one that is called, also when the name's owner changes it in between.
import { lookup as systemLookup, promises } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { isPublicAddress } from './public-address.ts'
import type { PushService } from './push-services.ts'

/** The addresses of a name; empty where it has none. Rejects when nobody can be asked. */
export type ResolveName = (host: string) => Promise<readonly string[]>

/** A name whose address is not public, or that is an address itself. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} has no public address`)
  }
}

/** Nobody knows a name that a device chose, below one of the list: the fault is the device's. */
export class UnknownHost extends Error {
  constructor(host: string) {
    super(`nobody knows ${host}`)
  }
}

const TIMEOUT_MS = 3_000
const TRIES = 2

/**
 * Asks the name servers itself. The system's lookup would hold one of the few threads that also read files, for as long as a server
 * without a way out waits.
 */
export function askNameServers(): ResolveName {
  const resolver = new promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  return async (host) => {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    const failed = found.find((one) => one.status === 'rejected' && !isAbsent(one.reason))
    if (addresses.length === 0 && failed?.status === 'rejected') throw failed.reason
    return addresses
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')

/** Also knows the names of the local network, for an operator's own service. */
export const askSystem: ResolveName = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, found) => {
      if (error && !isAbsent(error)) reject(error)
      else resolve(error ? [] : found.map(({ address }) => address))
    })
  })

/** Throws `AddressRefused` for a name with any address that is not public: its owner decides which of them answers. */
export async function publicAddressesOf(host: string, resolve: ResolveName): Promise<readonly string[]> {
  // For these Node asks no `lookup`.
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) throw new AddressRefused(host)
  const addresses = await resolve(host)
  if (!addresses.every((address) => isPublicAddress(address))) throw new AddressRefused(host)
  return addresses
}

/** The addresses that a service may have. Throws `UnknownHost` and `AddressRefused`. */
export async function addressesOf(
  host: string,
  { isSuffix, isPrivate }: Pick<PushService, 'isSuffix' | 'isPrivate'>,
  ask: { nameServers: ResolveName; system: ResolveName },
): Promise<readonly string[]> {
  const addresses = isPrivate ? await ask.system(host) : await publicAddressesOf(host, ask.nameServers)
  if (isSuffix && addresses.length === 0) throw new UnknownHost(host)
  return addresses
}

/** For `https.request`: the addresses of a connection. */
export function lookupWith(find: ResolveName): LookupFunction {
  const ask = callbackify(find)
  return (host, { all }, done) => {
    ask(host, (error, addresses) => {
      if (error) return done(error, '')
      const found = addresses.map((address) => ({ address, family: isIP(address) }))
      const [first] = found
      if (!first) return done(Object.assign(new Error(`no address of ${host} is known`), { code: 'ENOTFOUND' }), '')
      if (all) return done(null, found)
      done(null, first.address, first.family)
    })
  }
}
