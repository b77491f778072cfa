// `/health` for programs that watch the server, and `/metrics` for callers on this machine if it has no port of its own.
import type { FastifyInstance } from 'fastify'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'
import { isFromHere } from './metrics-http.ts'

export type OpsHttpDeps = {
  health: Health
  /** Null where `/metrics` has a port of its own. */
  metrics: Metrics | null
  isBehindProxy: boolean
}

export function opsHttp(app: FastifyInstance, { health, metrics, isBehindProxy }: OpsHttpDeps): void {
  const everyone = { config: { access: 'open' as const } }
  app.route({ method: ['GET', 'POST'], url: '/health', ...everyone, handler: () => health.report() })
  app.get('/health/ready', everyone, async (_request, reply) => {
    const ready = await health.isReady()
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : health.readiness })
  })
  if (metrics)
    app.get('/metrics', { config: { access: 'here' } }, async (request, reply) => {
      const { ip, headers, socket } = request
      // A request through a proxy on this machine also has a loopback address.
      const isHere = !isBehindProxy && isFromHere({ remoteAddress: socket.remoteAddress ?? '', ip, headers })
      if (!isHere) return reply.callNotFound()
      const { contentType, text } = await metrics.exposition()
      return reply.type(contentType).send(text)
    })
}
