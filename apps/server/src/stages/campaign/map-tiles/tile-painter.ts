import { TablecastError } from '@tablecast/contracts'
import type { MapSize } from '@tablecast/maps/grid'
import type { TileMask } from '@tablecast/maps/tiles'
import { PictureRefused, type TileRenderer } from '@tablecast/media'
import type { Log } from '../../../ops/log.ts'
import type { PictureTelemetry } from '../pictures/picture-telemetry.ts'

export type TilePainterDeps = {
  renderer: Pick<TileRenderer, 'render'>
  telemetry: Pick<PictureTelemetry, 'rendering'>
  log: Pick<Log, 'warn'>
}

/** `tile`: as it is stored; null for a map without a picture. `size`: of the tile. */
export type TileToPaint = { tile: Buffer | null; size: MapSize; mask: TileMask }

/** A process that was ended is started again with the next tile. */
const TRIES = 2
const RETRY_SECONDS = 5

/**
 * Paints the fog over a tile. The tile is the server's own, so a failure is never the fault of the person who asks: it is tried once more, then the
 * page gets the time after which it may ask again. Each failure is counted and logged.
 */
export class TilePainter {
  readonly #deps: TilePainterDeps

  constructor(deps: TilePainterDeps) {
    this.#deps = deps
  }

  /** Throws UNAVAILABLE, and another error for a tile that is damaged. */
  async paint(tile: TileToPaint): Promise<Buffer> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#painted(tile)
      } catch (error) {
        if (!(error instanceof PictureRefused)) throw error
        const { reason } = error
        this.#deps.log.warn({ reason, tries }, 'the fog could not be painted over a tile of a map')
        // The content of the server is broken, which `pnpm admin doctor` finds. It is logged as an error of the server.
        if (reason === 'damaged') throw new Error('a tile of a map is damaged', { cause: error })
        // A busy process, and a full disk, are the same a moment later.
        if (tries === TRIES || reason === 'busy' || reason === 'disk') throw notNow()
      }
    }
  }

  async #painted(tile: TileToPaint): Promise<Buffer> {
    const { renderer, telemetry } = this.#deps
    using time = telemetry.rendering('tile', 'failed')
    const painted = await renderer.render(tile)
    time.made()
    return painted
  }
}

const notNow = () =>
  new TablecastError('UNAVAILABLE', 'This part of the map can’t be drawn right now. The page asks for it again.', {
    retryAfterSeconds: RETRY_SECONDS,
  })
