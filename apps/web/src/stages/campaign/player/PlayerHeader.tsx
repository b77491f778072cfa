import { YourName } from '../../../auth/YourName.tsx'
import { ThemeButton } from '../../../ui/button.tsx'
import { MorePanel } from '../../../ui/more-panel.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { RecapButton } from '../RecapButton.tsx'
import { RoomStatus } from '../RoomStatus.tsx'
import type { TurnCue } from '../use-news.ts'
import { ReadySwitch } from './ReadySwitch.tsx'
import { TurnSoundSwitch } from './TurnSoundSwitch.tsx'

type Props = {
  roomId: string
  roomName: string | undefined
  /** Undefined while no campaign is active. */
  campaignName: string | undefined
  me: { userId: string; name: string } | undefined
  cue: TurnCue
}

export function PlayerHeader({ roomId, roomName, campaignName, me, cue }: Props) {
  return (
    <PageHeader
      back="/"
      backLabel="To the start page"
      title={campaignName ?? roomName ?? 'Opening the table…'}
      subtitle={campaignName === undefined ? null : roomName}
    >
      {campaignName !== undefined && <RecapButton roomId={roomId} />}
      <RoomStatus />
      <MorePanel label="More">
        <ReadySwitch roomId={roomId} myId={me?.userId ?? ''} />
        <TurnSoundSwitch cue={cue} />
        {me && <YourName name={me.name} />}
        <ThemeButton />
      </MorePanel>
    </PageHeader>
  )
}
