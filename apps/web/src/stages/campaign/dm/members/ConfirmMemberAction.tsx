import { Confirm } from '../../../../ui/dialog.tsx'
import type { AskedAction } from './member-actions.ts'

type Question = { title: string; text: string; action: string }

const questions: Record<AskedAction, (name: string) => Question> = {
  ban: (name) => ({
    title: `Ban ${name}?`,
    text: 'They are out at once and can not come back. A guest may still come under another name by the same link: make a new link, or lock the table.',
    action: 'Ban',
  }),
  handOver: (name) => ({
    title: `Hand the table over to ${name}?`,
    text: 'They become the owner, and you a co-DM. Only they can give it back.',
    action: 'Hand over',
  }),
}

type Props = { action: AskedAction; name: string; onConfirm: () => void; onClose: () => void }

export function ConfirmMemberAction({ action, name, onConfirm, onClose }: Props) {
  return (
    <Confirm
      {...questions[action](name)}
      danger
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      onConfirm={onConfirm}
    />
  )
}
