import type { AreaShape, MapGesture } from '@tablecast/contracts'
import type { Diagonals, Point } from '@tablecast/maps/grid'
import { useMap } from '../view/map-context.ts'
import { placeStyle } from '../view/place-style.ts'
import { lengthInWords } from '../tokens/token-words.ts'
import { AreaOutline } from '../areas/AreaOutline.tsx'
import { type TrailPlace, useSeenGestures } from './seen-gestures.ts'
import { Trail } from './Trail.tsx'
import './gestures.css'

type Props = {
  diagonals: Diagonals
  /** The gesture of this person, which needs no way over the server. */
  own: MapGesture | null
}

/** Pings, pointers, rulers and held areas. Dragged tokens are drawn with the tokens. */
export function GestureLayer({ diagonals, own }: Props) {
  const { map } = useMap()
  const people = useSeenGestures((state) => state.people)
  const shown = [...people.values()].filter(({ mapId }) => mapId === map.id)
  return (
    <>
      {shown.map(({ by, gesture, at, trail }) => (
        <One
          key={gesture.kind === 'ping' ? `${by.id} ${at}` : by.id}
          name={by.name}
          gesture={gesture}
          trail={trail}
          {...{ diagonals }}
        />
      ))}
      {own && <One name={null} gesture={own} trail={[]} diagonals={diagonals} />}
    </>
  )
}

type OneProps = { name: string | null; gesture: MapGesture; trail: readonly TrailPlace[]; diagonals: Diagonals }

function One({ name, gesture, trail, diagonals }: OneProps) {
  const { map } = useMap()
  switch (gesture.kind) {
    case 'ping':
      return (
        <>
          <span className="map-ping" data-testid="ping" style={placeStyle(map, gesture.at)} />
          {name && <Label at={gesture.at} text={name} />}
        </>
      )
    case 'pointer':
      return (
        <>
          <Trail trail={trail} to={gesture.at} />
          <span className="map-pointer" data-testid="pointer" style={placeStyle(map, gesture.at)} />
          {name && <Label at={gesture.at} text={name} />}
        </>
      )
    case 'ruler':
      return <Path points={gesture.points} name={name} diagonals={diagonals} />
    case 'area':
      return <HeldArea shape={gesture.shape} name={name} />
    case 'drag':
    case 'view':
    case 'end':
      return null
  }
}

function HeldArea({ shape, name }: { shape: AreaShape; name: string | null }) {
  const { map } = useMap()
  return (
    <>
      <svg aria-hidden="true" viewBox={`0 0 ${map.width} ${map.height}`} className="map-layer">
        <AreaOutline shape={shape} className="map-area" />
      </svg>
      {name && <Label at={originOf(shape)} text={name} />}
    </>
  )
}

const originOf = (shape: AreaShape): Point => {
  if (shape.kind === 'cone') return shape.tip
  return shape.kind === 'line' ? shape.from : shape.centre
}

type PathProps = { points: readonly Point[]; name: string | null; diagonals: Diagonals }

/** A measured path, with its length at its end. */
export function Path({ points, name, diagonals }: PathProps) {
  const { map } = useMap()
  const end = points.at(-1)
  if (!end) return null
  const length = lengthInWords(map.grid, points, diagonals)
  return (
    <>
      <svg aria-hidden="true" viewBox={`0 0 ${map.width} ${map.height}`} className="map-layer">
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} className="map-path" />
      </svg>
      <Label at={end} text={name ? `${name}: ${length}` : length} />
    </>
  )
}

function Label({ at, text }: { at: Point; text: string }) {
  const { map } = useMap()
  return (
    <span dir="auto" className="map-label" style={placeStyle(map, at)}>
      {text}
    </span>
  )
}
