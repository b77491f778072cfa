import { useLaterPart } from '../use-later-part.ts'

const loadNotice = () => import('./OutboxNotice.tsx').then(({ OutboxNotice }) => OutboxNotice)

export function OutboxStatus({ onTakeBack }: { onTakeBack: (message: string) => void }) {
  const { Part: Notice } = useLaterPart(loadNotice)
  return Notice && <Notice onTakeBack={onTakeBack} />
}
