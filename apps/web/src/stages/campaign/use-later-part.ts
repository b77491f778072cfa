import { type ComponentType, useEffect } from 'react'
import { useLive } from '../../live/live-store.ts'
import { usePart } from '../../ui/use-part.tsx'

type LaterPart<Props> = { Part: ComponentType<Props> | null }

/**
 * A part of the table that nobody needs at first sight. It loads with the first input of a person or when the page has been live for a
 * moment, and again when a load has failed and the network is back. `Part` is null until then. `load` must be the same function at each call.
 */
export function useLaterPart<Props>(load: () => Promise<ComponentType<Props>>, isWanted = true): LaterPart<Props> {
  const mayLoad = useLive(({ mayLoadMore }) => mayLoadMore)
  return useLoaded(load, isWanted && mayLoad)
}

/** A part of the table that is seen at once, such as a picture, but must not delay the words: it loads as soon as the page is live. */
export function usePartWhenLive<Props>(load: () => Promise<ComponentType<Props>>, isWanted: boolean): LaterPart<Props> {
  const isLive = useLive(({ link }) => link.kind === 'live')
  return useLoaded(load, isWanted && isLive)
}

function useLoaded<Props>(load: () => Promise<ComponentType<Props>>, mayLoad: boolean): LaterPart<Props> {
  const { Part, want } = usePart(load)
  useEffect(() => {
    if (!mayLoad) return
    want()
    addEventListener('online', want)
    return () => removeEventListener('online', want)
  }, [mayLoad, want])
  return { Part }
}
