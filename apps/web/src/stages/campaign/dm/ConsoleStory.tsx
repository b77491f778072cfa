import type { Member } from '@tablecast/contracts'
import type { ReactNode } from 'react'
import { useSession } from '../../../auth/use-session.ts'
import { Narrative } from '../Narrative.tsx'
import { loadOlder } from '../use-room.ts'
import { DmComposer } from './DmComposer.tsx'
import type { DmsCampaign } from './dms-campaign.ts'
import { DraftPanel } from './DraftPanel.tsx'
import type { useNarrator } from './use-narrator.ts'

type Props = {
  roomId: string
  campaign: DmsCampaign
  members: readonly Member[]
  narrator: ReturnType<typeof useNarrator>
  /** Between the story and the line where the DM writes. */
  children: ReactNode
}

/** The story, the narrator's draft, and where the DM writes. */
export function ConsoleStory({ roomId, campaign, members, narrator, children }: Props) {
  const myId = useSession()?.userId ?? ''
  return (
    <div className="flex min-h-0 grow flex-col">
      <Narrative
        key={campaign.id}
        entries={campaign.entries}
        more={campaign.more}
        loadOlder={() => loadOlder(roomId)}
        place={{ roomId, campaignId: campaign.id, myId, isDm: true }}
        onAnswer={narrator.isWithModel ? narrator.answer : undefined}
      />
      {children}
      <DraftPanel roomId={roomId} />
      <DmComposer roomId={roomId} state={campaign.view} members={members} isForModel={narrator.isWithModel} />
    </div>
  )
}
