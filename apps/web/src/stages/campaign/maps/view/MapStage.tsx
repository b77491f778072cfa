import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import 'leaflet/dist/leaflet.css'
// After Leaflet's own.
import './map.css'
import './controls.css'
import { GridLines } from './GridLines.tsx'
import { MapContext } from './map-context.ts'
import { MapView } from './map-view.ts'
import type { TableMap } from './table-map.ts'
import { type Tool, useTool } from '../tools/use-tool.ts'

type Props = {
  map: TableMap
  /** Gets the pointer; null moves the map. */
  tool: Tool | null
  /** A long press, or Alt and a click, at a place. */
  onPing: ((at: { x: number; y: number }) => void) | null
  viewRef?: RefObject<MapView | null>
  onMoved?: (view: MapView) => void
  /** Over the picture, in its places. */
  children: ReactNode
  /** Over the map, in the places of the screen. */
  controls?: ReactNode
}

/** The picture of a map that a person moves and zooms, with its grid, and what lies on it. */
export function MapStage({ map, tool, onPing, viewRef, onMoved, children, controls }: Props) {
  const container = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<MapView | null>(null)
  const [scale, setScale] = useState(1)
  const newest = useRef({ map, onMoved })
  useEffect(() => {
    newest.current = { map, onMoved }
  })

  const { id, width, height } = map
  useEffect(() => {
    if (!container.current) return
    let opened: MapView | null = null
    const made = new MapView(container.current, newest.current.map, (now) => {
      setScale(now)
      if (opened) newest.current.onMoved?.(opened)
    })
    opened = made
    setView(made)
    if (viewRef) viewRef.current = made
    return () => {
      if (viewRef) viewRef.current = null
      setView(null)
      made[Symbol.dispose]()
    }
  }, [id, width, height, viewRef])

  useEffect(() => view?.change(map), [view, map])
  useTool(container, view, tool, onPing)

  return (
    <div className="map-stage">
      {/* The words of the map are in the list beside it. */}
      <div ref={container} data-testid="map" className={`map-view ${tool ? `map-tool-${tool.cursor}` : ''}`} />
      {view && (
        <MapContext value={{ view, map, scale }}>
          {createPortal(
            <>
              {map.grid.kind !== 'none' && <GridLines map={map} />}
              {children}
            </>,
            view.overlay,
          )}
          {controls}
        </MapContext>
      )}
    </div>
  )
}
