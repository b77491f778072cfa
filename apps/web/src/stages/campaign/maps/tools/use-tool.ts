import type { Point } from '@tablecast/maps/grid'
import { type RefObject, useEffect, useRef } from 'react'
import type { MapView } from '../view/map-view.ts'

/** One press of the pointer, from where it went down until it is up. `cancel`: a second finger came, or Escape. */
export type Stroke = { move(at: Point): void; end(at: Point): void; cancel(): void }

/** `begin` answers null where the pointer moves the map. `hover`: the pointer moves without a press. */
export type Tool = {
  cursor: 'cross'
  begin(at: Point, event: PointerEvent): Stroke | null
  hover?(at: Point): void
}

const LONG_PRESS_MS = 550
/** A finger never rests quite still. */
const STILL_PIXELS = 8

/** Gives a tool the pointer over a map, and finds long presses. While a tool is chosen, one finger draws and two fingers move the map. */
export function useTool(
  container: RefObject<HTMLElement | null>,
  view: MapView | null,
  tool: Tool | null,
  onPing: ((at: Point) => void) | null,
): void {
  const newest = useRef({ tool, onPing })
  useEffect(() => {
    newest.current = { tool, onPing }
  })
  const hasTool = tool !== null
  useEffect(() => {
    view?.setDraggable(!hasTool)
  }, [view, hasTool])

  useEffect(() => {
    const element = container.current
    if (!element || !view) return
    const stop = new AbortController()
    const options = { signal: stop.signal }
    const down = new Set<number>()
    let stroke: Stroke | null = null
    let pressed: { x: number; y: number; timer: ReturnType<typeof setTimeout> } | null = null
    const forgetPress = () => {
      if (pressed) clearTimeout(pressed.timer)
      pressed = null
    }
    const cancel = () => {
      forgetPress()
      stroke?.cancel()
      stroke = null
    }

    element.addEventListener(
      'pointerdown',
      (event) => {
        down.add(event.pointerId)
        if (down.size > 1) return cancel()
        if (event.button !== 0) return
        const at = view.placeOf(event)
        const { tool: chosen, onPing: ping } = newest.current
        if (event.altKey && ping) return ping(at)
        stroke = chosen?.begin(at, event) ?? null
        if (stroke) element.setPointerCapture(event.pointerId)
        else if (ping) {
          const timer = setTimeout(() => {
            pressed = null
            ping(at)
          }, LONG_PRESS_MS)
          pressed = { x: event.clientX, y: event.clientY, timer }
        }
      },
      options,
    )
    element.addEventListener(
      'pointermove',
      (event) => {
        if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PIXELS) forgetPress()
        if (stroke) stroke.move(view.placeOf(event))
        else newest.current.tool?.hover?.(view.placeOf(event))
      },
      options,
    )
    const up = (event: PointerEvent) => {
      down.delete(event.pointerId)
      forgetPress()
      const ended = stroke
      stroke = null
      ended?.end(view.placeOf(event))
    }
    // Also outside of the map: else a lost finger would count as one that is down.
    addEventListener('pointerup', up, options)
    addEventListener(
      'pointercancel',
      (event) => {
        down.delete(event.pointerId)
        cancel()
      },
      options,
    )
    addEventListener(
      'keydown',
      ({ key }) => {
        if (key === 'Escape') cancel()
      },
      options,
    )
    // A long press opens no menu of the browser.
    element.addEventListener('contextmenu', (event) => event.preventDefault(), options)
    return () => {
      cancel()
      stop.abort()
    }
  }, [container, view])
}
