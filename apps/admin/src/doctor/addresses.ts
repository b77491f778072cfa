// Whether the addresses in the configuration go together.
import { type Config, isLoopback } from '@tablecast/server/operator'
import { fail, type Finding, ok, warn } from './finding.ts'

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
  const { protocol, hostname, pathname } = new URL(url)
  if (pathname !== '/' && pathname !== '')
    return fail(check, url, 'PUBLIC_URL must have no path: the pages are at the root of their host')
  if (isLoopback(hostname) && !isLoopback(host))
    return warn(check, url, 'PUBLIC_URL leads other machines to themselves: name this one')
  if (protocol === 'http:' && !isLoopback(hostname))
    return warn(check, url, 'without TLS anybody on the way reads tokens: put a TLS proxy before the server')
  return ok(check, url)
}

function origins({ ALLOWED_ORIGINS, CORS_ORIGINS }: Config): Finding {
  const wrong = [...ALLOWED_ORIGINS, ...(CORS_ORIGINS === '*' ? [] : CORS_ORIGINS)].filter((text) => !isOrigin(text))
  return wrong.length === 0
    ? ok('origins', `${ALLOWED_ORIGINS.length} more for sockets, ${CORS_ORIGINS.length} for the API`)
    : fail('origins', wrong.join(', '), 'ALLOWED_ORIGINS and CORS_ORIGINS are exact: https://host or https://host:port')
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text

function proxies({ TRUSTED_PROXIES: trusted, PUBLIC_URL: url, HOST: host }: Config): Finding {
  if (url !== undefined && isLoopback(host) && !isLoopback(new URL(url).hostname) && trusted.length === 0)
    return warn(
      'proxies',
      'PUBLIC_URL without TRUSTED_PROXIES',
      'everybody counts as one address and shares its limits: TRUSTED_PROXIES=loopback for a proxy on this machine',
    )
  return ok('proxies', trusted.join(', ') || 'none')
}
