import type { OperateAnswer } from '@tablecast/contracts'
import { api, messageOf, newKey } from '../../../api.ts'

export type Where = { roomId: string; campaignId: string }

/** An operation as a page sends it: fields with a default may be missing. */
export type AskedOperation = Parameters<typeof api.campaign.operate.mutate>[0]['operation']

/** Null: the server refused it, and `refused` has got the reason. */
export type Operate = (operation: AskedOperation) => Promise<OperateAnswer | null>

/** Sends operations of the fight. Numbers are relative, so nothing conflicts with what others do meanwhile. */
export const operateAt =
  ({ roomId, campaignId }: Where, refused: (reason: string) => void): Operate =>
  async (operation) => {
    try {
      return await api.campaign.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    } catch (error) {
      refused(messageOf(error))
      return null
    }
  }
