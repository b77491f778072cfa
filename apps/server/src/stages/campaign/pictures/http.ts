// The routes of pictures: people send them, and pages load them.
import { Id, MapGrid } from '@tablecast/contracts'
import { PictureRefused } from '@tablecast/media'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Auth } from '../../../auth/auth.ts'
import { identityOf } from '../../../auth/rest-identity.ts'
import { refusals, restError } from '../../../http/rest.ts'
import { limitKey } from '../../../transport/client-address.ts'
import type { PictureAddresses } from './addresses.ts'
import { pictureHeaders } from './picture-headers.ts'
import { refusedFile } from './upload-refused.ts'
import type { Uploads } from './uploads.ts'

export type PictureHttpDeps = { auth: Pick<Auth, 'identify'>; uploads: Uploads; addresses: PictureAddresses }

const tags = ['pictures']

const Query = z
  .object({ for: z.enum(['campaign', 'portrait', 'map']).default('campaign'), character: Id.optional() })
  .refine(({ for: use, character }) => (use === 'portrait') === (character !== undefined), {
    message: 'goes with for=portrait, and only with it',
    path: ['character'],
  })

const Answer = z.object({
  picture: z.object({
    id: Id,
    width: z.int(),
    height: z.int(),
    thumbhash: z.base64(),
    bytes: z.int(),
    tileLevels: z.int().optional(),
  }),
  grid: MapGrid.nullish(),
  counts: z.object({ walls: z.int(), doors: z.int(), lights: z.int() }).nullish(),
  warnings: z.array(z.string()).optional(),
})

export function picturesHttp(app: FastifyInstance, { auth, uploads, addresses }: PictureHttpDeps): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    // The bytes of a file say what it is. Its declared type does not count.
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
    const rest = scope.withTypeProvider<ZodTypeProvider>()

    rest.post(
      '/api/rooms/:roomId/pictures',
      {
        config: { access: 'player', streamsBody: true },
        schema: {
          tags,
          summary: 'Send a picture',
          description:
            'The body is the file: PNG, JPEG, WebP, AVIF, or GIF, of which the first frame counts. A DM sends pictures for a campaign. A player sends the portrait of their own character, with `for=portrait` and `character`. With `for=map`, a DM sends the picture of a map, or a Universal VTT file; `grid` and `counts` say what such a file brought.',
          params: z.object({ roomId: Id }),
          querystring: Query,
          response: { 200: Answer, ...refusals(400, 401, 403, 409, 413, 422, 429, 503) },
        },
      },
      async (request) => {
        const upload = {
          roomId: request.params.roomId,
          identity: await identityOf(auth, request),
          address: limitKey(request.ip),
          request: request.raw,
        }
        if (request.query.for !== 'map')
          return { picture: await uploads.take({ ...upload, characterId: request.query.character ?? null }) }
        const { warnings, ...map } = await uploads.takeMap(upload)
        return { ...map, warnings: [...warnings] }
      },
    )

    rest.get(
      '/media/:campaignId/:name/:file',
      {
        config: { access: 'open' },
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'Load a picture by its name',
          params: z.object({ campaignId: z.string(), name: z.string(), file: z.string() }),
        },
      },
      async (request, reply) => {
        const found = await addresses.open(request.params, reply.raw).catch((error: unknown) => {
          throw error instanceof PictureRefused ? refusedFile(error) : error
        })
        if (!found) return reply.status(404).send(restError('NOT_FOUND', 'There is nothing at this address.'))
        return reply.headers(pictureHeaders(found.bytes)).send(found.body)
      },
    )
    done()
  })
}
