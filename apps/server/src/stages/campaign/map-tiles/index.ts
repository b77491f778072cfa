// Tiles of maps: the addresses from which pages load them.
import { join } from 'node:path'
import { mediaFolder, type MediaStore, TileRenderer } from '@tablecast/media'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../../../config.ts'
import type { Host } from '../../../host.ts'
import type { PictureTelemetry } from '../pictures/picture-telemetry.ts'
import { tilesHttp } from './http.ts'
import { MapTiles } from './map-tiles.ts'
import { TileCache } from './tile-cache.ts'
import { TilePainter } from './tile-painter.ts'

export type OpenedMapTiles = AsyncDisposable & {
  renderer: TileRenderer
  cache: TileCache
  rest(app: FastifyInstance): void
}

/** Starting the process takes a second, and a reveal should not wait for it. It takes 80 MB while it waits. */
const IDLE_TIMEOUT_MS = 10 * 60_000
const DEADLINE_MS = 30_000
const MAX_MEMORY_BYTES = 400_000_000
/** Of a whole map, which several people open at once. */
const MAX_WAITING = 2_000

type Deps = Pick<Host, 'store' | 'log'> & { media: MediaStore; telemetry: PictureTelemetry; folder: string }

/** `folder`: for files that are under way. */
export function openMapTiles({ store, log, media, telemetry, folder }: Deps, config: Config): OpenedMapTiles {
  const renderer = new TileRenderer({
    folder,
    encoder: {
      deadlineMs: DEADLINE_MS,
      mapDeadlineMs: DEADLINE_MS,
      idleMs: IDLE_TIMEOUT_MS,
      maxMemoryBytes: MAX_MEMORY_BYTES,
      maxWaiting: MAX_WAITING,
      died: (why) => telemetry.encoderDied(why),
    },
  })
  const cache = new TileCache(join(mediaFolder(config.DATA_DIR), 'tiles'), config.MEDIA_TILE_CACHE_BYTES)
  const painter = new TilePainter({ renderer, telemetry, log })
  const tiles = new MapTiles({ store, media, painter, cache, log })
  return {
    renderer,
    cache,
    rest: (app) => tilesHttp(app, tiles),
    [Symbol.asyncDispose]: () => renderer[Symbol.asyncDispose](),
  }
}
