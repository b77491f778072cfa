import type { PlannedCreature } from '@tablecast/contracts'
import { ChevronDown, X } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import { Switch } from '../../../../ui/switch.tsx'

type Props = { creature: PlannedCreature; change: (creature: PlannedCreature) => void; remove: () => void }

const whole = (text: string, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.trunc(Number(text)) || 0))

/** A kind of creature in an encounter: how many, and how they come. */
export function CreatureRow({ creature, change, remove }: Props) {
  const { name, count, hitPoints, alias, isHidden, isSurprised, sharesInitiative, figures } = creature
  const [isOpen, setIsOpen] = useState(Boolean(figures))
  const setFigure = (figure: Partial<NonNullable<PlannedCreature['figures']>>) =>
    figures && change({ ...creature, figures: { ...figures, ...figure } })
  return (
    <li className="border-line rounded-xl border p-2">
      <div className="flex items-center gap-2">
        <input
          type="number"
          inputMode="numeric"
          aria-label={`Number of ${name}`}
          min={1}
          max={50}
          value={count}
          onChange={({ target }) => change({ ...creature, count: whole(target.value, 1, 50) })}
          className="input !min-h-9 !w-16 !px-2 !py-0"
        />
        <span className="min-w-0 grow font-semibold">
          {name}
          {(alias || isHidden || isSurprised) && (
            <span className="text-soft block text-xs font-normal">
              {[alias && `seen as “${alias}”`, isHidden && 'hidden', isSurprised && 'surprised']
                .filter(Boolean)
                .join(', ')}
            </span>
          )}
        </span>
        <IconButton
          label={`${isOpen ? 'Fold' : 'Options for'} ${name}`}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronDown size={17} className={isOpen ? 'rotate-180' : ''} />
        </IconButton>
        <IconButton label={`Remove ${name}`} onClick={remove}>
          <X size={16} />
        </IconButton>
      </div>
      {isOpen && (
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          {figures && (
            <>
              <Figure
                label={`Hit points of ${name}`}
                short="HP"
                value={String(figures.hp)}
                set={(text) => setFigure({ hp: whole(text, 0, 9_999) })}
              />
              <Figure
                label={`Armour class of ${name}`}
                short="AC"
                value={String(figures.armourClass ?? '')}
                set={(text) => setFigure({ armourClass: text === '' ? null : whole(text, 0, 99) })}
              />
              <Figure
                label={`Initiative bonus of ${name}`}
                short="Initiative"
                value={String(figures.initiativeBonus)}
                set={(text) => setFigure({ initiativeBonus: whole(text, -99, 99) })}
              />
              <Figure
                label={`XP of ${name}`}
                short="XP"
                value={String(figures.xp)}
                set={(text) => setFigure({ xp: whole(text, 0, 1_000_000) })}
              />
            </>
          )}
          <input
            aria-label={`Players see ${name} as`}
            placeholder="Seen by players as…"
            maxLength={60}
            value={alias ?? ''}
            onChange={({ target }) => {
              const { alias: _, ...rest } = creature
              change(target.value === '' ? rest : { ...rest, alias: target.value })
            }}
            className="input !min-h-9 !w-44 !py-0 text-sm"
          />
          {!figures && (
            <Switch
              label="Roll hit points"
              checked={hitPoints === 'rolled'}
              onChange={(isRolled) => change({ ...creature, hitPoints: isRolled ? 'rolled' : 'average' })}
            />
          )}
          <Switch label="Hidden" checked={isHidden} onChange={(is) => change({ ...creature, isHidden: is })} />
          <Switch label="Surprised" checked={isSurprised} onChange={(is) => change({ ...creature, isSurprised: is })} />
          <Switch
            label="One initiative"
            checked={sharesInitiative}
            onChange={(is) => change({ ...creature, sharesInitiative: is })}
          />
        </div>
      )}
    </li>
  )
}

type FigureProps = { label: string; short: string; value: string; set: (text: string) => void }

const Figure = ({ label, short, value, set }: FigureProps) => (
  <label className="flex items-center gap-1">
    <span className="text-soft">{short}</span>
    <input
      type="number"
      inputMode="numeric"
      aria-label={label}
      value={value}
      onChange={({ target }) => set(target.value)}
      className="input !min-h-9 !w-20 !px-2 !py-0 text-sm"
    />
  </label>
)
