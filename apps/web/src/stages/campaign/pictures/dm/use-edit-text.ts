// Texts of handouts and of the picture of the scene: a text that another DM changed meanwhile is not overwritten unseen.
import { messageOf, refusalOf } from '../../../../api.ts'
import { useNotify } from '../../../../ui/toast.tsx'
import { textInWords } from '../../dm/conflict-words.ts'
import { useAskConflict } from '../../dm/conflicts.tsx'
import { type AskedPictureOperation, operatePictures, type Where } from '../operate-pictures.ts'

/** `what` names the text for people. `was`: the text that the editor began with. */
type TextEdit = {
  what: string
  was: string
  is: string
  operation: (is: string, was: string) => AskedPictureOperation
}

/** Resolves to null when the server refused the text: the DM has got the reason by then. */
export function useEditText(where: Where): (edit: TextEdit) => Promise<'saved' | 'theirs' | null> {
  const notify = useNotify()
  const askConflict = useAskConflict()
  const send = async ({ what, was, is, operation }: TextEdit): Promise<'saved' | 'theirs' | null> => {
    try {
      await operatePictures(where, operation(is, was))
      return 'saved'
    } catch (error) {
      const now = presentText(error)
      if (now === null) {
        notify('That did not work', messageOf(error))
        return null
      }
      const choice = await askConflict({
        what,
        both: [{ field: '', mine: textInWords(is), theirs: textInWords(now) }],
      })
      return choice === 'theirs' ? 'theirs' : send({ what, was: now, is, operation })
    }
  }
  return send
}

/** The text of a conflict, as it is now; null for another refusal. Each edit is about one text. */
function presentText(error: unknown): string | null {
  const refusal = refusalOf(error)
  if (refusal?.code !== 'CONFLICT' || typeof refusal.details !== 'object' || refusal.details === null) return null
  const [text]: unknown[] = Object.values(refusal.details)
  return typeof text === 'string' ? text : null
}
