// One Tab stop for a toolbar or a list: arrows move within it, Home and End to its ends. Base UI’s toolbar does this for buttons of its
// own alone. These groups hold menus, dialogs’ triggers, links and handles to drag.
import { type FocusEvent, type KeyboardEvent, type RefCallback, useCallback, useRef } from 'react'

const STOPS = 'a[href], button, input, select, summary'

type Roving<E extends HTMLElement> = {
  ref: RefCallback<E>
  onKeyDown: (event: KeyboardEvent<E>) => void
  onFocus: (event: FocusEvent<E>) => void
}

/** Spread the answer on the element around the stops. Items with `data-row` are rows: ↑ and ↓ move between them. */
export function useRoving<E extends HTMLElement>(): Roving<E> {
  const current = useRef<Element>(null)
  const settle = useCallback((element: E) => {
    const stops = stopsIn(element)
    if (!stops.some((stop) => stop === current.current)) current.current = stops[0] ?? null
    for (const stop of stops) stop.tabIndex = stop === current.current ? 0 : -1
  }, [])
  const ref = useCallback(
    (element: E) => {
      settle(element)
      // Stops come, go and are disabled while the group itself is not drawn again.
      const observer = new MutationObserver(() => settle(element))
      observer.observe(element, { subtree: true, childList: true, attributeFilter: ['disabled'] })
      return () => observer.disconnect()
    },
    [settle],
  )
  return {
    ref,
    onFocus: ({ target, currentTarget }) => {
      current.current = target
      settle(currentTarget)
    },
    onKeyDown: (event) => {
      const next = nextStop(event, stopsIn(event.currentTarget))
      if (!next) return
      event.preventDefault()
      next.focus()
    },
  }
}

const stopsIn = (element: HTMLElement): HTMLElement[] =>
  Array.from(element.querySelectorAll<HTMLElement>(STOPS)).filter((stop) => !stop.matches(':disabled'))

function nextStop(event: KeyboardEvent, stops: HTMLElement[]): HTMLElement | undefined {
  const { key, target } = event
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return undefined
  if (!(target instanceof HTMLElement)) return undefined
  const place = stops.indexOf(target)
  // Arrows that move the mark in a field, and a row that is being dragged, are left alone.
  if (place < 0 || target.matches('select, input:not([type=checkbox]), [aria-grabbed=true]')) return undefined
  const rows = Map.groupBy(stops, (stop) => stop.closest('[data-row]'))
  if (rows.size > 1 && (key === 'ArrowUp' || key === 'ArrowDown')) {
    const lists = [...rows.values()]
    const row = lists.findIndex((list) => list.includes(target))
    const column = lists[row]?.indexOf(target) ?? 0
    const list = lists[row + (key === 'ArrowDown' ? 1 : -1)]
    return list?.[Math.min(column, list.length - 1)]
  }
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return stops[(place + 1) % stops.length]
    case 'ArrowLeft':
    case 'ArrowUp':
      return stops.at(place - 1)
    case 'Home':
      return stops[0]
    case 'End':
      return stops.at(-1)
  }
  return undefined
}
