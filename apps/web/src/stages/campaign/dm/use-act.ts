import { messageOf } from '../../../api.ts'
import { useNotify } from '../../../ui/toast.tsx'

/** Does the work, and shows `done` or the reason of a failure. */
export type Act = (work: () => Promise<unknown>, done: string) => void

export function useAct(onChanged: () => void): Act {
  const notify = useNotify()
  const perform = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      notify(done)
      onChanged()
    } catch (error) {
      notify('That did not work', messageOf(error))
    }
  }
  return (work, done) => void perform(work, done)
}
