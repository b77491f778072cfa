import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass, IconButton } from './button.tsx'

export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={6_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="border-line bg-raised arrive flex items-start gap-2 rounded-xl border py-2 pr-1 pl-3 shadow-xl"
    >
      <div className="min-w-0 grow">
        <Toast.Title className="font-semibold" />
        <Toast.Description className="text-soft text-sm" />
      </div>
      {toast.actionProps && <Toast.Action className={buttonClass('plain', '!min-h-9 self-center')} />}
      <Toast.Close
        render={
          <IconButton label="Dismiss">
            <X size={16} />
          </IconButton>
        }
      />
    </Toast.Root>
  ))
}

type Action = { label: string; run: () => void }

/** Shows a short message, with a button for the `action`. Screen readers announce it when they are idle. */
export function useNotify(): (title: string, description?: string, action?: Action) => void {
  const { add, close } = Toast.useToastManager()
  return (title, description, action) => {
    const id = add({
      title,
      description,
      ...(action && { actionProps: { children: action.label, onClick: () => act(id, action) } }),
    })
  }
  function act(id: string, { run }: Action): void {
    close(id)
    run()
  }
}
