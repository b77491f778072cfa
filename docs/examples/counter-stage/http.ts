import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { refusals } from '../../http/rest.ts'
import type { Counter } from './counter.ts'

export function counterHttp(app: FastifyInstance, counter: Counter): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/counter',
    {
      schema: {
        tags: ['counter'],
        summary: 'Read the counter',
        response: { 200: z.object({ value: z.int() }), ...refusals(401) },
      },
    },
    () => ({ value: counter.value }),
  )
}
