import { DM_TURN, type PlayerCharacter, type PlayerView } from '@tablecast/contracts'
import { Flash } from '../../../ui/flash.tsx'
import { Section } from '../../../ui/section.tsx'
import { Portrait } from '../pictures/Portrait.tsx'
import { faceOfPlayers } from '../pictures/shown.ts'
import { healthColours, howHurt, sideColour } from './health-words.ts'

export function TurnOrder({ view, myId }: { view: PlayerView; myId: string | null }) {
  const { round, order, current } = view.turn
  if (order.length === 0 && current === null) return null
  const known = new Map(view.characters.map((character) => [character.id, character]))
  const awaiting = new Set(view.encounter?.awaiting)
  return (
    <Section title={round === 0 ? 'Turns, before round 1' : `Turns, round ${round}`}>
      <Flash value={view.turn}>
        <ol className="flex flex-col gap-1">
          {current === DM_TURN && <TurnLine character={null} note="now" isNow isFight={view.encounter !== null} />}
          {order.map((id) => {
            const character = known.get(id)
            const isMine = myId !== null && character?.ownerId === myId
            const note = id === current ? (isMine ? 'your turn' : 'now') : awaiting.has(id) ? 'no initiative' : ''
            return (
              character && (
                <TurnLine
                  key={id}
                  character={character}
                  note={note}
                  isNow={id === current}
                  isFight={view.encounter !== null}
                />
              )
            )
          })}
        </ol>
      </Flash>
    </Section>
  )
}

/** `character` is null during the turn of a hidden one. */
type LineProps = { character: PlayerCharacter | null; note: string; isNow: boolean; isFight: boolean }

function TurnLine({ character, note, isNow, isFight }: LineProps) {
  const isOut = character?.downed?.state === 'defeated' || character?.downed?.state === 'dead'
  return (
    <li
      aria-current={isNow ? 'step' : undefined}
      className={`flex items-center gap-2 rounded-lg px-2 py-1.5 ${isNow ? 'bg-accent text-on-accent font-semibold' : 'text-soft'}`}
    >
      {character && (
        <Portrait
          face={faceOfPlayers(character)}
          className={`size-8 ${isNow ? 'border-current' : sideColour(character.side)}`}
        />
      )}
      {/* A name is not broken for the words beside it: in a narrow column they stand below it. */}
      <span className="flex min-w-0 grow flex-wrap items-center gap-x-2">
        <span className={`line-clamp-2 min-w-0 grow [overflow-wrap:anywhere] ${isOut ? 'line-through' : ''}`}>
          {character?.name ?? 'The DM acts'}
        </span>
        <span className="flex items-baseline gap-2">
          {isFight && character && (
            <span className={`text-xs ${isNow ? '' : healthColours[character.health].words}`}>
              {howHurt(character)}
            </span>
          )}
          {note && <span className="text-sm">{note}</span>}
        </span>
      </span>
    </li>
  )
}
