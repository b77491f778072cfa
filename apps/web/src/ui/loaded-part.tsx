import { type ComponentType, useEffect } from 'react'
import { loading } from './loading.tsx'
import { usePart } from './use-part.tsx'

/** A part of a page that loads when it is first shown. `load` loads its code. */
export function loadedPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => React.JSX.Element {
  return function LoadedPart(props: Props) {
    const { Part, want, problem } = usePart(load)
    useEffect(want, [want])
    return (
      <>
        {Part ? <Part {...props} /> : !problem && loading}
        {problem}
      </>
    )
  }
}
