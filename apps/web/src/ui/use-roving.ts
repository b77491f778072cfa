// One Tab stop for a toolbar or a list: arrows move within it, Home and End to its ends. Base UI’s toolbar does this for buttons of its
// own alone. These groups hold menus, dialogs’ triggers, links and handles to drag.
import { type FocusEvent, type KeyboardEvent, type RefCallback, useCallback, useRef } from 'react'
import { isBehindMore } from './behind-more.ts'

const STOPS = 'a[href], button, input, select, summary'

type Roving<E extends HTMLElement> = {
  ref: RefCallback<E>
  onKeyDown: (event: KeyboardEvent<E>) => void
  onFocus: (event: FocusEvent<E>) => void
}

type Options = {
  /** A selector of the stops, where the group holds others that stay stops of the Tab key. */
  stops?: string
  /** The stop that Tab reaches first. */
  start?: 'first' | 'last'
}

/** Spread the answer on the element around the stops. Items with `data-row` are rows: ↑ and ↓ move between them. */
export function useRoving<E extends HTMLElement>({
  stops: selector = STOPS,
  start = 'first',
}: Options = {}): Roving<E> {
  const current = useRef<Element>(null)
  const settle = useCallback(
    (element: E) => {
      const stops = stopsIn(element, selector)
      if (!stops.some((stop) => stop === current.current))
        current.current = stops.at(start === 'first' ? 0 : -1) ?? null
      for (const stop of stops) stop.tabIndex = stop === current.current ? 0 : -1
    },
    [selector, start],
  )
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
      if (!target.matches(selector)) return
      current.current = target
      settle(currentTarget)
    },
    onKeyDown: (event) => {
      const next = nextStop(event, stopsIn(event.currentTarget, selector))
      if (!next) return
      event.preventDefault()
      next.focus()
    },
  }
}

const stopsIn = (element: HTMLElement, selector: string): HTMLElement[] =>
  Array.from(element.querySelectorAll<HTMLElement>(selector)).filter(
    (stop) => !stop.matches(':disabled') && !isBehindMore(stop),
  )

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
