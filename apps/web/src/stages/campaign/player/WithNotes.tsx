import type { ReactNode } from 'react'
import { RecapOffer } from '../RecapButton.tsx'
import { AwaySummary } from './AwaySummary.tsx'

type Props = { roomId: string; campaign: { id: string; entries: readonly unknown[] } | null; children: ReactNode }

/** Lays notes over the top of the story. They come and go, and the words below them stay where they are. */
export function WithNotes({ roomId, campaign, children }: Props) {
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <div className="story-notes">
        <AwaySummary />
        {campaign && (
          <RecapOffer key={campaign.id} roomId={roomId} campaignId={campaign.id} entries={campaign.entries.length} />
        )}
      </div>
      {children}
    </div>
  )
}
