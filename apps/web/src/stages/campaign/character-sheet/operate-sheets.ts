import { api, newKey } from '../../../api.ts'
import type { Where } from './use-sheet.ts'

export type AskedSheetOperation = Parameters<typeof api.sheets.operate.mutate>[0]['operation']

/** One operation on a sheet. Throws what the server answers. */
export const operateSheets = ({ roomId, campaignId }: Where, operation: AskedSheetOperation) =>
  api.sheets.operate.mutate({ roomId, campaignId, key: newKey(), operation })
