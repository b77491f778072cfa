// The access rules of REST routes, and their error answers.
import { type ErrorCode, errorKinds, TablecastError } from '@tablecast/contracts'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { bareToken } from '../transport/bearer.ts'
import { shortened, toWireError } from '../transport/wire-error.ts'

/**
 * The callers that a route admits. `open`: everyone. `signedIn`: callers with a valid token. `compat`: everyone where COMPAT_AUTH is
 * open, else as `signedIn`. `player`: players and DMs of the room in the path. `dm`: its DMs. `procedure`: each procedure declares it. `here`:
 * callers on this machine.
 */
export type RestAccess = 'open' | 'signedIn' | 'plain' | 'player' | 'dm' | 'procedure' | 'here'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RestAccess
    /** The handler reads the body in pieces and bounds it by itself. So the body never counts as in flight in memory. */
    streamsBody?: true
  }
}

/** Registers routes with the same access. `admit` runs before anything else of the request, and throws for other callers. */
export const withAccess =
  (
    access: RestAccess,
    admit: (request: FastifyRequest) => Promise<unknown>,
    register: (app: FastifyInstance) => void,
  ) =>
  (app: FastifyInstance): void => {
    void app.register((scope, _options, done) => {
      scope.addHook('onRequest', async (request) => void (await admit(request)))
      scope.addHook('onRoute', (route) => void (route.config = { access, ...route.config }))
      register(scope)
      done()
    })
  }

/** Calls `find` once for each request, and keeps the result for later calls. */
export function oncePerRequest<C>(find: (token: string | null) => Promise<C>): (request: FastifyRequest) => Promise<C> {
  const found = new WeakMap<FastifyRequest, Promise<C>>()
  return (request) => {
    const finding = found.get(request) ?? find(bareToken(request.headers.authorization))
    found.set(request, finding)
    return finding
  }
}

const Issues = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) })

export const RetryAfter = z.object({ retryAfterSeconds: z.number() })

export const RestError = z.object({
  error: z.object({ code: z.string(), message: z.string(), ...Issues.partial().shape }),
})
export type RestError = z.infer<typeof RestError>

/** The error answers of a route, for the documentation. */
export const refusals = (...statuses: number[]): Record<number, typeof RestError> =>
  Object.fromEntries(statuses.map((status) => [status, RestError]))

export const restError = (code: string, message: string): RestError => ({ error: { code, message } })

export type Refusal = { status: number; code: ErrorCode; body: RestError; retryAfterSeconds: number | null }

/** Turns every error into an answer with a code. Nothing internal leaks. */
export function refusalOf(error: FastifyError): Refusal {
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error.validation)
  if (error instanceof TablecastError || error.statusCode === undefined) return ours(error)
  const { statusCode: status } = error
  if (status === 413) return refused(413, 'MESSAGE_TOO_LARGE', 'The body is too large. Send less.')
  if (status === 429) return refused(429, 'RATE_LIMITED', error.message)
  if (status < 500) return refused(status, 'BAD_REQUEST', error.message)
  return refused(status, 'INTERNAL', 'Something went wrong on the server. Try again.')
}

function ours(error: unknown): Refusal {
  const { code, message, details } = toWireError(error)
  const { http, retry } = errorKinds[code]
  const issues = Issues.safeParse(details).data
  const body = { error: { code, message, ...issues } }
  return {
    ...refused(http, code, message),
    body,
    retryAfterSeconds: retry ? (RetryAfter.safeParse(details).data?.retryAfterSeconds ?? 1) : null,
  }
}

const refused = (status: number, code: ErrorCode, message: string): Refusal => ({
  status,
  code,
  body: restError(code, message),
  retryAfterSeconds: null,
})

function invalid(found: readonly { instancePath: string; message?: string }[]): Refusal {
  const issues = found.slice(0, 10).map(({ instancePath, message = 'not valid' }) => ({
    path: shortened(instancePath.replace(/^\//, '').replaceAll('/', '.')),
    message: shortened(message),
  }))
  const [first] = issues
  const message = `${first?.path || 'body'}: ${first?.message ?? 'not valid'}`
  const { body, ...rest } = refused(422, 'VALIDATION_FAILED', message)
  return { ...rest, body: { error: { ...body.error, issues } } }
}
