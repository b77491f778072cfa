import { ThemeButton } from '../../../ui/button.tsx'
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
  myId: string
  cue: TurnCue
}

export function PlayerHeader({ roomId, roomName, campaignName, myId, cue }: Props) {
  return (
    <PageHeader
      back="/"
      backLabel="To the start page"
      title={campaignName ?? roomName ?? 'Taking a seat…'}
      subtitle={campaignName === undefined ? null : roomName}
    >
      {campaignName !== undefined && <RecapButton roomId={roomId} />}
      <RoomStatus />
      <div className="flex items-center gap-4">
        <ReadySwitch roomId={roomId} myId={myId} />
        <TurnSoundSwitch cue={cue} />
        <ThemeButton />
      </div>
    </PageHeader>
  )
}
