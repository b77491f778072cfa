// The names that players may load a tile by.
import type { MapTile } from '@tablecast/contracts'
import { changed, type Fog, type FogChange, hiddenFog, readChange } from '@tablecast/maps/fog'
import type { MapSize } from '@tablecast/maps/grid'
import { tileName } from '@tablecast/maps/tile-name'
import { isHidden, type TileMask, TileMasks, TILE, type TilePlace } from '@tablecast/maps/tiles'
import type { MapFogRow, Repositories } from '@tablecast/store'

/** A player who was loading a tile when it changed gets it as it was. */
const GRACE_MS = 10_000
/** The most strokes that are looked at: four a second. */
const MAX_STROKES = 40
/** Of remembered masks. */
const MAX_BYTES = 8_000_000

/** `until`: the time at which the fog changed, as text; null for the present fog. */
type Named = { name: string; mask: TileMask; until: string | null }

export type TileAsked = { campaignId: string; mapId: string; size: MapSize; place: TilePlace; tile: MapTile }

/**
 * Finds the visible pixels that a name stands for: those of the fog now, or those of a moment ago, where no pixel was hidden since. It
 * remembers what it has found for a state of the fog, because a stranger may ask for thousands of names.
 */
export class TileNames {
  readonly #known = new Map<string, { names: readonly Named[]; bytes: number }>()
  #bytes = 0
  /** The number of masks that were made. */
  masks = 0

  /** Null for any other name. `tile`: of the address. */
  async find(
    maps: Pick<Repositories['maps'], 'fog' | 'recentStrokes'>,
    asked: TileAsked,
    now: Date,
  ): Promise<TileMask | null> {
    const { campaignId, mapId, tile } = asked
    const row = await maps.fog(campaignId, mapId)
    if (!row) return null
    const since = new Date(now.getTime() - GRACE_MS).toISOString()
    // A new key has new names.
    const key = `${campaignId} ${mapId} ${row.version} ${row.key} ${tile.id}`
    const known = this.#known.get(key)
    const names = known?.names ?? (await this.#names(maps, asked, { row, since }))
    if (!known) this.#remember(key, names)
    return names.find(({ name, until }) => name === tile.name && (until === null || until >= since))?.mask ?? null
  }

  async #names(
    maps: Pick<Repositories['maps'], 'recentStrokes'>,
    { campaignId, mapId, size, place, tile }: TileAsked,
    { row, since }: { row: MapFogRow; since: string },
  ): Promise<Named[]> {
    const empty = hiddenFog(size)
    if (row.bits.length !== empty.bits.length) return []
    let fog: Fog = { ...empty, bits: row.bits }
    const present = this.#maskOf(fog, place)
    // Nothing of the tile is visible, so nothing of it was visible that still is.
    if (!present || isHidden(present)) return []
    const named = (mask: TileMask, until: string | null): Named => ({
      name: tileName(row.key, tile.id, mask),
      mask,
      until,
    })
    const names = [named(present, null)]
    for (const { change, at } of await maps.recentStrokes(campaignId, mapId, since, MAX_STROKES)) {
      const read = readChange(change, fog)
      fog = changed(fog, read)
      if (!touches(read, fog, place)) continue
      const mask = this.#maskOf(fog, place)
      if (mask && !isHidden(mask) && isPartOf(mask, present)) names.push(named(mask, at))
    }
    return names
  }

  #maskOf(fog: Fog, place: TilePlace): TileMask | null {
    this.masks += 1
    return new TileMasks(fog).maskOf(place)
  }

  #remember(key: string, names: readonly Named[]): void {
    const bytes = names.reduce((sum, { mask }) => sum + mask.bits.length + 200, key.length)
    this.#known.set(key, { names, bytes })
    this.#bytes += bytes
    for (const [oldest, { bytes: freed }] of this.#known) {
      if (this.#bytes <= MAX_BYTES) return
      this.#known.delete(oldest)
      this.#bytes -= freed
    }
  }
}

/** Whether each visible pixel of one mask is visible in the other. */
const isPartOf = ({ bits }: TileMask, whole: TileMask): boolean =>
  bits.every((byte, at) => (byte & ~(whole.bits[at] ?? 0)) === 0)

/** Whether a change lies under a tile, by rows of the fog's bytes. */
function touches(change: FogChange, { stride }: Fog, { level, column, row }: TilePlace): boolean {
  const blocks = (TILE * 2 ** level) / 16
  const [top, bottom] = [row * blocks, (row + 1) * blocks]
  const [left, right] = [(column * blocks) / 8, ((column + 1) * blocks) / 8]
  return change.some(({ at, xor }) => {
    const [first, last] = [Math.floor(at / stride), Math.floor((at + xor.length - 1) / stride)]
    if (last < top || first >= bottom) return false
    if (first !== last) return true
    const from = at - first * stride
    return from < right && from + xor.length > left
  })
}
