import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { isTyping } from './is-typing.ts'

type FirstKey = { first: KeyboardEvent | null }

// A page works by pointer without its keys, so a failed load is no error of the page.
const load = (): Promise<{ default: ComponentType<FirstKey> }> =>
  import('./KeysAtWork.tsx').then(
    ({ KeysAtWork }) => ({ default: KeysAtWork }),
    () => ({ default: () => null }),
  )
const KeysAtWork = lazy(load)

const HELD: ReadonlySet<string> = new Set(['Control', 'Meta', 'Shift', 'Alt', 'AltGraph'])

/** The keys of every page. They load with the first sign of a person. A key that was pressed first acts as soon as they are there. */
export function Keys() {
  const [input, setInput] = useState<FirstKey | null>(null)
  useEffect(() => {
    const inputs = new AbortController()
    const heard = (event: Event) => {
      // The key that is held down with another one comes first. The other one is meant.
      if (event instanceof KeyboardEvent && HELD.has(event.key)) return
      inputs.abort()
      const first = event instanceof KeyboardEvent && !isTyping(event) ? event : null
      // Browsers begin a search of their own with these keys.
      if (first?.key === '/' || (first?.key === 'k' && (first.ctrlKey || first.metaKey))) first.preventDefault()
      setInput({ first })
    }
    for (const name of ['pointermove', 'pointerdown', 'keydown'])
      addEventListener(name, heard, { signal: inputs.signal })
    return () => inputs.abort()
  }, [])
  return (
    input && (
      <Suspense>
        <KeysAtWork {...input} />
      </Suspense>
    )
  )
}
