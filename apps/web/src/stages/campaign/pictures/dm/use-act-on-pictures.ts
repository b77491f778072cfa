import type { OperatePicturesAnswer } from '@tablecast/contracts'
import { api, messageOf, newKey } from '../../../../api.ts'
import { useLive } from '../../../../live/live-store.ts'
import { useNotify } from '../../../../ui/toast.tsx'
import { type AskedPictureOperation, operatePictures, type Where } from '../operate-pictures.ts'

/** Resolves to null when the server refused it: the DM has got the reason by then. */
export type ActOnPictures = (operation: AskedPictureOperation) => Promise<OperatePicturesAnswer | null>

export function useActOnPictures(where: Where): {
  act: ActOnPictures
  actWithUndo: (operation: AskedPictureOperation, done: string) => void
} {
  const notify = useNotify()
  const refused = (error: unknown) => notify('That did not work', messageOf(error))
  const act: ActOnPictures = (operation) =>
    operatePictures(where, operation).catch((error: unknown) => {
      refused(error)
      return null
    })
  /** The last step is the one with this version, unless something has changed since. */
  const undo = (version: number | null) => {
    const dm = useLive.getState().room?.dm
    if (!dm?.undo || dm.version !== version)
      return notify('Something has changed since', '“Undo” above the story takes the changes back one after the other.')
    api.campaign.undo.mutate({ ...where, step: dm.undo.step, force: false, key: newKey() }).catch(refused)
  }
  const actWithUndo = async (operation: AskedPictureOperation, done: string) => {
    const answer = await act(operation)
    if (answer) notify(done, undefined, { label: 'Undo', run: () => undo(answer.version) })
  }
  return { act, actWithUndo: (operation, done) => void actWithUndo(operation, done) }
}
