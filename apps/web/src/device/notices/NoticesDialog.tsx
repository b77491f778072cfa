import { Dialog } from '../../ui/dialog.tsx'
import { NoticeSettings } from './NoticeSettings.tsx'

export function NoticesDialog({ isOpen, setOpen }: { isOpen: boolean; setOpen: (isOpen: boolean) => void }) {
  return (
    <Dialog title="Notices" isLow open={isOpen} onOpenChange={setOpen}>
      {isOpen && <NoticeSettings />}
    </Dialog>
  )
}
