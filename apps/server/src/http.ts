// HTTP: the web app, tRPC, REST with its documentation, health. Errors are JSON with a code; nothing of the inside leaks.
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import serveStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Config } from './config.ts'
import { type Health, version } from './ops/health.ts'
import type { Log } from './ops/log.ts'
import { refusalOf, restError } from './rest.ts'
import type { AppRouter } from './router.ts'
import type { Context } from './trpc.ts'

export type HttpParts = {
  config: Config
  router: AppRouter
  createContext(options: CreateFastifyContextOptions): Promise<Context>
  health: Health
  log: Log
  /** The REST endpoints of the stages. */
  rest: readonly ((app: FastifyInstance) => void)[]
  /** What answers a path before everything else, on Node's own request and response. */
  raw: { path: string; handle(request: IncomingMessage, response: ServerResponse): void } | null
  /** The built web app. */
  webRoot: string
}

/** The HTTP server, not yet listening. */
export async function createHttp({ config, router, createContext, health, log, rest, raw, webRoot }: HttpParts) {
  const app = fastify({
    logger: false,
    bodyLimit: 32 * 1024 * 1024,
    routerOptions: { maxParamLength: 5_000 },
    requestTimeout: 30_000,
    forceCloseConnections: true,
  })
  if (raw)
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.url.startsWith(raw.path)) return done()
      void reply.hijack()
      raw.handle(request.raw, reply.raw)
    })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'img-src': ["'self'", 'data:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        // The table is often served on a local network without TLS.
        'upgrade-insecure-requests': null,
      },
    },
    strictTransportSecurity: false,
  })
  await app.register(cors, {
    origin: config.CORS_ORIGINS.length > 0 ? config.CORS_ORIGINS : false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'location', 'retry-after'],
  })
  await app.register(rateLimit, {
    max: config.CALLS_PER_SECOND * 60,
    timeWindow: 60_000,
    errorResponseBuilder: () => Object.assign(new Error('too many requests: slow down'), { statusCode: 429 }),
  })

  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, body, retryAfterSeconds, isOurFault } = refusalOf(error)
    if (isOurFault) log.error({ err: error }, 'request failed')
    if (retryAfterSeconds !== null) void reply.header('retry-after', retryAfterSeconds)
    return reply.status(status).send(body)
  })

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Tablecast',
        version,
        description:
          'REST endpoints for programs. The typed API is tRPC, at /trpc; what is live comes over WebSockets.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    hideUntagged: true,
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })

  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: { router, createContext },
  })

  const isBuilt = existsSync(`${webRoot}/index.html`)
  if (isBuilt) await app.register(serveStatic, { root: webRoot, immutable: true, maxAge: '365d', index: false })
  const sendPage = (reply: FastifyReply) =>
    isBuilt
      ? reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
      : reply.status(503).type('text/plain').send('The web app is not built yet: run "pnpm build".')
  // The page and the endpoint have one address: browsers ask for HTML.
  const pages = new Set(['/topics'])
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' && pages.has(request.url.split('?')[0] ?? '') && wantsPage(request))
      void sendPage(reply)
    else done()
  })

  for (const register of rest) register(app)

  app.route({ method: ['GET', 'POST'], url: '/health', handler: () => health.report() })
  app.get('/health/ready', async (_request, reply) => {
    const ready = await health.isReady()
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : health.readiness })
  })

  app.get('/', (_request, reply) => sendPage(reply))
  // The pages' own paths are the web app's to read.
  app.setNotFoundHandler((request, reply) => {
    return request.method === 'GET' && wantsPage(request)
      ? sendPage(reply)
      : reply.status(404).send(restError('NOT_FOUND', 'there is nothing at this address'))
  })
  return app
}

const wantsPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html')
