import { type ReactNode, useEffect, useRef } from 'react'

/** Lights up for a moment when `value` changes after it was first shown. */
export function Flash({
  value,
  className = '',
  children,
}: {
  value: unknown
  className?: string
  children: ReactNode
}) {
  const element = useRef<HTMLDivElement>(null)
  const shown = useRef<string>(undefined)
  const text = JSON.stringify(value)
  useEffect(() => {
    if (shown.current !== undefined && shown.current !== text) {
      element.current?.classList.remove('flash')
      void element.current?.offsetWidth // Restarts the animation.
      element.current?.classList.add('flash')
    }
    shown.current = text
  }, [text])
  return (
    <div ref={element} className={`rounded-lg ${className}`}>
      {children}
    </div>
  )
}
