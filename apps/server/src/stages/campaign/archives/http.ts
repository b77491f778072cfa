// The routes of campaigns that travel with their pictures.
import { Id, IdempotencyKey } from '@tablecast/contracts'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Auth } from '../../../auth/auth.ts'
import { identityOf } from '../../../auth/rest-identity.ts'
import { refusals } from '../../../http/rest.ts'
import { limitKey } from '../../../transport/client-address.ts'
import type { Archives } from './archives.ts'

export type ArchiveHttpDeps = { auth: Pick<Auth, 'identify'>; archives: Archives }

const tags = ['pictures']

const Report = z.object({
  name: z.string(),
  counts: z.record(z.string(), z.int()),
  kept: z.array(z.string()),
  changed: z.array(z.string()),
  leftOut: z.array(z.string()),
})

const Answer = z.object({
  id: Id,
  name: z.string(),
  archived: z.boolean(),
  active: z.boolean(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  report: Report,
})

export function archivesHttp(app: FastifyInstance, { auth, archives }: ArchiveHttpDeps): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
    const rest = scope.withTypeProvider<ZodTypeProvider>()

    rest.get(
      '/api/rooms/:roomId/campaigns/:campaignId/export.zip',
      {
        config: { access: 'dm' },
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'Export a campaign with its pictures',
          description: 'A ZIP file: `campaign.json` as `campaign.export` gives it, and `pictures/<id>.webp`.',
          params: z.object({ roomId: Id, campaignId: Id }),
        },
      },
      async (request, reply) => {
        const { fileName, body } = await archives.export({
          ...request.params,
          identity: await identityOf(auth, request),
        })
        return reply
          .headers({
            'content-type': 'application/zip',
            'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
            'cache-control': 'no-store',
            'x-content-type-options': 'nosniff',
          })
          .send(body)
      },
    )

    rest.post(
      '/api/rooms/:roomId/campaigns/import',
      {
        config: { access: 'dm', streamsBody: true },
        schema: {
          tags,
          summary: 'Import a campaign with its pictures',
          description: 'The body is a ZIP file that was exported here. Answers as `campaign.import` does.',
          params: z.object({ roomId: Id }),
          querystring: z.object({ key: IdempotencyKey }),
          response: { 200: Answer, ...refusals(400, 401, 403, 409, 413, 422, 429, 503) },
        },
      },
      async (request) =>
        archives.import({
          roomId: request.params.roomId,
          key: request.query.key,
          identity: await identityOf(auth, request),
          address: limitKey(request.ip),
          request: request.raw,
        }),
    )

    rest.post(
      '/api/rooms/:roomId/campaigns/import/preview',
      {
        config: { access: 'dm', streamsBody: true },
        schema: {
          tags,
          summary: 'Say what an import of a campaign with its pictures would bring',
          description: 'The body is the ZIP file. Answers the report of the import, and stores nothing.',
          params: z.object({ roomId: Id }),
          response: { 200: Report, ...refusals(400, 401, 403, 409, 413, 422, 429, 503) },
        },
      },
      async (request) =>
        archives.preview({
          roomId: request.params.roomId,
          identity: await identityOf(auth, request),
          address: limitKey(request.ip),
          request: request.raw,
        }),
    )
    done()
  })
}
