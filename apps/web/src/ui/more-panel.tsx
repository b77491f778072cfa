import { Ellipsis } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'

/** Part of a header: in its line where there is room, and behind a button on a phone. The browser's own popover needs no network. */
export function MorePanel({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = panel
    current?.addEventListener('click', closeAfterChoice)
    return () => current?.removeEventListener('click', closeAfterChoice)
  }, [])
  return (
    <>
      <IconButton label={label} popoverTarget={id} className="md:hidden">
        <Ellipsis size={19} aria-hidden="true" />
      </IconButton>
      <div id={id} ref={panel} popover="auto" className="under-button more-panel">
        {children}
      </div>
    </>
  )
}

/** As a menu does. A dialog that a button of the panel opens would lie below it. */
function closeAfterChoice({ target, currentTarget: panel }: MouseEvent): void {
  if (!(target instanceof Element && panel instanceof HTMLElement && panel.matches(':popover-open'))) return
  const button = target.closest('button')
  if (button?.closest('[popover]') === panel && !button.popoverTargetElement) panel.hidePopover()
}
