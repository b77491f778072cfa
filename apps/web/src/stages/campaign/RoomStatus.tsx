import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { useLive } from '../../live/live-store.ts'

export function RoomStatus() {
  const link = useLive((state) => state.link)
  const seq = useLive((state) => state.room?.position.seq ?? null)
  const heardAt = useLive((state) => state.heardAt)
  const healed = useLive((state) => state.healed)
  return <ConnectionStatus link={link} seq={seq} heardAt={heardAt} healed={healed} />
}
