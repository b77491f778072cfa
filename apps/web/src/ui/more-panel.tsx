import { Ellipsis } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { IconButton } from './button.tsx'

/** Part of a header: in its line where there is room, and behind a button on a phone. The browser's own popover needs no network. */
export function MorePanel({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    <>
      <IconButton label={label} popoverTarget={id} className="md:hidden">
        <Ellipsis size={19} aria-hidden="true" />
      </IconButton>
      <div id={id} popover="auto" className="under-button more-panel">
        {children}
      </div>
    </>
  )
}
