import { type ComponentType, useEffect } from 'react'
import { useOutbox } from '../../live/outbox-state.ts'
import { usePart } from '../../ui/use-part.tsx'

/**
 * A part of the table that nobody needs at first sight. It loads after the page is live, together with the outbox, and again when a load
 * has failed and the network is back. `Part` is null until then. `load` must be the same function at each call.
 */
export function useLaterPart<Props>(
  load: () => Promise<ComponentType<Props>>,
  isWanted = true,
): { Part: ComponentType<Props> | null } {
  const { Part, want } = usePart(load)
  const isSettled = useOutbox(({ box }) => box !== null)
  useEffect(() => {
    if (!isWanted || !isSettled) return
    want()
    addEventListener('online', want)
    return () => removeEventListener('online', want)
  }, [isWanted, isSettled, want])
  return { Part }
}
