import type { ReactNode } from 'react'
import { RecapOffer, useRecapOffer } from '../RecapButton.tsx'
import { AwaySummary } from './AwaySummary.tsx'

type Props = {
  roomId: string
  /** The same one for as long as the part is shown. */
  campaign: { id: string; entries: readonly unknown[] } | null
  /** Whether the picture of the scene lies over the top of the story. */
  isUnderScene?: boolean
  children: ReactNode
}

/** Lays notes over the top of the story. They come and go, and the words below them stay where they are. */
export function WithNotes({ roomId, campaign, isUnderScene = false, children }: Props) {
  const { isOffered, dismiss } = useRecapOffer(campaign)
  return (
    <div className={`relative flex min-h-0 grow flex-col ${isOffered ? 'under-offer' : ''}`}>
      <div className={`story-notes ${isUnderScene ? 'below-scene' : ''}`}>
        <AwaySummary />
        {isOffered && <RecapOffer roomId={roomId} onDismiss={dismiss} />}
      </div>
      {children}
    </div>
  )
}
