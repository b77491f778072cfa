// The OpenAPI pages at /docs, written by Swagger from the schemas of the REST endpoints.
import fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'

export type ApiPagesDeps = {
  /** Every route of the server, complete before the first request. */
  routes: readonly RouteOptions[]
  /** The server's own. */
  version: string
}

const PREFIX = '/docs'
const PATHS = ['/', '/json', '/yaml', '/static/index.html', '/static/swagger-initializer.js', '/static/*']
/** These belong to one connection, and the server sets them on its own answer. */
const OF_CONNECTION = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding'])

/**
 * Serves the pages from an application of their own, which never listens. It and its libraries load with the first visit: few
 * servers ever have one.
 */
export function apiPages(app: FastifyInstance, deps: ApiPagesDeps): void {
  let opening: Promise<FastifyInstance> | null = null
  const serve = (scope: FastifyInstance, path: string) =>
    scope.get(path, { config: { access: 'open' } }, async (request, reply) => {
      opening ??= openPages(deps)
      const pages = await opening
      const answer = await pages.inject({ method: 'GET', url: request.url, headers: request.headers })
      if (answer.statusCode === 404) return reply.callNotFound()
      for (const [name, value] of Object.entries(answer.headers))
        if (value !== undefined && !OF_CONNECTION.has(name)) void reply.header(name, value)
      return reply.status(answer.statusCode).send(answer.rawPayload)
    })
  // With a prefix, `/` also answers at the prefix itself.
  void app.register(
    (scope, _options, done) => {
      for (const path of PATHS) serve(scope, path)
      done()
    },
    { prefix: PREFIX },
  )
  app.addHook('onClose', async () => {
    await (await opening)?.close()
  })
}

async function openPages({ routes, version }: ApiPagesDeps): Promise<FastifyInstance> {
  const { jsonSchemaTransform, swagger, swaggerUi } = await import('./swagger.ts')
  const pages = fastify({ logger: false, exposeHeadRoutes: false })
  pages.setValidatorCompiler(validatorCompiler)
  pages.setSerializerCompiler(serializerCompiler)
  await pages.register(swagger, {
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
  await pages.register(swaggerUi, { routePrefix: PREFIX })
  // Swagger reads them; nobody can call them here.
  for (const { method, url, schema } of routes)
    if (schema?.tags && method !== 'HEAD') pages.route({ method, url, schema, handler: (_, reply) => reply.send() })
  await pages.ready()
  return pages
}
