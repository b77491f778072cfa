// The route of a map's tiles.
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { restError } from '../../../http/rest.ts'
import { pictureHeaders } from '../pictures/picture-headers.ts'
import type { MapTiles } from './map-tiles.ts'

export function tilesHttp(app: FastifyInstance, tiles: MapTiles): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/media/:campaignId/map/:mapId/:tileId/:file',
    {
      config: { access: 'open' },
      exposeHeadRoute: false,
      schema: {
        tags: ['pictures'],
        summary: 'Load a tile of a map by its name',
        description:
          'DMs load whole tiles by the name of the map. Players load tiles by the names in `tiles` of their view.',
        params: z.object({ campaignId: z.string(), mapId: z.string(), tileId: z.string(), file: z.string() }),
      },
    },
    async (request, reply) => {
      const { file, ...place } = request.params
      const [, name = ''] = /^([\w-]+)\.webp$/.exec(file) ?? []
      const found = await tiles.open({ ...place, name })
      if (!found) return reply.status(404).send(restError('NOT_FOUND', 'There is nothing at this address.'))
      return reply.headers(pictureHeaders(found.length)).send(found)
    },
  )
}
