import type { RoomDetails } from '@tablecast/contracts'
import { Section } from '../../../ui/section.tsx'
import { FirstCampaign } from './FirstCampaign.tsx'
import { Roster } from './members/Roster.tsx'

type Props = { roomId: string; details: RoomDetails | undefined; isRoomKnown: boolean; onChanged: () => void }

/** The console while no campaign is active. */
export function NoCampaign({ roomId, details, isRoomKnown, onChanged }: Props) {
  return (
    <main className="mx-auto min-h-0 w-full max-w-xl grow overflow-y-auto p-6">
      <div className="panel text-center">
        <h2 className="text-2xl font-semibold">{isRoomKnown ? 'No campaign is open' : 'Opening the table…'}</h2>
        {isRoomKnown && <FirstCampaign roomId={roomId} />}
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
