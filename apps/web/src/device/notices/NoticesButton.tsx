import { Bell } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { usePart } from '../../ui/use-part.tsx'

const loadNotices = async () => (await import('./NoticesDialog.tsx')).NoticesDialog

/** Opens the notices of this device, which are loaded when they are first wanted. */
export function NoticesButton() {
  const { Part: NoticesDialog, want, problem } = usePart(loadNotices)
  const [isOpen, setOpen] = useState(false)
  const open = () => {
    setOpen(true)
    if (!NoticesDialog) want()
  }
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
