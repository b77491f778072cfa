// The push services that the server may call. A browser gives the address, so anybody may give any: without this list they could make
// the server call whom they like.
import { isIP } from 'node:net'
import { z } from 'zod'

/** `host`: also of all names below it, where `isSuffix`. `isPrivate`: its address may be a private one. */
export type PushService = { host: string; port: string; isSuffix: boolean; isPrivate: boolean }
export type PushServices = readonly PushService[]

const WORDS = /^(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(\d{1,5}))?(=private)?$/i

/** The setting: entries that commas separate, or `off`. */
export const pushServices = z.string().transform((text, context): PushServices => {
  if (text.trim() === 'off') return []
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [, star, host = '', port = '', isPrivate] = WORDS.exec(part) ?? []
      if (host === '' || Number(port) > 65_535) {
        context.addIssue(`${part} is no push service: write host, *.host or host:port`)
        return z.NEVER
      }
      return {
        host: host.toLowerCase(),
        port: port === '443' ? '' : port,
        isSuffix: star !== undefined,
        isPrivate: isPrivate !== undefined,
      }
    })
})

/**
 * The service that an endpoint belongs to. Null where it must not be called: not https, with a user or password, at another port, or at
 * a host that no entry names.
 */
export function serviceOf(endpoint: string, services: PushServices): PushService | null {
  const url = URL.parse(endpoint)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return null
  const { hostname, port } = url
  return (
    services.find(
      (service) =>
        port === service.port &&
        (hostname === service.host ||
          (service.isSuffix && isIP(hostname) === 0 && hostname.endsWith(`.${service.host}`))),
    ) ?? null
  )
}
