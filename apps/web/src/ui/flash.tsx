import { type ReactNode, useEffect, useRef } from 'react'

const endings = ['animationend', 'animationcancel']

/**
 * Lights up for a moment when `value` changes after it was first shown. The mark is removed afterwards: a browser plays an animation again
 * when a part of the page is hidden and shown, as the tabs of a phone do.
 */
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
    const marked = element.current
    // Animations of the parts inside bubble up to here.
    const unmark = ({ target }: Event) => {
      if (target === marked) marked?.classList.remove('flash')
    }
    for (const end of endings) marked?.addEventListener(end, unmark)
    return () => {
      for (const end of endings) marked?.removeEventListener(end, unmark)
    }
  }, [])
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
