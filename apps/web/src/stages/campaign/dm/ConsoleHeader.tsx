import type { RoomDetails } from '@tablecast/contracts'
import { loadDeviceSettings } from '../../../device/later-parts.ts'
import { ThemeButton } from '../../../ui/button.tsx'
import { MorePanel } from '../../../ui/more-panel.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Toolbar } from '../../../ui/Toolbar.tsx'
import { RecapButton } from '../RecapButton.tsx'
import { RoomStatus } from '../RoomStatus.tsx'
import type { DmsCampaign } from './dms-campaign.ts'
import { InviteDialog } from './invite/InviteDialog.tsx'
import { Library } from './Library.tsx'
import { TableSettings } from './members/TableSettings.tsx'
import { ScreensDialog } from './screens/ScreensDialog.tsx'
import { useLaterPart } from '../use-later-part.ts'
import { UndoRedo } from './UndoRedo.tsx'

type Props = {
  roomId: string
  campaign: DmsCampaign | null
  /** Undefined until the server has answered. */
  details: RoomDetails | undefined
  onChanged: () => void
}

export function ConsoleHeader({ roomId, campaign, details, onChanged }: Props) {
  const { Part: DeviceSettings } = useLaterPart(loadDeviceSettings)
  return (
    <PageHeader
      back="/"
      backLabel="To the start page"
      title={campaign?.name ?? 'No active campaign'}
      subtitle={`${details?.room.name ?? 'Opening the table…'} · DM console`}
    >
      <Toolbar label="Table" isOneLine>
        <RoomStatus />
        <MorePanel label="More">
          {campaign && details && (
            <UndoRedo
              key={campaign.id}
              roomId={roomId}
              campaignId={campaign.id}
              myId={details.me.userId}
              entries={campaign.entries}
            />
          )}
          {details && <Library roomId={roomId} activeId={campaign?.id ?? null} />}
          {campaign && <RecapButton roomId={roomId} />}
          {details && <InviteDialog details={details} onChanged={onChanged} />}
          {details && !campaign && <ScreensDialog roomId={roomId} />}
          {details && <TableSettings details={details} onChanged={onChanged} />}
          <ThemeButton />
          {DeviceSettings && <DeviceSettings />}
        </MorePanel>
      </Toolbar>
    </PageHeader>
  )
}
