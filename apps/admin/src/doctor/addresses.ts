// Checks that the addresses in the configuration fit each other.
import { type Config, isLoopback } from '@tablecast/server/admin'
import { type Finding, ok, warn } from './finding.ts'

export const addresses = (config: Config): Finding[] => [publicUrl(config), origins(config), proxies(config)]

function publicUrl({ PUBLIC_URL: url, HOST: host, TRUSTED_PROXIES: trusted }: Config): Finding {
  const check = 'public address'
  if (url === undefined)
    return trusted.length > 0
      ? warn(
          check,
          'TRUSTED_PROXIES without PUBLIC_URL',
          'set PUBLIC_URL to what people type, or links and sockets fail',
        )
      : ok(check, 'none: links lead to this machine')
  const { protocol, hostname } = new URL(url)
  if (isLoopback(hostname) && !isLoopback(host))
    return warn(check, url, 'PUBLIC_URL leads other machines to themselves: name this one')
  if (protocol === 'http:' && !isLoopback(hostname))
    return warn(check, url, 'without TLS anybody on the way reads tokens: put a TLS proxy before the server')
  return ok(check, url)
}

/** The configuration has already checked that they are origins. */
const origins = ({ ALLOWED_ORIGINS, CORS_ORIGINS }: Config): Finding =>
  ok(
    'origins',
    `${ALLOWED_ORIGINS.length} more for sockets, ${CORS_ORIGINS === '*' ? 'all' : CORS_ORIGINS.length} for the API`,
  )

function proxies({ TRUSTED_PROXIES: trusted, PUBLIC_URL: url, HOST: host }: Config): Finding {
  if (url !== undefined && isLoopback(host) && !isLoopback(new URL(url).hostname) && trusted.length === 0)
    return warn(
      'proxies',
      'PUBLIC_URL without TRUSTED_PROXIES',
      'everybody counts as one address and shares its limits: TRUSTED_PROXIES=loopback for a proxy on this machine',
    )
  return ok('proxies', trusted.join(', ') || 'none')
}
