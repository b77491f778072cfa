import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'

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

/** Shows a short message. Screen readers announce it when they are idle. */
export function useNotify(): (title: string, description?: string) => void {
  const { add } = Toast.useToastManager()
  return (title, description) => void add({ title, description })
}
