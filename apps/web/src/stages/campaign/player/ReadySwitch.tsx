import { api } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { Switch } from '../../../ui/switch.tsx'

export function ReadySwitch({ roomId, myId }: { roomId: string; myId: string }) {
  const status = useLive(({ roster }) => roster.people.find(({ userId }) => userId === myId)?.status)
  const choose = (isReady: boolean) =>
    void api.presence.set.mutate({ roomId, status: isReady ? 'ready' : 'away' }).catch(() => {})
  return <Switch label="Ready" command="Table" checked={status === 'ready'} onChange={choose} />
}
