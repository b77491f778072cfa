// The view of this member alone: the handouts that the DM has shown to them and not to everyone. Pure: the same events give the same view.
import { applyPatch, type MemberView, stateHash, type WhisperEvent } from '@tablecast/contracts'

/** `isTrue` is false when the view differs from the server's. Only a snapshot mends that. */
export type OwnView = { campaignId: string; view: MemberView; isTrue: boolean }

/** An older server sends no view. */
export function foldOwnView(own: OwnView | null, event: WhisperEvent): OwnView | null {
  const { campaign_id: campaignId } = event
  switch (event.type) {
    case 'whispers_active':
      return campaignId !== null && event.view ? { campaignId, view: event.view, isTrue: true } : null
    case 'member_loaded':
      return { campaignId: event.campaign_id, view: event.view, isTrue: true }
    case 'member_updated': {
      const known = own?.campaignId === campaignId ? own.view : none
      const view = applyPatch<MemberView>(known, event.patch)
      return { campaignId: event.campaign_id, view, isTrue: stateHash(view) === event.hash }
    }
    case 'whispered':
      return own
  }
}

const none: MemberView = { handouts: [], presented: null, sheets: [], requests: [] }
