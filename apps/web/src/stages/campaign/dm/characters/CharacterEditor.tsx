import type { Character, Member } from '@tablecast/contracts'
import { ChevronDown, Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import { PortraitButton } from '../../pictures/dm/PortraitButton.tsx'
import { howHurt } from '../../sheet/health-words.ts'
import type { Where } from '../../character-sheet/use-sheet.ts'
import { CharacterDetails } from './CharacterDetails.tsx'
import { SheetButton } from './SheetButton.tsx'
import { keptOfCharacter, whoSees } from '../who-sees/seen-by.ts'
import { WhoSees } from '../who-sees/WhoSees.tsx'
import { useCharacterEdit } from './use-character-edit.ts'

/** `isNew`: the DM has just added it, and begins with its name. */
type Props = { where: Where; character: Character; members: readonly Member[]; isNew: boolean }

/** A character in a line, with the values that change often. The other fields unfold. */
export function CharacterEditor({ where, character, members, isNew }: Props) {
  const [isOpen, setIsOpen] = useState(isNew)
  const { set } = useCharacterEdit(character)
  const { name, hp, downed, conditions, visible, hpVisible } = character
  return (
    <section
      role="group"
      aria-label={name}
      data-portrait-of={character.id}
      className="border-line rounded-xl border p-3"
    >
      <div className="flex items-center gap-2">
        <PortraitButton character={character} />
        <div className="min-w-0 grow">
          <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
          <p className="text-soft text-sm">
            {hp.current}/{hp.max}
            {hp.temp > 0 && ` +${hp.temp}`} HP
            {hp.current <= 0 && <strong className="text-bad"> · {howHurt({ health: 'down', downed })}</strong>}
            {conditions.length > 0 && ` · ${conditions.join(', ')}`}
          </p>
        </div>
        <IconButton
          label={`${name}: one hit point less`}
          look="plain"
          disabled={hp.current <= 0}
          onClick={() => set('Hit points', { hp: { ...hp, current: hp.current - 1 } })}
        >
          <Minus size={16} />
        </IconButton>
        <IconButton
          label={`${name}: one hit point more`}
          look="plain"
          disabled={hp.current >= hp.max}
          onClick={() => set('Hit points', { hp: { ...hp, current: hp.current + 1 } })}
        >
          <Plus size={16} />
        </IconButton>
        <IconButton
          label={`${isOpen ? 'Fold' : 'Edit'} ${name}`}
          data-edits={character.id}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronDown size={18} className={isOpen ? 'rotate-180' : ''} />
        </IconButton>
      </div>
      <div className="flex flex-wrap gap-x-5">
        <Switch
          label="Visible to players"
          checked={visible}
          onChange={(next) => set('Visibility', { visible: next })}
        />
        <Switch
          label="Show hit points"
          checked={hpVisible}
          onChange={(next) => set('Hit points', { hpVisible: next })}
        />
        <span className="ml-auto flex">
          <SheetButton where={where} character={character} />
          <WhoSees of={name} seenBy={whoSees(character)} note={keptOfCharacter(character)} />
        </span>
      </div>
      {isOpen && (
        <CharacterDetails character={character} members={members} campaignId={where.campaignId} isNew={isNew} />
      )}
    </section>
  )
}
