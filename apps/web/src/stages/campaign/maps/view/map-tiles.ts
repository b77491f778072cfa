import { boundsOfTile, TILE } from '@tablecast/maps/tiles'
import { type Coords, GridLayer, type GridLayerOptions } from 'leaflet'
import type { TableMap } from './table-map.ts'

/** A tile whose picture does not come is asked for again after this time, three times: a reveal may have renamed it. */
const RETRY_DELAY_MS = 1_200
const MAX_TRIES = 3

/** Pixels by which a tile reaches over the next ones. Between tiles that only touch, the browser's rounding leaves a thin line. */
const OVERLAP = 1

/** More levels than the largest map has. */
const MAX_LEVELS = 16

type Tile = { element: HTMLElement; coords: Coords; address: string | null }

/**
 * The tiles of a map. When a tile gets another address, the old picture stays until the new one can be drawn, so that nothing flickers. On a
 * fine screen the tiles are those of the next finer level.
 */
export class MapTiles extends GridLayer {
  #tableMap: TableMap
  readonly #finer: number
  readonly #tiles = new Set<Tile>()

  constructor(tableMap: TableMap, options: GridLayerOptions) {
    const finer = Math.min(devicePixelRatio >= 1.5 ? 1 : 0, tableMap.levels - 1)
    super({
      ...options,
      tileSize: TILE / 2 ** finer,
      // Else the layer begins at 0, which is the picture itself.
      minZoom: -MAX_LEVELS,
      maxNativeZoom: -finer,
      minNativeZoom: 1 - tableMap.levels - finer,
      keepBuffer: 1,
      updateWhenZooming: false,
      updateWhenIdle: false,
    })
    this.#tableMap = tableMap
    this.#finer = finer
    this.on('tileunload', ({ tile }) => {
      for (const one of this.#tiles) if (one.element === tile) this.#tiles.delete(one)
    })
  }

  override createTile(coords: Coords): HTMLElement {
    const element = document.createElement('div')
    const tile: Tile = { element, coords, address: null }
    this.#tiles.add(tile)
    this.#show(tile)
    return element
  }

  /** Loads the tiles that have changed. */
  change(tableMap: TableMap): void {
    this.#tableMap = tableMap
    for (const tile of this.#tiles) this.#show(tile)
  }

  #addressOf({ coords }: Tile): string | null {
    return this.#tableMap.addressOf(this.#placeOf(coords))
  }

  #placeOf({ x, y, z }: Coords) {
    return { level: -z - this.#finer, column: x, row: y }
  }

  #show(tile: Tile): void {
    const address = this.#addressOf(tile)
    if (tile.address === address) return
    tile.address = address
    if (address === null) tile.element.replaceChildren()
    else void this.#load(tile, address, 0)
  }

  async #load(tile: Tile, address: string, tries: number): Promise<void> {
    const bounds = boundsOfTile(this.#tableMap, this.#placeOf(tile.coords))
    if (!bounds) return
    const image = new Image()
    image.alt = ''
    image.draggable = false
    image.style.width = `${bounds.width / 2 ** this.#finer + OVERLAP}px`
    image.style.height = `${bounds.height / 2 ** this.#finer + OVERLAP}px`
    image.src = address
    try {
      await image.decode()
      if (tile.address === address) tile.element.replaceChildren(image)
    } catch {
      if (tries + 1 < MAX_TRIES && this.#tiles.has(tile) && tile.address === address)
        setTimeout(() => void this.#load(tile, address, tries + 1), RETRY_DELAY_MS)
      // The manifest that comes next, or a connection that is back, asks for it again.
      else if (tile.address === address) tile.address = null
    }
  }
}
