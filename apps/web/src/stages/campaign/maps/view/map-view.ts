// A map that a person moves and zooms. Leaflet does that; this module knows places in pixels of the map's picture alone.
import type { Point } from '@tablecast/maps/grid'
import { CRS, type LatLngExpression, LatLngBounds, Map as LeafletMap, Transformation, Util } from 'leaflet'
import { MapOverlay } from './map-overlay.ts'
import { MapTiles } from './map-tiles.ts'
import type { TableMap } from './table-map.ts'

/** One unit is one pixel of the picture, and y grows downwards. */
const PIXELS = Util.extend({}, CRS.Simple, { transformation: new Transformation(1, 0, 1, 0) })
const MAX_ZOOM = 2
/** How far out of the picture a person may move, as a share of its sides. */
const ROOM_AROUND = 0.5

/** How long a map takes to move to another part that a screen follows. */
const FOLLOW_SECONDS = 1.2

/** The middle of the part in view, and the width of it. */
export type Look = { at: Point; span: number }

/** In pixels of the picture. */
export type Part = { left: number; top: number; right: number; bottom: number }

type Aim = { centre: LatLngExpression; zoom: number; animate: boolean }

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

export class MapView implements Disposable {
  readonly #map: LeafletMap
  readonly #overlay: MapOverlay
  readonly #tiles: MapTiles
  readonly #resized: ResizeObserver
  readonly #size: { width: number; height: number }
  /** The part that stays in view when the window changes: the whole map, until somebody moves it. */
  #kept: LatLngBounds | null
  /** Where the map goes, until it is there. */
  #aim: Aim | null = null
  /** Leaflet ignores a view that comes while it zooms to another one, so the newest waits for the end of that. */
  #waiting: Aim | null = null

  /** `moved`: the person sees another part now. `looked`: the same, by their own hand. */
  constructor(container: HTMLElement, tableMap: TableMap, moved: (scale: number) => void) {
    const { width, height, levels } = tableMap
    this.#size = { width, height }
    const whole = new LatLngBounds([0, 0], [height, width])
    this.#kept = whole
    this.#map = new LeafletMap(container, {
      crs: PIXELS,
      minZoom: -levels - 1,
      maxZoom: MAX_ZOOM,
      zoomSnap: 0,
      wheelPxPerZoomLevel: 120,
      maxBounds: whole.pad(ROOM_AROUND),
      maxBoundsViscosity: 0.8,
      attributionControl: false,
      zoomControl: false,
      // Keys move tokens; the page has buttons for the rest.
      keyboard: false,
      boxZoom: false,
      doubleClickZoom: false,
      fadeAnimation: false,
      zoomAnimation: !isStill(),
      inertia: !isStill(),
    })
    this.#overlay = new MapOverlay(tableMap)
    this.#tiles = new MapTiles(tableMap, { bounds: whole, noWrap: true })
    this.#letWholeFit()
    this.#fit(whole, false)
    this.#tiles.addTo(this.#map)
    this.#overlay.addTo(this.#map)
    const tell = () => moved(2 ** this.#map.getZoom())
    this.#map.on('moveend zoomend', tell)
    this.#map.on('moveend', () => {
      this.#aim = null
      if (this.#waiting) this.#go(this.#waiting)
    })
    const leave = () => {
      this.#kept = null
      this.#waiting = null
    }
    container.addEventListener('wheel', leave, { passive: true })
    this.#map.on('dragstart', leave)
    tell()
    this.#resized = new ResizeObserver(() => {
      this.#map.invalidateSize({ animate: false })
      this.#letWholeFit()
      if (this.#kept) this.#fit(this.#kept, false)
    })
    this.#resized.observe(container)
  }

  /** Also beside an open panel, or on a phone that was turned, a person can see the whole map. */
  #letWholeFit(): void {
    const { x, y } = this.#map.getSize()
    // In a part of the page that is not shown, nothing has a size.
    if (x === 0 || y === 0) return
    const zoom = Math.log2(Math.min(x / this.#size.width, y / this.#size.height))
    // `setMinZoom` would begin to zoom by itself, also where the whole map is fitted next.
    this.#map.options.minZoom = Math.min(zoom, 0) - 0.5
  }

  /** Lies over the whole picture; its children have their places in per cent. */
  get overlay(): HTMLElement {
    return this.#overlay.element
  }

  change(tableMap: TableMap): void {
    this.#tiles.change(tableMap)
  }

  /** Whether a drag over the map moves it. */
  setDraggable(isDraggable: boolean): void {
    if (isDraggable) this.#map.dragging.enable()
    else this.#map.dragging.disable()
  }

  /** The place under a pointer, in whole pixels of the picture. */
  placeOf({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const box = this.#map.getContainer().getBoundingClientRect()
    const { lat, lng } = this.#map.containerPointToLatLng([clientX - box.left, clientY - box.top])
    return { x: Math.round(lng), y: Math.round(lat) }
  }

  get look(): Look {
    const { lat, lng } = this.#map.getCenter()
    const span = this.#map.getSize().x / 2 ** this.#map.getZoom()
    return { at: { x: Math.round(lng), y: Math.round(lat) }, span: Math.min(100_000, Math.max(16, Math.round(span))) }
  }

  lookAt({ at, span }: { at: Point; span?: number }): void {
    this.#kept = null
    const zoom = span === undefined ? this.#map.getZoom() : Math.log2(this.#map.getSize().x / span)
    this.#go({ centre: [at.y, at.x], zoom: Math.min(MAX_ZOOM, zoom), animate: !isStill() })
  }

  /** Keeps a place in sight, which a key has moved to. */
  showPlace({ x, y }: Point): void {
    this.#map.panInside([y, x], { padding: [80, 80], animate: !isStill() })
  }

  zoomBy(steps: number): void {
    this.#kept = null
    const { centre, zoom } = this.#aim ?? { centre: this.#map.getCenter(), zoom: this.#map.getZoom() }
    this.#go({ centre, zoom: zoom + steps, animate: !isStill() })
  }

  showAll(): void {
    this.showPart({ left: 0, top: 0, right: this.#size.width, bottom: this.#size.height })
  }

  /** Shows this part as large as it fits, also after the window has changed. */
  showPart({ left, top, right, bottom }: Part): void {
    this.#kept = new LatLngBounds([top, left], [bottom, right])
    this.#fit(this.#kept, !isStill())
  }

  /** Shows this part as large as it fits, for a map that nobody moves by hand. `isGentle`: it moves there where motion is wanted. */
  followPart({ left, top, right, bottom }: Part, isGentle: boolean): void {
    this.#kept = new LatLngBounds([top, left], [bottom, right])
    // A wide screen shows more than the map where the part lies at its edge, which is no place to slide back from.
    this.#map.setMaxBounds()
    if (isGentle && !isStill()) this.#map.flyToBounds(this.#kept, { duration: FOLLOW_SECONDS })
    else this.#fit(this.#kept, false)
  }

  #fit(part: LatLngBounds, animate: boolean): void {
    this.#go({ centre: part.getCenter(), zoom: this.#map.getBoundsZoom(part), animate })
  }

  #go(aim: Aim): void {
    const isZooming = this.#map.getPane('mapPane')?.classList.contains('leaflet-zoom-anim')
    this.#aim = aim
    this.#waiting = isZooming ? aim : null
    if (!isZooming) this.#map.setView(aim.centre, aim.zoom, { animate: aim.animate })
  }

  [Symbol.dispose](): void {
    this.#resized.disconnect()
    this.#map.remove()
  }
}
