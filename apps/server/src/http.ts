// HTTP: the web app, tRPC, health. Errors are JSON with a code; nothing of the inside leaks.
import { existsSync } from 'node:fs'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import serveStatic from '@fastify/static'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyReply } from 'fastify'
import type { Config } from './config.ts'
import type { Health } from './ops/health.ts'
import type { Log } from './ops/log.ts'
import type { AppRouter } from './router.ts'
import type { Context } from './trpc.ts'

export type HttpParts = {
  config: Config
  router: AppRouter
  createContext(options: CreateFastifyContextOptions): Promise<Context>
  health: Health
  log: Log
  /** The built web app. */
  webRoot: string
}

const errorBody = (code: string, message: string) => ({ error: { code, message } })

/** The HTTP server, not yet listening. */
export async function createHttp({ config, router, createContext, health, log, webRoot }: HttpParts) {
  const app = fastify({
    logger: false,
    bodyLimit: 32 * 1024 * 1024,
    routerOptions: { maxParamLength: 5_000 },
    requestTimeout: 30_000,
    forceCloseConnections: true,
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
  await app.register(cors, { origin: config.CORS_ORIGINS.length > 0 ? config.CORS_ORIGINS : false })
  await app.register(rateLimit, {
    max: config.CALLS_PER_SECOND * 60,
    timeWindow: 60_000,
    errorResponseBuilder: () => Object.assign(new Error('too many requests: slow down'), { statusCode: 429 }),
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ err: error }, 'request failed')
    const [code, message] =
      status === 413
        ? ['MESSAGE_TOO_LARGE', 'the body is too large']
        : status === 429
          ? ['RATE_LIMITED', error.message]
          : status < 500
            ? ['BAD_REQUEST', error.message]
            : ['INTERNAL', 'something went wrong on the server']
    return reply.status(status).send(errorBody(code ?? 'INTERNAL', message ?? ''))
  })

  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: { router, createContext },
  })

  app.route({ method: ['GET', 'POST'], url: '/health', handler: () => health.report() })
  app.get('/health/ready', async (_request, reply) => {
    const ready = await health.isReady()
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : health.readiness })
  })

  const isBuilt = existsSync(`${webRoot}/index.html`)
  if (isBuilt) await app.register(serveStatic, { root: webRoot, immutable: true, maxAge: '365d', index: false })
  const sendPage = (reply: FastifyReply) =>
    isBuilt
      ? reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
      : reply.status(503).type('text/plain').send('The web app is not built yet: run "pnpm build".')
  app.get('/', (_request, reply) => sendPage(reply))
  // The pages' own paths are the web app's to read.
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    return isPage ? sendPage(reply) : reply.status(404).send(errorBody('NOT_FOUND', 'there is nothing at this address'))
  })
  return app
}
