import { YourName } from '../../../auth/YourName.tsx'
import { loadDeviceSettings } from '../../../device/later-parts.ts'
import { NoticesButton } from '../../../device/notices/NoticesButton.tsx'
import { ThemeButton } from '../../../ui/button.tsx'
import { MorePanel } from '../../../ui/more-panel.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { CheckDiceButton } from '../dice/CheckDiceButton.tsx'
import { RecapButton } from '../RecapButton.tsx'
import { RoomStatus } from '../RoomStatus.tsx'
import { useLaterPart } from '../use-later-part.ts'
import type { TurnCue } from '../use-news.ts'
import { ReadySwitch } from './ReadySwitch.tsx'
import { TurnSoundSwitch } from './TurnSoundSwitch.tsx'

type Props = {
  roomId: string
  roomName: string | undefined
  /** Undefined while no campaign is active. */
  campaign: { id: string; name: string } | undefined
  me: { userId: string; name: string } | undefined
  cue: TurnCue
}

export function PlayerHeader({ roomId, roomName, campaign, me, cue }: Props) {
  const { Part: DeviceSettings } = useLaterPart(loadDeviceSettings)
  return (
    <PageHeader
      back="/"
      backLabel="To the start page"
      title={campaign?.name ?? roomName ?? 'Opening the table…'}
      subtitle={campaign ? roomName : null}
    >
      {campaign && <RecapButton roomId={roomId} />}
      <RoomStatus />
      <MorePanel label="More">
        {campaign && <CheckDiceButton roomId={roomId} campaignId={campaign.id} isDm={false} />}
        <ReadySwitch roomId={roomId} myId={me?.userId ?? ''} />
        <TurnSoundSwitch cue={cue} />
        {me && <NoticesButton />}
        {me && <YourName name={me.name} />}
        <ThemeButton />
        {DeviceSettings && <DeviceSettings />}
      </MorePanel>
    </PageHeader>
  )
}
