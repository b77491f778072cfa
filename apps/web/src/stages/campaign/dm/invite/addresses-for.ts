/** The addresses to offer in invite links. The page's own comes first, unless only this machine knows it by that address. */
export function addressesFor(
  own: string,
  reachable: readonly string[],
): { origins: readonly string[]; isOnlyHere: boolean } {
  const others = reachable.filter((origin) => origin !== own)
  if (!isLoopback(new URL(own).hostname)) return { origins: [own, ...others], isOnlyHere: false }
  return others.length > 0 ? { origins: others, isOnlyHere: false } : { origins: [own], isOnlyHere: true }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.')
