import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** 64:ff9b::/96, through which a network of IPv6 alone reaches IPv4. The last 32 bits are the address that is meant (RFC 6052). */
const NAT64_PREFIX = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]

/**
 * Whether an address belongs to the public internet. False for everything else: this machine, private networks, link-local ones with
 * the metadata of clouds, shared ones of providers, multicast, documentation, tunnels, and addresses of IPv6 that stand for one of these.
 */
export function isPublicAddress(text: string): boolean {
  // The library also reads short forms, such as 127.1, which no resolver answers.
  if (isIP(text) === 0) return false
  // An address of IPv4 that is written as one of IPv6 becomes one of IPv4.
  const address = ipaddr.process(text)
  if (address instanceof ipaddr.IPv4) return isPublicV4(address)
  const bytes = address.toByteArray()
  if (NAT64_PREFIX.every((byte, at) => bytes[at] === byte)) return isPublicV4(new ipaddr.IPv4(bytes.slice(12)))
  // An address of one interface is never public.
  return !address.zoneId && address.range() === 'unicast' && isGlobalUnicast(bytes)
}

const isPublicV4 = (address: ipaddr.IPv4): boolean => address.range() === 'unicast'

/** 2000::/3 is all that is given out so far (RFC 4291). So a range that gets a meaning later is refused until somebody looks at it. */
const isGlobalUnicast = ([first = 0]: number[]): boolean => first >> 5 === 1
