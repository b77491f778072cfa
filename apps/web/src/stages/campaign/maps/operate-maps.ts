import type { OperateMapsAnswer } from '@tablecast/contracts'
import { api, messageOf, newKey } from '../../../api.ts'
import type { Where } from '../pictures/operate-pictures.ts'

/** An operation as a page sends it: fields with a default may be missing. */
type AskedMapOperation = Parameters<typeof api.maps.operate.mutate>[0]['operation']

/** Resolves to null when the server refused it: the person has got the reason by then. */
export type ActOnMaps = (operation: AskedMapOperation) => Promise<OperateMapsAnswer | null>

export const actOnMaps =
  (where: Where, refused: (reason: string) => void): ActOnMaps =>
  async (operation) => {
    try {
      return await api.maps.operate.mutate({ ...where, key: newKey(), operation })
    } catch (error) {
      refused(messageOf(error))
      return null
    }
  }
