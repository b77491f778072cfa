import { type ComponentType, useEffect } from 'react'
import { useLive } from '../../live/live-store.ts'
import { usePart } from '../../ui/use-part.tsx'

/**
 * A part of the table that nobody needs at first sight. It loads with the first input of a person or when the page has been live for a
 * moment, and again when a load has failed and the network is back. `Part` is null until then. `load` must be the same function at each call.
 */
export function useLaterPart<Props>(
  load: () => Promise<ComponentType<Props>>,
  isWanted = true,
): { Part: ComponentType<Props> | null } {
  const { Part, want } = usePart(load)
  const mayLoad = useLive(({ mayLoadMore }) => mayLoadMore)
  useEffect(() => {
    if (!isWanted || !mayLoad) return
    want()
    addEventListener('online', want)
    return () => removeEventListener('online', want)
  }, [isWanted, mayLoad, want])
  return { Part }
}
