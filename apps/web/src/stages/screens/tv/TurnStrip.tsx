import type { PlayerView } from '@tablecast/contracts'
import { Portrait } from '../../campaign/pictures/Portrait.tsx'
import { faceOfPlayers } from '../../campaign/pictures/shown.ts'
import { healthColours, howHurt, sideColour } from '../../campaign/sheet/health-words.ts'
import { type Turn, turnsFromNow } from './shown.ts'
import { useTurnsThatFit } from './use-turns-that-fit.ts'

/** The order of turns along the top, the acting fighter first. Without an order there is none. */
export function TurnStrip({ view }: { view: PlayerView }) {
  const { strip, most } = useTurnsThatFit()
  const turns = turnsFromNow(view)
  if (turns.length === 0) return null
  const more = turns.length - most
  return (
    <section ref={strip} aria-label="Turn order" className="tv-turns">
      {view.turn.round > 0 && (
        <p className="tv-round">
          Round <strong>{view.turn.round}</strong>
        </p>
      )}
      <ol>
        {turns.slice(0, most).map((turn) => (
          <TurnPlace key={turn.id} turn={turn} isFight={view.encounter !== null} />
        ))}
      </ol>
      {more > 0 && <p className="tv-more">+{more}</p>}
    </section>
  )
}

function TurnPlace({ turn: { character, isNow }, isFight }: { turn: Turn; isFight: boolean }) {
  if (!character)
    return (
      <li aria-current="step" className="tv-turn is-now">
        <span className="tv-turn-name">The DM acts</span>
      </li>
    )
  const { name, hp, health, side } = character
  return (
    <li aria-current={isNow ? 'step' : undefined} className={`tv-turn ${isNow ? 'is-now' : ''}`}>
      <Portrait face={faceOfPlayers(character)} className={`tv-face ${isNow ? 'border-current' : sideColour(side)}`} />
      <span className="tv-turn-words">
        <span className="tv-turn-name" dir="auto">
          {name}
        </span>
        {isFight && (
          <span className={isNow ? '' : healthColours[health].words}>
            {hp ? `${hp.current}/${hp.max}` : howHurt(character)}
          </span>
        )}
      </span>
    </li>
  )
}
