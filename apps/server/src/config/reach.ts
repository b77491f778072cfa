// Derives from the settings where clients connect from: this machine, a proxy, or other origins.
import { isIPv4 } from 'node:net'
import type { Config } from './options.ts'

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/** Only this machine can connect, unless a proxy on it forwards other machines' requests from loopback. */
export const isForThisMachine = (config: Config): boolean => isLoopback(config.HOST) && !isBehindProxy(config)

/** Clients reach the server through a trusted proxy, or under a name that is not of this machine. */
export const isBehindProxy = ({ PUBLIC_URL, TRUSTED_PROXIES }: Config): boolean =>
  TRUSTED_PROXIES.length > 0 || (PUBLIC_URL !== undefined && !isLoopback(new URL(PUBLIC_URL).hostname))

/** Whether pages of this origin may call the HTTP API. */
export const allowsCors = ({ CORS_ORIGINS }: Config, origin: string): boolean =>
  CORS_ORIGINS === '*' || CORS_ORIGINS.includes(origin)
