import { DomUtil, Layer, type LatLngExpression, type Map as LeafletMap, type ZoomAnimEvent } from 'leaflet'
import type { MapSize } from '@tablecast/maps/grid'

const CORNER: LatLngExpression = [0, 0]

/** An element that lies over the whole picture of the map and grows with it. Its children have their places in per cent. */
export class MapOverlay extends Layer {
  readonly element = document.createElement('div')
  readonly #size: MapSize

  constructor(size: MapSize) {
    super({ pane: 'overlayPane' })
    this.#size = size
    this.element.className = 'map-overlay leaflet-zoom-animated'
  }

  override onAdd(map: LeafletMap): this {
    map.getPane('overlayPane')?.append(this.element)
    map.on('viewreset zoom', this.#place)
    map.on('zoomanim', this.#animate)
    this.#place()
    return this
  }

  override onRemove(map: LeafletMap): this {
    map.off('viewreset zoom', this.#place)
    map.off('zoomanim', this.#animate)
    this.element.remove()
    return this
  }

  readonly #place = (): void => {
    const scale = 2 ** this._map.getZoom()
    this.element.style.width = `${this.#size.width * scale}px`
    this.element.style.height = `${this.#size.height * scale}px`
    this.element.style.setProperty('--scale', String(scale))
    DomUtil.setPosition(this.element, this._map.latLngToLayerPoint(CORNER))
  }

  readonly #animate = ({ center, zoom }: ZoomAnimEvent): void => {
    const map = this._map
    const origin = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(panePosition(map)).round()
    DomUtil.setTransform(this.element, map.project(CORNER, zoom).subtract(origin), map.getZoomScale(zoom))
  }
}

const panePosition = (map: LeafletMap) => DomUtil.getPosition(map.getPane('mapPane') ?? map.getContainer())
