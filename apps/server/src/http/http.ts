// HTTP: the web app, tRPC, REST with its documentation, health. Errors are JSON with a code, and nothing internal leaks.
import { existsSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ErrorCode, errorKinds, Id, mustBeBounded, TablecastError } from '@tablecast/contracts'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import serveStatic from '@fastify/static'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { type FastifyHandlerOptions, fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { AnyTRPCRouter } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { bareToken } from '../transport/bearer.ts'
import type { Config } from '../config.ts'
import type { CallIds } from '../transport/call-scope.ts'
import type { CallTelemetry } from '../transport/call-telemetry.ts'
import { refusalOf, type RestAccess, type RestError, restError, RetryAfter } from './rest.ts'
import { apiPages } from './api-pages.ts'
import type { Bodies, LargeBody } from './bodies.ts'
import { limitKey } from '../transport/client-address.ts'
import { ConnectionGate } from '../transport/connection-gate.ts'
import { cutLongArray, type LongArray } from '../transport/long-array.ts'
import { BODY_BYTES_PER_SECOND } from './slow-bodies.ts'
import { type Context, wireErrorOf } from '../trpc.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The entries of a campaign that is imported or previewed, parsed apart from the rest of the body; null for other requests. */
    longEntries: LongArray | null
  }
}

export type HttpDeps = {
  config: Config
  router: AnyTRPCRouter
  createContext(options: CreateFastifyContextOptions): Promise<Context>
  telemetry: CallTelemetry
  /** The server's version, for the documentation. */
  version: string
  /** While true, each answer closes its connection, so that the client opens the next one to another node. */
  isDraining(): boolean
  /** The origin at which pages sign in and renew tokens; null where there are only guests. */
  signInOrigin: string | null
  bodies: Bodies
  /** The larger limit of a procedure for the caller with this token; null where a small body is enough. */
  largeBodyOf(procedure: string, token: string | null): LargeBody | null
  /** The REST endpoints of the stages. */
  rest: readonly ((app: FastifyInstance) => void)[]
  /** Handlers that answer all requests below a path, on Node's own request and response. */
  raw: readonly { path: string; handle(request: IncomingMessage, response: ServerResponse): void }[]
  /** Whether a request may name this host. A foreign page can point its own name here, and its requests carry that name. */
  isAllowedHost(host: string): boolean
  /** The built web app. */
  webRoot: string
  /** The page of an invite for a client of this address; null where the ordinary page is right. */
  joinPage(path: string, address: string): Promise<string | null>
}

/** The window over which requests of an address are counted, and the longest wait after a refusal. */
const RATE_WINDOW_SECONDS = 2
const MAX_REFUSALS = 50
/** Pages, and the files that keep their name from version to version. A browser must never start an old service worker. */
const CHANGING = /(?:\/service-worker\.js|\.html|\.webmanifest)(?:\.br|\.gz)?$/
const UNCHANGING = 'public, max-age=31536000, immutable'
/** Pages for screens, which need less code than others. */
const SCREEN_PATH = /^\/r\/[\w-]+\/(?:tv|overlay)$/
/** Node checks for overdue requests at this interval, and ends them up to this much late. */
const OVERDUE_CHECK_INTERVAL_MS = 500

/** The HTTP server, not yet listening. */
export async function createHttp(deps: HttpDeps) {
  const { config, router, createContext, telemetry, bodies, largeBodyOf, rest, raw, webRoot, joinPage } = deps
  const { isAllowedHost, isDraining, signInOrigin: provider, version } = deps
  const app = fastify({
    logger: false,
    bodyLimit: config.MAX_BODY_BYTES,
    routerOptions: { maxParamLength: 5_000 },
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    genReqId: () => randomUUID(),
    // A request with an invalid URL reaches no route and no hook.
    frameworkErrors: (error, request, reply: FastifyReply) => {
      const { status, body } = refusalOf(error)
      void reply
        .status(status)
        .headers({ 'x-request-id': request.id, 'cache-control': uncached(null) })
        .send(body)
    },
    // Node's own deadline for a whole request. `Bodies` ends a slow one long before.
    requestTimeout: longestRequestMs(config),
    keepAliveTimeout: 65_000,
    http: { headersTimeout: config.HEADER_TIMEOUT * 1_000, connectionsCheckingInterval: OVERDUE_CHECK_INTERVAL_MS },
    // Closing the server lets requests that have begun finish.
    forceCloseConnections: 'idle',
  })
  const gate = new ConnectionGate(app.server, {
    // A connection that has sent no request yet counts too.
    maxPerAddress: config.MAX_SOCKETS_PER_IP * 2,
    perSecond: config.CONNECTIONS_PER_SECOND_PER_IP,
    proxies: config.TRUSTED_PROXIES,
    refused: (reason) => telemetry.refusedUpgrade(reason),
  })
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onRequest', (request, reply, done) => {
    if (gate.isHeld(request.raw.socket)) return void reply.hijack()
    bodies.watch(request.raw, reply.raw)
    void reply.header('x-request-id', request.id)
    // A balancer keeps connections open. After this header its next one goes to another node.
    if (isDraining()) void reply.header('connection', 'close')
    const isOurs = isAllowedHost(request.headers.host ?? '')
    done(
      isOurs ? undefined : new TablecastError('FORBIDDEN', 'This server does not answer to that name: set PUBLIC_URL.'),
    )
  })
  // Browsers and proxies must not store answers: they may hold a DM's data. Files set their own header.
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Fastify copies the headers of a tRPC answer after this hook.
    if (payload instanceof Response)
      payload.headers.set('cache-control', uncached(payload.headers.get('cache-control')))
    else if (!reply.hasHeader('cache-control')) void reply.header('cache-control', uncached(null))
    done()
  })
  if (raw.length > 0)
    app.addHook('onRequest', (request, reply, done) => {
      const endpoint = raw.find(({ path }) => request.url.startsWith(path))
      if (!endpoint) return done()
      bodies.admitSmall(request.raw, reply.raw, limitKey(request.ip))
      void reply.hijack()
      reply.raw.setHeader('cache-control', uncached(null))
      endpoint.handle(request.raw, reply.raw)
    })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // A browser takes 'self' for the page's own WebSockets too. An account signs in, and renews its token, at its provider.
        'connect-src': ["'self'", ...(provider ? [provider] : [])],
        'frame-src': provider ? [provider] : ["'none'"],
        // A page previews a picture from memory before it is sent.
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        'worker-src': ["'self'"],
        'manifest-src': ["'self'"],
        'style-src': ["'self'"],
        // Libraries that place pop-ups set style attributes; they can not load or run anything.
        'style-src-attr': ["'unsafe-inline'"],
        'frame-ancestors': ["'self'"],
        // The table is often served on a local network without TLS.
        'upgrade-insecure-requests': null,
      },
    },
    strictTransportSecurity: config.PUBLIC_URL?.startsWith('https:') ? { maxAge: 180 * 24 * 3_600 } : false,
  })
  await app.register(cors, {
    origin: config.CORS_ORIGINS.length > 0 ? config.CORS_ORIGINS : false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
  })
  await app.register(rateLimit, {
    max: config.CALLS_PER_SECOND_PER_IP * RATE_WINDOW_SECONDS,
    timeWindow: RATE_WINDOW_SECONDS * 1_000,
    keyGenerator: (request) => limitKey(request.ip),
    // After this many refusals the server cuts the client off.
    ban: MAX_REFUSALS,
    onBanReach: (request) => void request.raw.socket.destroy(),
    errorResponseBuilder: () => Object.assign(new Error('too many requests: slow down'), { statusCode: 429 }),
  })

  // Runs after the rate limit, and before anything of the body is read.
  app.addHook('preParsing', async (request, reply) => {
    if (request.routeOptions.config.streamsBody) return
    const procedure = request.method === 'POST' ? procedureOf(request) : null
    const large = procedure === null ? null : largeBodyOf(procedure, bareToken(request.headers.authorization))
    await bodies.admit(request.raw, reply.raw, { address: limitKey(request.ip), large })
  })
  app.decorateRequest('longEntries', null)
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', (request, payload, done) => {
    bodies.readJson(payload).then((text) => void parseJson(request, text, done), done)
  })

  const answered = new WeakMap<FastifyRequest, ErrorCode>()
  app.addHook('preHandler', (request, reply, done) => {
    const { url, config: declared } = request.routeOptions
    if (!declared.access || declared.access === 'here' || url === '/') return done()
    const called = { type: 'rest' as const, name: `${request.method} ${url}`, ids: { requestId: request.id } }
    const answering = new Promise<void>((resolve) => reply.raw.once('close', resolve))
    const working = () => {
      done()
      return answering
    }
    void telemetry.call(called, working, () => answered.get(request) ?? null)
  })

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, code, body, retryAfterSeconds } = refusalOf(error)
    // The path alone, because the URL may hold a token.
    const fields = { requestId: request.id, method: request.method, path: request.url.split('?')[0] }
    telemetry.errorReturned(error, code, { status, ...fields })
    answered.set(request, code)
    if (retryAfterSeconds !== null) void reply.header('retry-after', retryAfterSeconds)
    // Fastify would cut off a client that still sends, and the client would not read the answer. `Bodies` reads on for a while.
    if (!request.raw.complete && !isDraining()) void reply.removeHeader('connection')
    // A tRPC client understands only tRPC's form of an error.
    return reply.status(status).send(request.url.startsWith('/trpc/') ? trpcRefusal(status, body) : body)
  })

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  apiPages(app, { routes, version })

  void app.register((scope, _options, done) => {
    procedures(scope, { router, createContext, telemetry, bodies })
    done()
  })

  const isBuilt = existsSync(`${webRoot}/index.html`)
  if (isBuilt)
    await app.register(serveStatic, {
      root: webRoot,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => void reply.header('cache-control', CHANGING.test(path) ? 'no-cache' : UNCHANGING),
    })
  const sendPage = (reply: FastifyReply) =>
    isBuilt
      ? reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
      : reply.status(503).type('text/plain').send('The web app is not built yet: run "pnpm build".')
  const sendScreenPage = (reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').sendFile('screen.html', { cacheControl: false })
  /** No cache keeps it: the name in it is for people with the invite. */
  const sendJoinPage = (reply: FastifyReply, page: string) =>
    reply.headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' }).send(page)
  // A page and an endpoint share this path. A browser asks for HTML and gets the page.
  const pages = new Set(['/topics'])
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' && pages.has(request.url.split('?')[0] ?? '') && wantsPage(request))
      void sendPage(reply)
    else done()
  })

  for (const register of rest) register(app)

  app.get('/', { config: { access: 'open' } }, (_request, reply) => sendPage(reply))
  // The web app routes its own paths, so each of them gets the page.
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' && wantsPage(request)) {
      const path = request.url.split('?')[0] ?? ''
      if (isBuilt && SCREEN_PATH.test(path)) return sendScreenPage(reply)
      const page = isBuilt ? await joinPage(path, limitKey(request.ip)) : null
      return page === null ? sendPage(reply) : sendJoinPage(reply, page)
    }
    return reply.status(404).send(restError('NOT_FOUND', 'there is nothing at this address'))
  })
  // Access must be declared: a route without it stops the start of the server.
  app.addHook('onReady', (done) => {
    const undeclared = restEndpoints(routes).find(({ access }) => access === null)
    done(undeclared && new Error(`${undeclared.method} ${undeclared.url} does not declare who may call it`))
  })
  return { app, routes: () => restEndpoints(routes), gate }
}

type ProcedureDeps = Pick<HttpDeps, 'router' | 'createContext' | 'telemetry' | 'bodies'>

/** tRPC over HTTP. tRPC parses the body and the query; this code first limits the size of the JSON in both. */
function procedures(scope: FastifyInstance, { router, createContext, telemetry, bodies }: ProcedureDeps): void {
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (!WITH_ENTRIES.has(procedureOf(request) ?? '')) return bodies.readJson(payload)
    const { rest, items } = await cutLongArray(await bodies.read(payload), pathOfEntries(request))
    mustBeBounded(rest)
    request.longEntries = items
    return rest
  })
  scope.addHook('preValidation', (request, _reply, done) => {
    const { input, connectionParams } = request.query as Record<string, unknown>
    for (const text of [input, connectionParams].flat()) if (typeof text === 'string') mustBeBounded(text)
    done()
  })
  const trpcOptions: Omit<
    FastifyHandlerOptions<AnyTRPCRouter, FastifyRequest, FastifyReply>,
    'req' | 'res' | 'path'
  > = {
    router,
    createContext,
    maxBatchSize: 100,
    // The input of a preview is too long for a URL, so clients may send a query as POST.
    allowMethodOverride: true,
    onError: ({ error, path, input, req }) =>
      telemetry.errorReturned(error, wireErrorOf(error).code, { ...callIdsOf(path, input), requestId: req.id }),
    responseMeta: ({ errors }) => {
      const temporary = errors.find(({ code }) => code === 'TOO_MANY_REQUESTS' || code === 'SERVICE_UNAVAILABLE')
      return temporary ? { headers: { 'retry-after': String(retryAfterOf(temporary)) } } : {}
    },
  }
  scope.all<{ Params: { path: string } }>('/trpc/:path', (request, reply) =>
    fastifyRequestHandler({ ...trpcOptions, req: request, res: reply, path: request.params.path }),
  )
}

/** The text after `/trpc/`: one procedure, or several in a batch, separated by commas. Null for every other route. */
function procedureOf({ routeOptions, params }: FastifyRequest): string | null {
  return routeOptions.url === '/trpc/:path' ? (params as { path: string }).path : null
}

/** Their input is a campaign, which may have 200,000 entries. */
const WITH_ENTRIES: ReadonlySet<string> = new Set(['campaign.import', 'campaign.previewImport'])
/** In a batch, which can have one call, the input is below the number of the call. */
const pathOfEntries = ({ query }: FastifyRequest): readonly string[] =>
  (query as { batch?: unknown }).batch === '1' ? ['0', 'document', 'entries'] : ['document', 'entries']

/** The time for the head and the largest body at the slowest allowed rate. */
function longestRequestMs(config: Config): number {
  const { HEADER_TIMEOUT, BODY_TIMEOUT, MAX_IMPORT_BYTES, MEDIA_PICTURE_MAX_BYTES, MEDIA_MAP_MAX_BYTES } = config
  const largest = Math.max(MAX_IMPORT_BYTES, MEDIA_PICTURE_MAX_BYTES, MEDIA_MAP_MAX_BYTES)
  return (HEADER_TIMEOUT + BODY_TIMEOUT + Math.ceil(largest / BODY_BYTES_PER_SECOND)) * 1_000
}

export type RestEndpoint = { method: string; url: string; access: RestAccess | null }

/** Every route once with its access; null for a route that declares none. */
function restEndpoints(routes: readonly RouteOptions[]): RestEndpoint[] {
  return routes.flatMap(({ method, url, config }) =>
    [method]
      .flat()
      .filter((one) => one !== 'HEAD' && one !== 'OPTIONS')
      .map((one) => ({ method: one, url, access: config?.access ?? pluginAccess(url) })),
  )
}

/** The fields of a failed call that the log shows: the name, and of its input only the room. */
export function callIdsOf(path: string | undefined, input: unknown): CallIds & { call?: string } {
  const roomId = Id.safeParse((input as { roomId?: unknown } | null | undefined)?.roomId)
  return { ...(path === undefined ? {} : { call: path }), ...(roomId.success ? { roomId: roomId.data } : {}) }
}

/** The same shape as the router's error formatter makes. */
function trpcRefusal(status: number, { error: { code, message } }: RestError) {
  const kind = Object.entries(errorKinds).find(([name]) => name === code)?.[1].trpc ?? 'BAD_REQUEST'
  const data = { code: kind, httpStatus: status, tablecast: { code, details: null } }
  return { error: { message, code: TRPC_ERROR_CODES_BY_KEY[kind], data } }
}

/** The access of routes that plugins register: the pages' files, the documentation, and tRPC, where each procedure declares it. */
function pluginAccess(url: string): RestAccess | null {
  if (url.startsWith('/trpc/')) return 'procedure'
  return url === '/*' || url === '/docs' || url.startsWith('/docs/') ? 'open' : null
}

const retryAfterOf = ({ cause }: { cause?: unknown }): number => {
  const details = cause instanceof TablecastError ? cause.details : null
  return RetryAfter.safeParse(details).data?.retryAfterSeconds ?? 1
}

/** Keeps `no-transform`: a proxy that compresses a stream of events would delay them. */
const uncached = (header: string | null): string =>
  header?.includes('no-transform') ? 'no-store, no-transform' : 'no-store'

const wantsPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html')
