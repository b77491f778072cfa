import { useSortable } from '@dnd-kit/react/sortable'
import { type Character, initialsOf } from '@tablecast/contracts'
import { bandOf, sideOf } from '@tablecast/rules/standing'
import { ChevronDown, EyeOff } from 'lucide-react'
import { Flash } from '../../../../ui/flash.tsx'
import { IconButton } from '../../../../ui/button.tsx'
import { DeathPips } from '../../sheet/DeathPips.tsx'
import { Portrait } from '../../pictures/Portrait.tsx'
import { useDmsFace } from '../../pictures/use-dms-face.ts'
import { healthColours, howHurt, sideColour } from '../../sheet/health-words.ts'
import { openMapId, useMapDesk } from '../../maps/dm/map-desk.ts'
import { draggedToMap } from '../../maps/dm/new-token.ts'
import { DamageBox } from '../DamageBox.tsx'
import { useFight } from '../fight-context.ts'
import { FighterChips } from './FighterChips.tsx'
import { FighterDetails } from './FighterDetails.tsx'

type Props = {
  fighter: Character
  index: number
  isLast: boolean
  isActing: boolean
  isChosen: boolean
  onChoose: (isChosen: boolean, isRange: boolean) => void
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  move: (by: number) => void
}

/** A fighter in two lines: the things that a DM reads and types in every turn. The others unfold. */
export function FighterRow(props: Props) {
  const { fighter, index, isActing, isChosen, onChoose, isOpen, onOpen } = props
  const { id, name, alias, hp, armourClass, downed, initiative, visible } = fighter
  const { openBlock, state } = useFight()
  const isMapOpen = useMapDesk((desk) => openMapId(state, desk.openId)) !== null
  const { ref, handleRef, isDragging } = useSortable({ id, index })
  const isOut = downed?.state === 'defeated' || downed?.state === 'dead'
  const health = bandOf(fighter)
  const face = <Portrait face={useDmsFace(fighter)} className={`size-9 ${sideColour(sideOf(fighter))}`} />
  return (
    <li
      ref={ref}
      data-fighter={id}
      data-portrait-of={id}
      aria-label={name}
      aria-current={isActing ? 'step' : undefined}
      className={`shrink-0 rounded-lg border ${isActing ? `border-accent bg-raised border-l-4 ${isOpen ? '' : 'sticky -top-2 -bottom-2 z-10'}` : 'border-line'} ${isDragging ? 'opacity-60' : ''}`}
    >
      <Flash value={[hp, downed?.state]} className="px-1.5 py-1">
        <div className="flex items-center gap-1.5">
          <label className="flex size-9 shrink-0 cursor-pointer items-center justify-center">
            <input
              type="checkbox"
              aria-label={`Choose ${name}`}
              checked={isChosen}
              onClick={(event) => onChoose(event.currentTarget.checked, event.shiftKey)}
              // The click has the Shift key, which a change has not.
              onChange={() => {}}
              className="accent-accent size-5 cursor-pointer"
            />
          </label>
          <button
            ref={handleRef}
            type="button"
            aria-label={`Drag ${name}, initiative ${initiative ?? 'not rolled'}`}
            title="Initiative. Drag to move in the order"
            className="text-soft h-9 w-8 shrink-0 cursor-grab text-center font-semibold tabular-nums"
          >
            {initiative ?? '–'}
          </button>
          {fighter.block ? (
            <button
              type="button"
              aria-label={`${initialsOf(name)}: stat block of ${name}`}
              title="Stat block"
              className="shrink-0 rounded-full hover:brightness-125"
              onClick={() => openBlock(fighter)}
            >
              {face}
            </button>
          ) : (
            face
          )}
          <p
            {...(isMapOpen && { ...draggedToMap(id), title: 'Drag it to its place on the map' })}
            className={`min-w-0 grow leading-tight ${isOut ? 'text-soft line-through' : 'font-semibold'} ${isMapOpen ? 'cursor-grab' : ''}`}
          >
            <span title={isMapOpen ? undefined : name} dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
              {name}
            </span>
            {alias && <span className="text-soft block text-xs font-normal no-underline">seen as “{alias}”</span>}
          </p>
          {!visible && <EyeOff size={15} className="text-warn shrink-0" aria-label="Hidden from players" />}
          <DamageBox label={`Damage to ${name}`} targets={[id]} className="w-24 shrink-0" box={id} />
          <IconButton
            label={`${isOpen ? 'Fold' : 'More for'} ${name}`}
            aria-expanded={isOpen}
            data-opens={id}
            className="!min-h-9 !w-9"
            onClick={() => onOpen(!isOpen)}
          >
            <ChevronDown size={17} className={isOpen ? 'rotate-180' : ''} />
          </IconButton>
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 pl-10 text-sm">
          {armourClass !== null && <span className="text-soft whitespace-nowrap">AC {armourClass}</span>}
          <span className="whitespace-nowrap tabular-nums">
            <strong className={healthColours[health].words}>{hp.current}</strong>/{hp.max}
            {hp.temp > 0 && <span title="Temporary hit points"> +{hp.temp}</span>}{' '}
            <span className={healthColours[health].words}>{howHurt({ health, downed })}</span>
          </span>
          {downed?.state === 'dying' && (
            <DeathPips name={name} successes={downed.successes} failures={downed.failures} />
          )}
          <FighterChips fighter={fighter} />
        </div>
        {isOpen && <FighterDetails {...props} />}
      </Flash>
    </li>
  )
}
