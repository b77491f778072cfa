// The fogs of a campaign in one transaction: read when they are needed, changed in memory, and stored with the step.
import { randomBytes } from 'node:crypto'
import type { GameMap, MapFog } from '@tablecast/contracts'
import { changed, differenceOf, type Fog, hiddenFog, readChange, writeChange } from '@tablecast/maps/fog'
import type { Repositories } from '@tablecast/store'

/** The longest change that an update brings to DMs, as the contract bounds it. */
const MAX_CHANGE_LENGTH = 8_000

type SizedMap = Pick<GameMap, 'id' | 'width' | 'height'>

/** `start`: as it is stored. `version`: of the stored fog. */
type Entry = { start: Fog; now: Fog; version: number; key: string; isNewRow: boolean; isNewKey: boolean }

export class Fogs {
  readonly #tables: Repositories
  readonly #campaignId: string
  readonly #entries = new Map<string, Entry>()

  constructor(tables: Repositories, campaignId: string) {
    this.#tables = tables
    this.#campaignId = campaignId
  }

  async of(map: SizedMap): Promise<Fog> {
    return (await this.#entry(map)).now
  }

  /** The secret of which the names of the map's tiles are made. */
  async keyOf(map: SizedMap): Promise<string> {
    return (await this.#entry(map)).key
  }

  async edit(map: SizedMap, fog: Fog): Promise<void> {
    const entry = await this.#entry(map)
    entry.now = fog
  }

  /** All names of the map's tiles are new with it. */
  async renewKey(map: SizedMap): Promise<void> {
    const entry = await this.#entry(map)
    entry.key = newKey()
    entry.isNewKey = true
  }

  /** Whether a fog has another key, or may have changed. */
  get isTouched(): boolean {
    return [...this.#entries.values()].some(({ start, now, isNewKey }) => start !== now || isNewKey)
  }

  /** The state's part about a fog after the step. `was`: before it; null for a map that the state did not have. */
  async inState(map: SizedMap, was: MapFog | null): Promise<MapFog> {
    const known = this.#entries.get(map.id)
    if (!known && was) return was
    const { start, now, version } = known ?? (await this.#entry(map))
    const change = start === now ? null : differenceOf(start, now)
    if (!change) return was?.version === version ? was : { version, change: null }
    const text = writeChange(change)
    return { version: version + 1, change: text.length > MAX_CHANGE_LENGTH ? null : text }
  }

  /**
   * Takes back what a step changed. Blocks that a later step changed stay as they are: a player may have explored what a DM had hidden. `version`: of
   * the step.
   */
  async takeBack(maps: readonly SizedMap[], version: number): Promise<void> {
    for (const { mapId, change } of await this.#tables.maps.strokes(this.#campaignId, version)) {
      const map = maps.find(({ id }) => id === mapId)
      if (!map) continue
      const fog = await this.of(map)
      let later = hiddenFog(fog.size)
      for (const stroke of await this.#tables.maps.strokesAfter(this.#campaignId, mapId, version))
        later = changed(later, readChange(stroke.change, later))
      const undone = readChange(change, fog).map(({ at, xor }) => ({
        at,
        xor: xor.map((byte, place) => byte & ~(later.bits[at + place] ?? 0)),
      }))
      await this.edit(map, changed(fog, undone))
    }
  }

  /** `step`: the campaign's version after it, for the journal; null for a campaign that begins with these fogs. */
  async save(step: { version: number; at: string } | null): Promise<void> {
    for (const [mapId, { start, now, version, key, isNewRow, isNewKey }] of this.#entries) {
      const change = start === now ? null : differenceOf(start, now)
      if (change || isNewRow)
        await this.#tables.maps.saveFog({
          campaignId: this.#campaignId,
          mapId,
          version: change ? version + 1 : version,
          key,
          bits: now.bits,
        })
      else if (isNewKey) await this.#tables.maps.setKey(this.#campaignId, mapId, key)
      if (change && step)
        await this.#tables.maps.addStroke({
          campaignId: this.#campaignId,
          version: step.version,
          mapId,
          at: step.at,
          change: writeChange(change),
        })
    }
  }

  async #entry({ id, width, height }: SizedMap): Promise<Entry> {
    const known = this.#entries.get(id)
    if (known) return known
    const row = await this.#tables.maps.fog(this.#campaignId, id)
    const hidden = hiddenFog({ width, height })
    // A stored fog of another size would be of another map.
    const isFitting = row?.bits.length === hidden.bits.length
    const start = row && isFitting ? { ...hidden, bits: row.bits } : hidden
    const entry: Entry = {
      start,
      now: start,
      version: row?.version ?? 0,
      key: row?.key ?? newKey(),
      isNewRow: !row || !isFitting,
      isNewKey: false,
    }
    this.#entries.set(id, entry)
    return entry
  }
}

/** 256 bits. */
const newKey = (): string => randomBytes(32).toString('hex')
