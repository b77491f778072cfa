import type { RoomDetails } from '@tablecast/contracts'
import { Section } from '../../../ui/section.tsx'
import { Roster } from './members/Roster.tsx'

type Props = { details: RoomDetails | undefined; isRoomKnown: boolean; onChanged: () => void }

/** The console while no campaign is active. */
export function NoCampaign({ details, isRoomKnown, onChanged }: Props) {
  return (
    <main className="mx-auto w-full max-w-xl p-6">
      <div className="panel text-center">
        <h2 className="text-2xl font-semibold">{isRoomKnown ? 'No campaign is open' : 'Opening the table…'}</h2>
        {isRoomKnown && (
          <p className="text-soft mt-3">
            Open one from “Campaigns” above, or create your first there. Your players wait on their page and see it at
            once.
          </p>
        )}
      </div>
      {details && (
        <div className="mt-6">
          <Section title="At the table">
            <Roster details={details} onChanged={onChanged} />
          </Section>
        </div>
      )}
    </main>
  )
}
