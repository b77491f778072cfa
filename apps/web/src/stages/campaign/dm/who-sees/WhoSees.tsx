import { Popover } from '@base-ui/react/popover'
import { ScanEye } from 'lucide-react'
import { buttonClass } from '../../../../ui/button.tsx'
import { type SeenBy, seenByWords } from './seen-by.ts'

type Props = {
  /** The name of the thing, for a person who hears the page. */
  of: string
  seenBy: SeenBy
  /** More to know about it, in a sentence. */
  note?: string | null
  className?: string
}

/** Tells the DM in a small popover who sees a thing. */
export function WhoSees({ of, seenBy, note = null, className = '' }: Props) {
  const label = `Who sees this? (${of})`
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={label}
        title="Who sees this?"
        className={buttonClass('quiet', `icon-button !px-0 w-11 shrink-0 ${className}`)}
      >
        <ScanEye size={17} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} collisionPadding={8} className="z-[60]">
          <Popover.Popup className="border-line bg-raised max-w-72 rounded-xl border p-3 text-sm shadow-xl">
            <Popover.Title className="text-soft text-xs font-semibold tracking-widest uppercase">
              Who sees this?
            </Popover.Title>
            <Popover.Description className="text-ink mt-1">
              {seenByWords(seenBy)}
              {note && <span className="text-soft mt-1 block">{note}</span>}
            </Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
