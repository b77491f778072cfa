import type { PlayerView } from '@tablecast/contracts'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { MapView, Part } from '../view/map-view.ts'
import type { TableMap } from '../view/table-map.ts'
import { litPart } from './lit-part.ts'
import { nextPart, seenPart } from './seen-part.ts'

type Drawn = { map: TableMap | null; tokens: PlayerView['tokens']; mapView: RefObject<MapView | null> }

/**
 * Fills a screen with what players see of a map, and follows when they see more. Answers false while that part is not known: a map that is
 * drawn before would jump. `isWanted`: false for a map that people move themselves.
 */
export function useScreenPart({ map, tokens, mapView }: Drawn, isWanted: boolean): boolean {
  const lit = useLitPart(isWanted ? map : null)
  const shown = useRef<{ mapId: string; part: Part } | null>(null)
  const isReady = !isWanted || lit !== undefined
  useEffect(() => {
    if (!isWanted || !map || lit === undefined) return
    const before = shown.current?.mapId === map.id ? shown.current.part : null
    const part = nextPart(map, before, seenPart(map, lit, tokens))
    if (part === before) return
    shown.current = { mapId: map.id, part }
    mapView.current?.followPart(part, before !== null)
  }, [map, lit, tokens, mapView, isWanted])
  return isReady
}

type Read = { mapId: string; lit: Part | null }

/** The part of a map that no fog hides: null for none, undefined until it is known. While a newer tile loads, it is that of the last one. */
function useLitPart(map: TableMap | null): Part | null | undefined {
  const [read, setRead] = useState<Read | null>(null)
  const { id: mapId, levels = 1 } = map ?? {}
  const address = map?.addressOf({ level: levels - 1, column: 0, row: 0 }) ?? null
  useEffect(() => {
    if (mapId === undefined) return
    let isOver = false
    const readAgain = async () => {
      const lit = address === null ? null : await readLit(address, 2 ** (levels - 1)).catch(() => undefined)
      if (isOver) return
      // A tile that does not load leaves the last part in view, until the next reveal names another one.
      setRead((last) => (lit === undefined && last?.mapId === mapId ? last : { mapId, lit: lit ?? null }))
    }
    void readAgain()
    return () => {
      isOver = true
    }
  }, [mapId, address, levels])
  return read && read.mapId === mapId ? read.lit : undefined
}

async function readLit(address: string, scale: number): Promise<Part | null> {
  const image = new Image()
  image.src = address
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context?.drawImage(image, 0, 0)
  const pixels = context?.getImageData(0, 0, canvas.width, canvas.height)
  return pixels ? litPart(pixels, scale) : null
}
