// Edits of the state by forms: each is based on the version that its editor saw, and a conflict is shown, never lost.
import type { CampaignState, StatePatch } from '@tablecast/contracts'
import { createContext, type ReactNode, use } from 'react'
import { messageOf, refusalOf } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { openedOutbox } from '../../../live/outbox-state.ts'
import { useNotify } from '../../../ui/toast.tsx'
import { differences } from './conflict-words.ts'
import { useAskConflict } from './conflicts.tsx'

/** `what` names the field for people. */
export type Edit = { what: string; patch: StatePatch; baseVersion: number }
type Outcome = 'saved' | 'theirs' | 'failed'

const EditContext = createContext<(edit: Edit) => Promise<Outcome>>(() => Promise.resolve('failed'))

/** Sends an edit, as soon as there is a connection. Resolves when it was saved, given up, or refused. */
export const useEdit = () => use(EditContext)

/** The version of the campaign's state that is shown here. */
export const currentVersion = (): number => useLive.getState().room?.dm?.version ?? 0

export function EditProvider({ campaignId, children }: { campaignId: string; children: ReactNode }) {
  const askConflict = useAskConflict()
  const notify = useNotify()

  async function send({ what, patch, baseVersion }: Edit): Promise<Outcome> {
    const box = await openedOutbox()
    const outcome = await box.add({ do: 'edit', campaignId, what, baseVersion, patch })
    if (outcome.kind === 'sent') return 'saved'
    if (outcome.kind !== 'refused') return 'failed'
    const newer = newerOf(outcome.error)
    // One that had to wait stands in the outbox with its reason.
    if (!newer && !outcome.isLate) notify(`${what} was not saved`, messageOf(outcome.error))
    if (!newer) return 'failed'
    box.drop(outcome.key)
    const both = differences(patch, newer.state)
    // Both wrote the same.
    if (both.length === 0) return 'theirs'
    const choice = await askConflict({ what, both })
    return choice === 'theirs' ? 'theirs' : send({ what, patch, baseVersion: newer.version })
  }

  return <EditContext value={send}>{children}</EditContext>
}

/** The newer state of a conflict; null for another refusal. */
function newerOf(error: unknown): { version: number; state: CampaignState } | null {
  const refusal = refusalOf(error)
  return refusal?.code === 'CONFLICT' && isNewer(refusal.details) ? refusal.details : null
}

/** The server of this page wrote it. */
const isNewer = (details: unknown): details is { version: number; state: CampaignState } =>
  typeof details === 'object' &&
  details !== null &&
  'version' in details &&
  typeof details.version === 'number' &&
  'state' in details &&
  typeof details.state === 'object'
