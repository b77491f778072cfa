// Loads a part of a page when it is first wanted, so that nobody waits for a part that few people use.
import { RotateCw, X } from 'lucide-react'
import { type ComponentType, type ReactNode, useCallback, useState } from 'react'
import { Button, IconButton } from './button.tsx'

type State<Props> = 'unwanted' | 'loading' | 'failed' | { Part: ComponentType<Props> }

type UsedPart<Props> = {
  /** Null until it is loaded. */
  Part: ComponentType<Props> | null
  isLoading: boolean
  want(): void
  /** Show it beside the part: it says that loading failed, and offers to try again. */
  problem: ReactNode
}

/** `load` must be the same function at each call. A part that has loaded is kept, and one that failed can be loaded again. */
export function usePart<Props>(load: () => Promise<ComponentType<Props>>): UsedPart<Props> {
  const [state, setState] = useState<State<Props>>('unwanted')
  const want = useCallback(() => {
    setState('loading')
    load().then(
      (Part) => setState({ Part }),
      () => setState('failed'),
    )
  }, [load])
  return {
    Part: typeof state === 'object' ? state.Part : null,
    isLoading: state === 'loading',
    want,
    problem: state === 'failed' && <NotLoaded retry={want} dismiss={() => setState('unwanted')} />,
  }
}

/** The same for a dialog that a button opens. */
export function useDialogPart<Props>(load: () => Promise<ComponentType<Props>>) {
  const part = usePart(load)
  const [isOpen, setIsOpen] = useState(false)
  const open = () => {
    setIsOpen(true)
    if (!part.Part) part.want()
  }
  return { ...part, isOpen, open, setOpen: setIsOpen }
}

function NotLoaded({ retry, dismiss }: { retry: () => void; dismiss: () => void }) {
  return (
    <div
      role="alert"
      className="border-line bg-raised arrive fixed right-4 bottom-4 z-60 w-[min(92vw,24rem)] rounded-xl border p-3 text-left shadow-xl"
    >
      <div className="flex items-start gap-2">
        <p className="grow text-sm">
          This part of the page could not be loaded. What you typed is kept: try again, or reload the page.
        </p>
        <IconButton label="Dismiss" onClick={dismiss}>
          <X size={16} />
        </IconButton>
      </div>
      <div className="mt-2 flex gap-2">
        <Button look="primary" onClick={retry}>
          <RotateCw size={16} aria-hidden="true" /> Try again
        </Button>
        <Button onClick={() => location.reload()}>Reload</Button>
      </div>
    </div>
  )
}
