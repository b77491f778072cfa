// Maps: what a DM shows and reveals, and where tokens stand.
import type { MapFogAnswer, MapOperation, MapWallsAnswer, OperateMapsAnswer } from '@tablecast/contracts'
import { differenceOf, hiddenFog, writeChange } from '@tablecast/maps/fog'
import type { Repositories, Store } from '@tablecast/store'
import type { CampaignChanges } from '../campaign-changes.ts'
import { campaignIn, campaignNotFound } from '../reading.ts'
import type { ChangeRequest } from '../room-change.ts'
import { mapIn } from './find.ts'
import { Fogs } from './fogs.ts'
import { operate } from './operate.ts'

export type MapsDeps = { store: Store; changes: CampaignChanges; operated: (type: MapOperation['type']) => void }

type OneMap = { roomId: string; campaignId: string; mapId: string }

export class Maps {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #operated: MapsDeps['operated']

  constructor({ store, changes, operated }: MapsDeps) {
    this.#store = store
    this.#changes = changes
    this.#operated = operated
  }

  /**
   * One operation as one step. Players act in the active campaign only; another one is answered as one that does not exist. Throws as
   * `operate` does, and CAMPAIGN_NOT_FOUND.
   */
  operate(request: ChangeRequest & { campaignId: string; operation: MapOperation }): Promise<OperateMapsAnswer> {
    return this.#changes.run('maps.operate', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      if (work.actor.role === 'player' && campaign.id !== work.room.activeCampaignId) throw campaignNotFound()
      const answer = await operate(work, campaign, request.operation)
      this.#operated(request.operation.type)
      return answer
    })
  }

  /** For DMs. Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  fog({ roomId, campaignId, mapId }: OneMap): Promise<MapFogAnswer> {
    return this.#store.read(async (tables) => {
      const map = await this.#mapIn(tables, { roomId, campaignId, mapId })
      const fog = await new Fogs(tables, campaignId).of(map)
      const revealed = differenceOf(hiddenFog(fog.size), fog)
      return { version: map.fog.version, revealed: revealed ? writeChange(revealed) : '' }
    })
  }

  /** For DMs. Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  walls(request: OneMap): Promise<MapWallsAnswer> {
    return this.#store.read(async (tables) => {
      const { pictureId } = await this.#mapIn(tables, request)
      const { walls, doors, lights } = await this.#changes.memory.wallsOf(tables, request.roomId, pictureId)
      return {
        walls: walls.map(({ a, b }) => ({ a, b })),
        doors: doors.map(({ id, a, b }) => ({ id, a, b })),
        lights: lights.map(({ at: { x, y }, reach }) => ({ x, y, reach })),
      }
    })
  }

  async #mapIn(tables: Repositories, { roomId, campaignId, mapId }: OneMap) {
    const { state } = await campaignIn(tables, roomId, campaignId)
    return mapIn(state, mapId)
  }
}
