// Pictures: what a DM shows, to whom, and new names when somebody may no longer see them.
import type { OperatePicturesAnswer, PictureOperation } from '@tablecast/contracts'
import type { CampaignChanges } from '../campaign-changes.ts'
import { campaignIn, campaignNotFound } from '../reading.ts'
import type { ChangeRequest, RoomChange } from '../room-change.ts'
import { operate } from './operate.ts'
import { renewAfterRoles, type RoleChange } from './renew.ts'

export type PicturesDeps = { changes: CampaignChanges; operated: (type: PictureOperation['type']) => void }

export class Pictures {
  readonly #changes: CampaignChanges
  readonly #operated: PicturesDeps['operated']

  constructor({ changes, operated }: PicturesDeps) {
    this.#changes = changes
    this.#operated = operated
  }

  /**
   * One operation as one step. Players act in the active campaign only; another one is answered as one that does not exist. Throws as
   * `operate` does, and CAMPAIGN_NOT_FOUND.
   */
  operate(
    request: ChangeRequest & { campaignId: string; operation: PictureOperation },
  ): Promise<OperatePicturesAnswer> {
    return this.#changes.run('pictures.operate', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      if (work.actor.role === 'player' && campaign.id !== work.room.activeCampaignId) throw campaignNotFound()
      const answer = await operate(work, campaign, request.operation)
      this.#operated(request.operation.type)
      return answer
    })
  }

  /**
   * Call it in the transaction in which roles of the room change, and the returned function after its commit. `access`: the room's
   * accessVersion after that.
   */
  rolesChanged(change: RoomChange, access: number, roles: readonly RoleChange[]): Promise<() => void> {
    return this.#changes.within({ ...change, room: { ...change.room, access } }, (work) => renewAfterRoles(work, roles))
  }
}
