import type { PlayerCharacter } from '@tablecast/contracts'
import { Flash } from '../../../ui/flash.tsx'
import { OwnSheetButton } from '../character-sheet/OwnSheetButton.tsx'
import { OwnFight } from '../fight/player/parts.ts'
import { OwnPortraitButton } from '../pictures/own/OwnPortraitButton.tsx'
import { Portrait } from '../pictures/Portrait.tsx'
import { faceOfPlayers } from '../pictures/shown.ts'
import { useLaterPart } from '../use-later-part.ts'
import { DeathPips } from './DeathPips.tsx'
import { healthColours, howHurt, sideColour } from './health-words.ts'
import type { OwnCampaign } from './OwnCharacter.tsx'

const loadOwn = () => import('./OwnCharacter.tsx').then(({ OwnCharacter }) => OwnCharacter)

export function CharacterCard({
  character,
  isMine,
  isActing,
  isFight,
  isAwaited,
  myId,
  own,
}: {
  character: PlayerCharacter
  isMine: boolean
  isActing: boolean
  isFight: boolean
  /** The initiative is still to be rolled. */
  isAwaited: boolean
  myId: string
  own: OwnCampaign | undefined
}) {
  const { name, hp, health, downed, concentration, armourClass, conditions, side } = character
  const { Part: OwnCharacter } = useLaterPart(loadOwn, isMine && !isFight)
  const share = hp ? Math.max(0, Math.min(1, hp.current / Math.max(1, hp.max))) : null
  return (
    <Flash value={[hp, health, conditions]} className={`border p-3 ${isActing ? 'border-accent' : 'border-line'}`}>
      <div data-testid="character" role="group" aria-label={name}>
        <div className="flex items-center gap-2">
          {isMine && own ? (
            <OwnPortraitButton where={own} character={character} />
          ) : (
            <Portrait face={faceOfPlayers(character)} className={`size-10 ${sideColour(side)}`} />
          )}
          <p className="min-w-0 grow font-semibold [overflow-wrap:anywhere]">
            {name}
            {isMine && <span className="text-accent text-xs font-normal"> (you)</span>}
          </p>
          <span className="text-soft shrink-0 text-sm">{armourClass !== null && `AC ${armourClass}`}</span>
        </div>
        {hp && share !== null ? (
          <div className="mt-1.5 flex items-center gap-2">
            <div
              role="meter"
              aria-label={`Hit points of ${name}`}
              aria-valuenow={hp.current}
              aria-valuemin={0}
              aria-valuemax={hp.max}
              className="bg-page h-2 grow overflow-hidden rounded-full"
            >
              <div
                className={`h-full rounded-full transition-all ${healthColours[health].bar}`}
                style={{ width: `${share * 100}%` }}
              />
            </div>
            <span className="text-sm tabular-nums">
              {hp.current}/{hp.max}
              {hp.temp > 0 && <span className="text-soft"> +{hp.temp}</span>}
            </span>
          </div>
        ) : (
          <p className={`mt-1 text-sm ${health === 'down' ? 'text-bad' : 'text-soft'}`}>
            {howHurt({ health, downed })}
          </p>
        )}
        {(concentration || (hp && health === 'down')) && (
          <p className="mt-1 flex flex-wrap items-center gap-x-3 text-sm">
            {hp && health === 'down' && <strong className="text-bad">{howHurt({ health, downed })}</strong>}
            {downed?.state === 'dying' && (
              <DeathPips name={name} successes={downed.successes} failures={downed.failures} />
            )}
            {concentration && <span className="text-soft">Concentrates on {concentration.on}</span>}
          </p>
        )}
        {conditions.length > 0 && (
          <ul aria-label={`Conditions of ${name}`} className="mt-2 flex flex-wrap gap-1.5">
            {conditions.map((condition) => (
              <li key={condition} className="bg-raised text-warn rounded-full px-2.5 py-0.5 text-xs">
                {condition}
              </li>
            ))}
          </ul>
        )}
        {isMine && own && (
          <div className="mt-2">
            <OwnSheetButton where={own} character={character} myId={myId} />
          </div>
        )}
        {isMine && own && isFight && <OwnFight where={own} character={character} isAwaited={isAwaited} />}
        {isMine && own && !isFight && OwnCharacter && <OwnCharacter {...own} character={character} />}
      </div>
    </Flash>
  )
}
