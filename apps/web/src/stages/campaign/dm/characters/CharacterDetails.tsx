import type { Character, Member } from '@tablecast/contracts'
import { Trash2 } from 'lucide-react'
import { Button } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { DraftField } from '../DraftField.tsx'
import { characterPatch, conditionsOf } from './character-patch.ts'
import { KindChoice } from './KindChoice.tsx'
import { NumberField } from './NumberField.tsx'
import { PlayedBy } from './PlayedBy.tsx'
import { useCharacterEdit } from './use-character-edit.ts'

type Props = { character: Character; members: readonly Member[]; campaignId: string; isNew: boolean }

export function CharacterDetails({ character, members, campaignId, isNew }: Props) {
  const { id, name, kind, hp, conditions, armourClass, initiative, ownerId, dmNotes } = character
  const { set, remove } = useCharacterEdit(character)
  const key = `${campaignId}.${id}`
  return (
    <div className="mt-2 grid grid-cols-3 gap-3">
      <DraftField
        className="col-span-3"
        label="Name"
        startsSelected={isNew}
        value={name}
        maxLength={60}
        draftKey={`${key}.name`}
        toPatch={(text) => (text.trim() ? characterPatch(id, { name: text.trim() }) : null)}
      />
      <NumberField
        label="HP"
        value={hp.current}
        draftKey={`${key}.hp`}
        toPatch={(current) => characterPatch(id, { hp: { ...hp, current: Math.max(0, Math.min(current, hp.max)) } })}
      />
      <NumberField
        label="Max HP"
        value={hp.max}
        draftKey={`${key}.max`}
        toPatch={(max) => characterPatch(id, { hp: { ...hp, max: Math.abs(max) } })}
      />
      <NumberField
        label="Temp HP"
        value={hp.temp}
        draftKey={`${key}.temp`}
        toPatch={(temp) => characterPatch(id, { hp: { ...hp, temp: Math.abs(temp) } })}
      />
      <NumberField
        label="AC"
        value={armourClass}
        draftKey={`${key}.ac`}
        toPatch={(value) => characterPatch(id, { armourClass: Math.abs(value) })}
        emptyPatch={characterPatch(id, { armourClass: null })}
      />
      <NumberField
        label="Initiative"
        value={initiative}
        draftKey={`${key}.initiative`}
        toPatch={(value) => characterPatch(id, { initiative: value })}
        emptyPatch={characterPatch(id, { initiative: null })}
      />
      <PlayedBy ownerId={ownerId} members={members} onChoose={(userId) => set('Player', { ownerId: userId })} />
      <KindChoice kind={kind} onChoose={(chosen) => set('Kind', kindPatch(character, chosen))} />
      <DraftField
        className="col-span-3"
        label="Conditions, separated by commas"
        value={conditions.join(', ')}
        draftKey={`${key}.conditions`}
        toPatch={(text) => characterPatch(id, { conditions: conditionsOf(text) })}
      />
      <DraftField
        className="col-span-3"
        label="DM notes"
        rows={3}
        value={dmNotes}
        draftKey={`${key}.notes`}
        toPatch={(text) => characterPatch(id, { dmNotes: text })}
      />
      <Confirm
        title={`Remove ${name}?`}
        text="The character leaves the campaign and the turn order. Undo brings it back."
        action="Remove"
        danger
        onConfirm={remove}
        trigger={
          <Button look="danger" className="col-span-3">
            <Trash2 size={16} aria-hidden="true" /> Remove {name}
          </Button>
        }
      />
    </div>
  )
}

/** The side follows the kind, also where an import has set it. */
const kindPatch = ({ side }: Character, kind: Character['kind']) => ({
  kind,
  ...(side == null ? {} : { side: kind === 'monster' ? ('foe' as const) : ('party' as const) }),
})
