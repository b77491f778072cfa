import type { Diagonals, Point } from '@tablecast/maps/grid'
import { Path } from '../gestures/GestureLayer.tsx'
import { useSeenGestures } from '../gestures/seen-gestures.ts'
import { useMap } from '../view/map-context.ts'
import { placeStyle } from '../view/place-style.ts'
import type { TableToken } from './table-tokens.ts'
import { TokenFace } from './TokenFace.tsx'
import { placeInWords } from './token-words.ts'
import type { Carry } from './use-carry.ts'

type Props = {
  tokens: readonly TableToken[]
  carry: Carry
  diagonals: Diagonals
  chosenId: string | null
  onChoose: (id: string | null) => void
}

/** The tokens of a map. Each is a button that the arrow keys move. */
export function TokenLayer({ tokens, carry, diagonals, chosenId, onChoose }: Props) {
  const { map } = useMap()
  const people = useSeenGestures((state) => state.people)
  const drags = new Map(
    [...people.values()].flatMap(({ mapId, gesture }): [string, Point][] =>
      mapId === map.id && gesture.kind === 'drag' ? [[gesture.tokenId, gesture.at]] : [],
    ),
  )
  const { held } = carry
  return (
    <>
      {held && <Path points={held.way} name={null} diagonals={diagonals} />}
      {tokens.map((token) => {
        const isHeld = held?.id === token.id
        const dragged = drags.get(token.id)
        const at = (isHeld ? held.way.at(-1) : dragged) ?? carry.placeOf(token)
        return (
          <TokenButton
            key={token.id}
            token={token}
            at={at}
            isHeld={isHeld}
            isGhost={isHeld || Boolean(dragged)}
            isChosen={chosenId === token.id}
            carry={carry}
            choose={(id) => onChoose(chosenId === id ? null : id)}
          />
        )
      })}
    </>
  )
}

type ButtonProps = {
  token: TableToken
  at: Point
  isHeld: boolean
  isGhost: boolean
  isChosen: boolean
  carry: Carry
  choose: (id: string) => void
}

function TokenButton({ token, at, isHeld, isGhost, isChosen, carry, choose }: ButtonProps) {
  const { map } = useMap()
  const looks = [
    'map-token',
    isHeld && 'is-held',
    isGhost && 'is-ghost',
    token.isActing && 'is-acting',
    token.isDefeated && 'is-defeated',
    (token.isHidden || token.inFog) && 'is-hidden',
  ]
  const side = `${((token.size * map.grid.size) / map.width) * 100}%`
  return (
    <div
      className={looks.filter(Boolean).join(' ')}
      data-token={token.id}
      style={{ ...placeStyle(map, at), width: side, aspectRatio: '1' }}
    >
      <TokenFace token={token} isNamed={isHeld || isChosen} />
      <button
        type="button"
        className="map-token-button"
        aria-label={labelOf(token, placeInWords(map.grid, at))}
        aria-pressed={isChosen}
        aria-roledescription={token.mayMove ? 'movable token' : 'token'}
        {...carry.handlersOf(token, choose)}
      />
    </div>
  )
}

/** “Goblin 2, Bloodied, prone, row 5, column 7, acts now” */
function labelOf(token: TableToken, place: string): string {
  const { name, hurtWords, conditions, isActing, isOwn, isHidden, inFog } = token
  return [
    name,
    isOwn && 'yours',
    hurtWords,
    ...conditions,
    place,
    isActing && 'acts now',
    isHidden && 'hidden from players',
    !isHidden && inFog && 'in fog',
  ]
    .filter(Boolean)
    .join(', ')
}
