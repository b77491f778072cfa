// Remembers tiles, walls and sight, so that the next change of a map computes only the parts that differ. Each part is a pure function of its key.
import type { MapTile } from '@tablecast/contracts'
import type { Fog } from '@tablecast/maps/fog'
import { readWalls } from '@tablecast/maps/import'
import type { Repositories } from '@tablecast/store'
import { namedTiles } from './tile-names.ts'
import { noWalls, type Walls } from './walls.ts'

/** Maps whose tiles or walls are remembered. The tiles of the largest map take about 500 kB. */
const MOST_MAPS = 16
/** Fogs of what one viewer or a whole party sees. That of the largest map takes 50 kB. */
const MOST_SEEN = 128

export class MapMemory {
  readonly #tiles = new Newest<{ fog: Fog; tiles: ReadonlyMap<string, MapTile> }>(MOST_MAPS)
  readonly #walls = new Newest<Walls>(MOST_MAPS)
  readonly #seen = new Newest<Fog>(MOST_SEEN)

  /** The tiles with a visible pixel, by id. `key`: the secret of the map. */
  tilesOf(key: string, fog: Fog): ReadonlyMap<string, MapTile> {
    const tiles = namedTiles(key, fog, this.#tiles.get(key))
    this.#tiles.set(key, { fog, tiles })
    return tiles
  }

  /** The walls of a picture. They never change. */
  async wallsOf({ maps }: Repositories, roomId: string, pictureId: string | null): Promise<Walls> {
    if (pictureId === null) return noWalls
    const id = `${roomId} ${pictureId}`
    const known = this.#walls.get(id)
    if (known) return known
    const text = await maps.walls(roomId, pictureId)
    if (text === null) return noWalls
    const walls = readWalls(text)
    this.#walls.set(id, walls)
    return walls
  }

  /** `id`: all that the sight depends on. */
  seen(id: string, look: () => Fog): Fog {
    const known = this.#seen.get(id) ?? look()
    this.#seen.set(id, known)
    return known
  }
}

/** Forgets the values that were used longest ago. */
class Newest<V> {
  readonly #values = new Map<string, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(id: string): V | null {
    return this.#values.get(id) ?? null
  }

  set(id: string, value: V): void {
    this.#values.delete(id)
    this.#values.set(id, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) return
      this.#values.delete(oldest)
    }
  }
}
