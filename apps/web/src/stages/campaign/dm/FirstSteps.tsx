import type { CampaignState, RoomDetails } from '@tablecast/contracts'
import { Map, UserPlus, Users } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { InviteDialog } from './invite/InviteDialog.tsx'

type Props = {
  state: CampaignState
  details: RoomDetails
  /** Shows that tab of the console. */
  show: (tab: 'characters' | 'world') => void
  onChanged: () => void
}

/** The next steps in a new campaign, each with the way to it. Gone once there is a party and a scene. */
export function FirstSteps({ state, details, show, onChanged }: Props) {
  const hasParty = state.characters.length > 0
  const hasScene = state.scene.trim() !== ''
  if (hasParty && hasScene) return null
  return (
    <section aria-label="First steps" className="panel bg-raised">
      <h2 className="text-lg font-semibold">A new campaign</h2>
      <p className="mt-1 text-sm">
        Write the first words below, and they are on every screen. These come next; an adventure in a file comes in
        under “Campaigns”.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {!hasParty && (
          <Button onClick={() => show('characters')}>
            <Users size={17} aria-hidden="true" /> Add the party
          </Button>
        )}
        {!hasScene && (
          <Button onClick={() => show('world')}>
            <Map size={17} aria-hidden="true" /> Set the scene
          </Button>
        )}
        <InviteDialog
          details={details}
          onChanged={onChanged}
          trigger={
            <Button>
              <UserPlus size={17} aria-hidden="true" /> Invite your players
            </Button>
          }
        />
      </div>
    </section>
  )
}
