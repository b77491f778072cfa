import type { OperateAnswer } from '@tablecast/contracts'
import { api, messageOf, newRollingCall } from '../../../api.ts'
import type { AskedOperation } from '../../../live/outbox-calls.ts'

export type Where = { roomId: string; campaignId: string }

/** Null: the server refused it, and `refused` has got the reason. */
export type Operate = (operation: AskedOperation) => Promise<OperateAnswer | null>

/** Sends operations of the fight. Numbers are relative, so nothing conflicts with what others do meanwhile. */
export const operateAt =
  ({ roomId, campaignId }: Where, refused: (reason: string) => void): Operate =>
  async (operation) => {
    try {
      return await api.campaign.operate.mutate({ roomId, campaignId, ...newRollingCall(), operation })
    } catch (error) {
      refused(messageOf(error))
      return null
    }
  }
