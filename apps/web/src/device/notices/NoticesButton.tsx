import { Bell } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { useDialogPart } from '../../ui/use-part.tsx'

const loadNotices = async () => (await import('./NoticesDialog.tsx')).NoticesDialog

/** Opens the notices of this device, which are loaded when they are first wanted. */
export function NoticesButton() {
  const { Part: NoticesDialog, isOpen, open, setOpen, problem } = useDialogPart(loadNotices)
  return (
    <>
      <IconButton
        label="Notices"
        data-command="Table"
        data-words="push notification phone turn alert"
        aria-haspopup="dialog"
        onClick={open}
      >
        <Bell size={18} />
      </IconButton>
      {NoticesDialog ? <NoticesDialog isOpen={isOpen} setOpen={setOpen} /> : problem}
    </>
  )
}
