import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactElement, type ReactNode, useRef } from 'react'
import { buttonClass, IconButton } from './button.tsx'
import { moreButtonOf } from './behind-more.ts'

const backdrop = 'fixed inset-0 z-40 bg-black/60'
const popup =
  'border-line bg-card fixed top-1/2 left-1/2 z-50 max-h-[88dvh] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border p-5 shadow-2xl arrive'
// One dialog at a time: the one below steps back while another is open over it.
const wide = `${popup} w-[min(94vw,36rem)] data-[nested-dialog-open]:opacity-0`
const low = `${wide} max-md:top-auto max-md:bottom-0 max-md:left-0 max-md:max-h-[94dvh] max-md:w-full max-md:translate-none max-md:rounded-b-none`
const narrow = `${popup} w-[min(94vw,28rem)]`

type DialogProps = {
  title: string
  /** At the bottom edge of a phone, where a thumb reaches it. */
  isLow?: boolean
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactNode
}

export function Dialog({ title, isLow = false, trigger, children, ...control }: DialogProps) {
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <Base.Root {...control}>
      {trigger && <Base.Trigger ref={opener} render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Popup className={isLow ? low : wide} finalFocus={() => moreButtonOf(opener.current) ?? true}>
          <div className="mb-4 flex items-center justify-between gap-4">
            <Base.Title className="min-w-0 text-xl">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label="Close">
                  <X size={18} />
                </IconButton>
              }
            />
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

type ConfirmProps = {
  title: string
  text: ReactNode
  action: string
  danger?: boolean
  /** Omit it when `open` controls the dialog. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  onConfirm: () => void
}

/** Asks before an action that other people will notice. */
export function Confirm({ title, text, action, danger = false, trigger, onConfirm, ...control }: ConfirmProps) {
  return (
    <AlertDialog.Root {...control}>
      {trigger && <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={narrow}>
          <AlertDialog.Title className="text-xl">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-soft mt-2">{text}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonClass('plain')}>Cancel</AlertDialog.Close>
            <AlertDialog.Close className={buttonClass(danger ? 'danger' : 'primary')} onClick={onConfirm}>
              {action}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
