import type { Member } from '@tablecast/contracts'
import type { ReactNode } from 'react'
import { useSession } from '../../../auth/use-session.ts'
import { useRoving } from '../../../ui/use-roving.ts'
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
  /** After the newest entry. */
  children: ReactNode
}

/** The story, the narrator's draft, and where the DM writes. */
export function ConsoleStory({ roomId, campaign, members, narrator, children }: Props) {
  const myId = useSession()?.userId ?? ''
  // The buttons and links of the entries are one stop of the Tab key, at the newest.
  const entries = useRoving<HTMLDivElement>({ stops: 'article :is(button, a[href])', start: 'last' })
  return (
    <div className="flex min-h-0 grow flex-col">
      <div className="flex min-h-0 grow flex-col" {...entries}>
        <Narrative
          key={campaign.id}
          entries={campaign.entries}
          more={campaign.more}
          loadOlder={() => loadOlder(roomId)}
          place={{ roomId, campaignId: campaign.id, myId, isDm: true }}
          tail={children}
          onAnswer={narrator.isWithModel ? narrator.answer : undefined}
        />
      </div>
      <DraftPanel roomId={roomId} />
      <DmComposer
        roomId={roomId}
        campaignId={campaign.id}
        myId={myId}
        state={campaign.view}
        members={members}
        isForModel={narrator.isWithModel}
      />
    </div>
  )
}
