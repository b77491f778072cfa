// A player with a map: follows one node, and loads each tile as soon as the stream names it.
import { setTimeout as pause } from 'node:timers/promises'
import { applyPatch, type CampaignEvent, type MapTile, type PlayerView } from '@tablecast/contracts'
import { loadTile } from '@tablecast/server/testing/map-pictures'

/** `seq`: of the newest event by which the player had the tile’s name. `answeredAt`: on the clock of `performance`. */
export type TileLoad = {
  name: string
  seq: number
  tile: MapTile
  status: number
  body: Buffer
  answeredAt: number
}

const RETRY_DELAY_MS = 100

/** `urls`: of the nodes; tiles are loaded from one after the other, as behind a balancer. */
export type MapPlayerOptions = { name: string; campaignId: string; urls: readonly string[] }

export class MapPlayer {
  readonly loads: TileLoad[] = []
  readonly #options: MapPlayerOptions
  #view: PlayerView | null = null
  #named = new Map<string, string>()
  #waiting = 0
  #turn = 0

  constructor(options: MapPlayerOptions) {
    this.#options = options
  }

  /** The tiles that players see, by id. */
  get named(): ReadonlyMap<string, string> {
    return this.#named
  }

  /** Whether each tile that was asked for is answered. */
  get isIdle(): boolean {
    return this.#waiting === 0
  }

  readonly hear = (event: CampaignEvent): void => {
    if (event.audience !== 'player' || event.type === 'campaign_deactivated') return
    if (event.type !== 'campaign_updated') this.#view = event.snapshot.view
    else if (this.#view && event.patch) this.#view = applyPatch(this.#view, event.patch)
    const { map, tiles } = this.#view ?? { map: null, tiles: [] }
    const before = this.#named
    this.#named = new Map(tiles.map(({ id, name }) => [id, name]))
    if (!map) return
    for (const tile of tiles) if (before.get(tile.id) !== tile.name) void this.#load(map.id, tile, event.seq)
  }

  async #load(mapId: string, tile: MapTile, seq: number): Promise<void> {
    const { name, campaignId, urls } = this.#options
    this.#waiting += 1
    // A player does not load what a newer event has replaced.
    while (this.#named.get(tile.id) === tile.name) {
      const url = urls[this.#turn++ % urls.length] ?? ''
      const answer = await loadTile(url, campaignId, mapId, tile).catch(() => null)
      if (answer && answer.status < 500) {
        this.loads.push({ name, seq, tile, ...answer, answeredAt: performance.now() })
        break
      }
      await pause(RETRY_DELAY_MS)
    }
    this.#waiting -= 1
  }
}
