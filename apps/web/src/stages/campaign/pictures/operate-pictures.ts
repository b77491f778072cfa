import type { OperatePicturesAnswer } from '@tablecast/contracts'
import { api, newKey } from '../../../api.ts'

/** The campaign whose pictures change. */
export type Where = { roomId: string; campaignId: string }

/** An operation as a page sends it: fields with a default may be missing. */
export type AskedPictureOperation = Parameters<typeof api.pictures.operate.mutate>[0]['operation']

/** Rejects with the server's refusal. A second attempt with the same key changes nothing twice. */
export const operatePictures = (
  where: Where,
  operation: AskedPictureOperation,
  key: string = newKey(),
): Promise<OperatePicturesAnswer> => api.pictures.operate.mutate({ ...where, key, operation })
