import type { NarrativeEntry } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { api, messageOf, newKey } from '../../../api.ts'
import { queries } from '../../../queries.tsx'
import { useNotify } from '../../../ui/toast.tsx'

/** Whether a model writes the DM's requests, and a function that has it answer a player. */
export function useNarrator(
  roomId: string,
  isKnown: boolean,
): { isWithModel: boolean; answer: (entry: NarrativeEntry) => void } {
  const { data } = useQuery({ ...queries.narrator.status.queryOptions({ roomId }), enabled: isKnown })
  const notify = useNotify()
  return {
    isWithModel: data !== undefined && data.model !== null && data.mode !== 'scribe',
    answer: ({ id }) =>
      void api.narrator.answer
        .mutate({ roomId, key: newKey(), entryId: id })
        .catch((error: unknown) => notify('The narrator did not begin', messageOf(error))),
  }
}
