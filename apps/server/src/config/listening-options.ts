import { count, type Options } from '@tablecast/config'
import { isIP } from 'node:net'
import { z } from 'zod'
import { createAddressOf } from '../transport/client-address.ts'
import { list, port } from './schemas.ts'

/** The form of an `Origin` header. `origins` first removes a final slash. */
const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && originOf(text) === text
const originOf = (text: string) => new URL(text).origin
const origins = list
  .transform((all) => all.map((one) => one.replace(/\/$/, '')))
  .refine(
    (all) => all.every(isOrigin),
    'must be exact origins, as https://overlay.example, several separated by commas',
  )

const ROOT = 'must be an address without a path, as https://table.example: pages and sockets are served from its root'
const isRoot = (text: string) => text === '' || originOf(text) === text.replace(/\/$/, '').toLowerCase()
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

/** How clients reach the server. */
export const listeningOptions = {
  PORT: { schema: port, fallback: '8000', does: 'The port to listen on (GATEWAY_PORT is read as an alias)' },
  HOST: {
    schema: z
      .string()
      .trim()
      .refine(
        (host) => isIP(host) > 0 || (HOST_NAME.test(host) && !/^[\d.]+$/.test(host)),
        'must be an address or a name of this machine, as 127.0.0.1, 0.0.0.0 or ::',
      ),
    fallback: '127.0.0.1',
    does: 'The address to listen on; 0.0.0.0 lets the local network in',
  },
  PUBLIC_URL: {
    schema: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })], 'must be an http:// or https:// address')
      .refine(isRoot, ROOT)
      .transform((url) => url.replace(/\/$/, '') || undefined),
    fallback: '',
    does: 'The address that people use, where a proxy is in front of the server',
  },
  TRUSTED_PROXIES: {
    schema: list.superRefine((trusted, context) => {
      try {
        createAddressOf(trusted)
      } catch {
        context.addIssue('must be addresses or networks, as 10.0.0.0/8 or loopback, separated by commas')
      }
    }),
    fallback: '',
    does: 'Proxies that are trusted to name the client’s address (X-Forwarded-For): addresses, networks, or loopback',
  },
  ALLOWED_ORIGINS: {
    schema: origins,
    fallback: '',
    does: 'More exact origins that may open sockets, separated by commas',
  },
  CORS_ORIGINS: {
    schema: z.union([z.literal('*'), origins], 'must be exact origins, separated by commas, or * alone for every page'),
    fallback: '',
    does: 'Exact origins that may call the HTTP API and Socket.IO, separated by commas; * allows every page',
  },
  DRAIN_SECONDS: {
    schema: count(600, 0),
    fallback: '2',
    does: 'After SIGTERM: seconds over which the server asks its clients to reconnect; longer than a balancer takes to notice',
  },
} satisfies Options
