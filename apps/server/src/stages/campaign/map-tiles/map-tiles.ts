import type { Log } from '../../../ops/log.ts'
import { type MediaStore, readTile } from '@tablecast/media'
import type { TileMask } from '@tablecast/maps/tiles'
import type { Store } from '@tablecast/store'
import { type ShownTile, shownTile, type TileAddress } from './shown-tile.ts'
import type { TileCache } from './tile-cache.ts'
import { TileNames } from './tile-names.ts'
import type { TilePainter } from './tile-painter.ts'

export type MapTilesDeps = {
  store: Pick<Store, 'read'>
  media: Pick<MediaStore, 'readRange'>
  painter: Pick<TilePainter, 'paint'>
  cache: TileCache
  log: Pick<Log, 'warn'>
}

type Masked = ShownTile & { mask: TileMask }

/** Tiles of maps by their addresses. A tile with fog is made when somebody asks for it first, once for all who ask. */
export class MapTiles {
  readonly #deps: MapTilesDeps
  readonly #names = new TileNames()
  readonly #underWay = new Map<string, Promise<Buffer | null>>()

  constructor(deps: MapTilesDeps) {
    this.#deps = deps
  }

  /** Null for an address that leads nowhere. Throws as `TilePainter.paint` does. */
  async open(address: TileAddress): Promise<Buffer | null> {
    const { store, media } = this.#deps
    const tile = await store.read((tables) => shownTile(tables, this.#names, address, new Date()))
    if (!tile) return null
    if (!tile.mask && tile.picture) return readTile(media, tile.picture.hash, tile.place)
    const { place, size, picture } = tile
    const { level, column, row } = place
    // A name stands for the visible pixels of one picture.
    const from = picture?.hash ?? `paper ${size.width} ${size.height}`
    const key = `${from} ${level}-${column}-${row} ${tile.mask ? address.name : 'whole'}`
    const known = this.#underWay.get(key)
    if (known) return known
    const masked = { ...tile, mask: tile.mask ?? nothingHidden(size) }
    const made = this.#cached(key, masked).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, made)
    return made
  }

  async #cached(key: string, tile: Masked): Promise<Buffer | null> {
    const { cache, log } = this.#deps
    const known = await cache.get(key)
    if (known) return known
    const made = await this.#rendered(tile)
    if (made)
      await cache.put(key, made).catch((error: unknown) => log.warn({ err: error }, 'a tile was not kept on the disk'))
    return made
  }

  async #rendered({ picture, place, size, mask }: Masked): Promise<Buffer | null> {
    const { media, painter } = this.#deps
    const tile = picture && (await readTile(media, picture.hash, place))
    return picture && !tile ? null : painter.paint({ tile, size, mask })
  }
}

const nothingHidden = ({ width, height }: ShownTile['size']): TileMask => {
  const cell = Math.max(width, height)
  return { cell, columns: 1, rows: 1, bits: Uint8Array.of(1) }
}
