import type { GameMap, MapWallsAnswer } from '@tablecast/contracts'
import { useEffect, useState } from 'react'
import { api } from '../../../../api.ts'
import type { Where } from '../../pictures/operate-pictures.ts'
import type { ActOnMaps } from '../operate-maps.ts'
import { useMap } from '../view/map-context.ts'
import { placeStyle } from '../view/place-style.ts'
import './walls.css'

/** The walls, doors and lights that came with the file of a map; null until they have come. */
export function useWalls({ roomId, campaignId }: Where, { id, pictureId }: GameMap): MapWallsAnswer | null {
  const [known, setKnown] = useState<{ id: string; walls: MapWallsAnswer } | null>(null)
  useEffect(() => {
    if (pictureId === null) return
    const stop = new AbortController()
    api.maps.walls.query({ roomId, campaignId, mapId: id }, { signal: stop.signal }).then(
      (walls) => setKnown({ id, walls }),
      () => {}, // The map can be used without its walls.
    )
    return () => stop.abort()
  }, [roomId, campaignId, id, pictureId])
  return known?.id === id ? known.walls : null
}

type Props = { map: GameMap; walls: MapWallsAnswer; act: ActOnMaps }

/** Walls, and a button for each door. Only DMs have them. */
export function WallLayer({ map, walls, act }: Props) {
  const size = useMap().map
  const open = new Set(map.openDoors)
  return (
    <>
      <svg aria-hidden="true" viewBox={`0 0 ${size.width} ${size.height}`} className="map-layer">
        {walls.walls.map(({ a, b }, at) => (
          <line key={at} x1={a.x} y1={a.y} x2={b.x} y2={b.y} className="map-wall" />
        ))}
        {walls.lights.map(({ x, y }, at) => (
          <circle key={at} cx={x} cy={y} r={map.grid.size / 6} className="map-light" />
        ))}
      </svg>
      {walls.doors.map(({ id, a, b }, at) => {
        const isOpen = open.has(id)
        return (
          <button
            key={id}
            type="button"
            className={`map-door ${isOpen ? 'is-open' : ''}`}
            style={placeStyle(size, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })}
            aria-label={`Door ${at + 1}, ${isOpen ? 'open: close it' : 'closed: open it'}`}
            onClick={() => void act({ type: 'setDoor', mapId: map.id, doorId: id, isOpen: !isOpen })}
          >
            <span aria-hidden="true">{isOpen ? '▯' : '▮'}</span>
          </button>
        )
      })}
    </>
  )
}
