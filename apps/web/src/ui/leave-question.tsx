import { AlertDialog } from '@base-ui/react/alert-dialog'
import { buttonClass } from './button.tsx'

/** Names the place that a link leads to, and opens it in another tab, so that the table stays open. */
export function LeaveQuestion({ to, onClose }: { to: string; onClose: () => void }) {
  const host = URL.parse(to)?.host
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/60" />
        <AlertDialog.Popup className="border-line bg-card arrive fixed top-1/2 left-1/2 z-50 w-[min(94vw,32rem)] -translate-x-1/2 -translate-y-1/2 rounded-2xl border p-5 shadow-2xl">
          <AlertDialog.Title className="text-xl">{host ? `Leave for ${host}?` : 'Open this link?'}</AlertDialog.Title>
          <AlertDialog.Description className="text-soft mt-2">
            Somebody at the table wrote this link. It leads away from Tablecast. Open it only if you trust it.
          </AlertDialog.Description>
          <p className="bg-page mt-3 max-h-40 overflow-y-auto rounded-lg p-3 text-sm break-all">{to}</p>
          <div className="mt-5 flex justify-end gap-3">
            <AlertDialog.Close className={buttonClass('plain')}>Stay here</AlertDialog.Close>
            <a href={to} target="_blank" rel="noreferrer noopener" className={buttonClass('primary')} onClick={onClose}>
              Open in a new tab
            </a>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
