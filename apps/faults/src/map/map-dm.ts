// A DM who draws on a map without rest. Each stroke has a key of its own, which is sent again until it is acknowledged.
import { setTimeout as pause } from 'node:timers/promises'
import type { FogStroke, GameMap, MapOperation, OperateMapsAnswer } from '@tablecast/contracts'
import { blocksOf, changed, type Fog, hiddenFog, strokeOf } from '@tablecast/maps/fog'
import type { Chance } from '@tablecast/market-sim'
import { blockColours, pngOf } from '@tablecast/media/testing'
import { sendMap } from '@tablecast/server/testing/map-pictures'
import type { Cluster } from '../cluster.ts'
import type { Table } from '../table.ts'

/** Two columns and two rows of tiles at least at the picture's own size, and three levels. */
const SIZE = { width: 1_536, height: 1_024 }
const ANSWER_TIMEOUT_MS = 20_000
const RETRY_DELAY_MS = 100
/** The share of strokes that reveal; the others hide. */
const REVEALS = 0.65
const SMALLEST = 40
const LARGEST = 700

/** `fog`: after the stroke. `sentAt`: on the clock of `performance`. */
export type DrawnStroke = { fog: Fog; sentAt: number }

export class MapDm {
  /** The first one is the map when it is shown, wholly hidden. */
  readonly strokes: DrawnStroke[] = [{ fog: hiddenFog(SIZE), sentAt: 0 }]
  readonly campaignId: string
  readonly #table: Table
  readonly #chance: Chance
  #mapId = ''
  #operations = 0

  private constructor(table: Table, campaignId: string, chance: Chance) {
    this.#table = table
    this.campaignId = campaignId
    this.#chance = chance
  }

  /** Shows a new map of the open campaign. */
  static async open(cluster: Cluster, table: Table, chance: Chance): Promise<MapDm> {
    const { campaigns } = await table.dmAt().campaign.list.query({ roomId: table.roomId })
    const campaign = campaigns.find(({ active }) => active)
    if (!campaign) throw new Error('no campaign is open')
    const dm = new MapDm(table, campaign.id, chance)
    const { picture, error } = await sendMap(cluster.url, table.dmToken, await pngOf(blockColours(SIZE)))
    if (!picture) throw new Error(`the map was refused: ${error?.message}`)
    const { madeIds } = await dm.#operate({ type: 'addMap', title: 'The crypt', picture: { id: picture.id } })
    dm.#mapId = madeIds[0] ?? ''
    await dm.#operate({ type: 'showMap', id: dm.#mapId })
    return dm
  }

  get fog(): Fog {
    const last = this.strokes.at(-1)
    if (!last) throw new Error('the map has a fog')
    return last.fog
  }

  /** As a node has it now. */
  async mapAt(url: string): Promise<GameMap> {
    const { roomId } = this.#table
    const { state } = await this.#table.dmAt(url).campaign.get.query({ roomId, campaignId: this.campaignId })
    const map = state.maps?.find(({ id }) => id === this.#mapId)
    if (!map) throw new Error('the map is gone')
    return map
  }

  /** The revealed blocks as a node has them now, in the form of the wire. */
  async revealedAt(url: string): Promise<string> {
    const one = { roomId: this.#table.roomId, campaignId: this.campaignId, mapId: this.#mapId }
    return (await this.#table.dmAt(url).maps.fog.query(one)).revealed
  }

  /** Resolves when `count` strokes are acknowledged. Each one changes at least a block. */
  async draw(count: number): Promise<void> {
    for (let drawn = 0; drawn < count;) {
      const stroke = this.#rectangle()
      const reveals = this.#chance.next() < REVEALS
      const change = strokeOf(this.fog, blocksOf(stroke, SIZE), reveals)
      if (!change) continue
      const fog = changed(this.fog, change)
      this.strokes.push({ fog, sentAt: performance.now() })
      await this.#operate({ type: 'changeFog', mapId: this.#mapId, stroke, reveals })
      drawn += 1
    }
  }

  #rectangle(): Extract<FogStroke, { kind: 'rectangle' }> {
    const side = () => SMALLEST + Math.floor(this.#chance.next() * (LARGEST - SMALLEST))
    const [x, y] = [this.#chance.next() * (SIZE.width - SMALLEST), this.#chance.next() * (SIZE.height - SMALLEST)].map(
      Math.floor,
    )
    const from = { x: x ?? 0, y: y ?? 0 }
    return { kind: 'rectangle', from, to: { x: from.x + side(), y: from.y + side() } }
  }

  async #operate(operation: MapOperation): Promise<OperateMapsAnswer> {
    const { roomId, ledger } = this.#table
    const key = `map-key-${String(this.#operations++).padStart(6, '0')}`
    const request = { roomId, campaignId: this.campaignId, key, operation }
    for (;;)
      try {
        const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
        const answer = await this.#table.dmAt().maps.operate.mutate(request, { signal })
        ledger.write({ key, seq: answer.seq, mark: null })
        return answer
      } catch {
        await pause(RETRY_DELAY_MS * (0.5 + this.#chance.next()))
      }
  }
}
