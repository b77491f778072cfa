import type { CampaignState } from '@tablecast/contracts'
import { api, messageOf, newKey } from '../../../api.ts'
import { useNotify } from '../../../ui/toast.tsx'

/** Passes turns with the chat’s commands, so that the story mentions them. Null where one can not be done now. */
export function useTurnCommands(roomId: string, { turn, characters }: Pick<CampaignState, 'turn' | 'characters'>) {
  const notify = useNotify()
  const command = (message: string) => () =>
    void api.campaign.say
      .mutate({ roomId, key: newKey(), message })
      .catch((error: unknown) => notify('That did not work', messageOf(error)))
  const areThereTurns = turn.order.length > 0
  return {
    next: areThereTurns ? command('/turn next') : null,
    back: areThereTurns ? command('/turn prev') : null,
    initiative: characters.length > 0 ? command('/initiative') : null,
    end: areThereTurns ? command('/turn end') : null,
  }
}
