import type { Character, CharacterPatch, Member, StatePatch } from '@tablecast/contracts'
import { ChevronDown, Minus, Plus, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { newId } from '../../../api.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { DraftField } from './DraftField.tsx'
import { currentVersion, useEdit } from './use-edit.tsx'

type Fields = NonNullable<CharacterPatch['upsert']>[number]

export function CharacterList({
  characters,
  members,
  campaignId,
}: {
  characters: Character[]
  members: Member[]
  campaignId: string
}) {
  const edit = useEdit()
  const add = () => {
    const character: Character = {
      id: newId(),
      name: 'New character',
      kind: 'npc',
      hp: { current: 10, max: 10, temp: 0 },
      hpVisible: false,
      armourClass: 10,
      conditions: [],
      initiative: null,
      ownerId: null,
      visible: false,
      dmNotes: '',
    }
    void edit({
      what: 'The new character',
      patch: { characters: { upsert: [character] } },
      baseVersion: currentVersion(),
      mine: character.name,
    })
  }
  return (
    <div className="flex flex-col gap-3">
      {characters.map((character) => (
        <CharacterEditor key={character.id} character={character} members={members} campaignId={campaignId} />
      ))}
      <Button onClick={add}>
        <Plus size={17} aria-hidden="true" /> Add a character
      </Button>
    </div>
  )
}

function CharacterEditor({
  character,
  members,
  campaignId,
}: {
  character: Character
  members: Member[]
  campaignId: string
}) {
  const [isOpen, setIsOpen] = useState(false)
  const edit = useEdit()
  const owner = useId()
  const { id, name, hp, conditions, visible, hpVisible } = character
  const patchOf = (fields: Omit<Fields, 'id'>): StatePatch => ({ characters: { upsert: [{ id, ...fields }] } })
  const set = (what: string, fields: Omit<Fields, 'id'>) =>
    void edit({
      what: `${what} of ${name}`,
      patch: patchOf(fields),
      baseVersion: currentVersion(),
      mine: JSON.stringify(Object.values(fields)[0]),
    })
  const numberPatch = (text: string, fields: (value: number) => Omit<Fields, 'id'>) =>
    /^-?\d{1,4}$/.test(text.trim()) ? patchOf(fields(Number(text))) : null
  const key = `${campaignId}.${id}`
  return (
    <section role="group" aria-label={name} className="border-line rounded-xl border p-3">
      <div className="flex items-center gap-2">
        <div className="min-w-0 grow">
          <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
          <p className="text-soft text-sm">
            {hp.current}/{hp.max}
            {hp.temp > 0 && ` +${hp.temp}`} HP{conditions.length > 0 && ` · ${conditions.join(', ')}`}
          </p>
        </div>
        <IconButton
          label={`${name}: one hit point less`}
          look="plain"
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
      </div>
      {isOpen && (
        <div className="mt-2 grid grid-cols-3 gap-3">
          <DraftField
            className="col-span-3"
            label="Name"
            value={name}
            maxLength={60}
            draftKey={`${key}.name`}
            toPatch={(text) => (text.trim() ? patchOf({ name: text.trim() }) : null)}
          />
          <DraftField
            label="HP"
            inputMode="numeric"
            value={String(hp.current)}
            draftKey={`${key}.hp`}
            toPatch={(text) => numberPatch(text, (current) => ({ hp: { ...hp, current } }))}
          />
          <DraftField
            label="Max HP"
            inputMode="numeric"
            value={String(hp.max)}
            draftKey={`${key}.max`}
            toPatch={(text) => numberPatch(text, (max) => ({ hp: { ...hp, max: Math.abs(max) } }))}
          />
          <DraftField
            label="Temp HP"
            inputMode="numeric"
            value={String(hp.temp)}
            draftKey={`${key}.temp`}
            toPatch={(text) => numberPatch(text, (temp) => ({ hp: { ...hp, temp: Math.abs(temp) } }))}
          />
          <DraftField
            label="AC"
            inputMode="numeric"
            value={String(character.armourClass ?? '')}
            draftKey={`${key}.ac`}
            toPatch={(text) =>
              text.trim() === ''
                ? patchOf({ armourClass: null })
                : numberPatch(text, (armourClass) => ({ armourClass: Math.abs(armourClass) }))
            }
          />
          <DraftField
            label="Initiative"
            inputMode="numeric"
            value={String(character.initiative ?? '')}
            draftKey={`${key}.initiative`}
            toPatch={(text) =>
              text.trim() === '' ? patchOf({ initiative: null }) : numberPatch(text, (initiative) => ({ initiative }))
            }
          />
          <div>
            <label htmlFor={owner} className="text-soft mb-1 block text-sm">
              Played by
            </label>
            <select
              id={owner}
              className="input"
              value={character.ownerId ?? ''}
              onChange={(event) => set('Player', { ownerId: event.target.value || null })}
            >
              <option value="">Nobody</option>
              {members.map((member) => (
                <option key={member.userId} value={member.userId}>
                  {member.name}
                </option>
              ))}
            </select>
          </div>
          <DraftField
            className="col-span-3"
            label="Conditions, separated by commas"
            value={conditions.join(', ')}
            draftKey={`${key}.conditions`}
            toPatch={(text) =>
              patchOf({
                conditions: [
                  ...new Set(
                    text
                      .split(',')
                      .map((part) => part.trim().slice(0, 40))
                      .filter(Boolean),
                  ),
                ].slice(0, 20),
              })
            }
          />
          <DraftField
            className="col-span-3"
            label="DM notes"
            rows={3}
            value={character.dmNotes}
            draftKey={`${key}.notes`}
            toPatch={(dmNotes) => patchOf({ dmNotes })}
          />
          <Confirm
            title={`Remove ${name}?`}
            text="The character leaves the campaign and the turn order. Undo brings it back."
            action="Remove"
            danger
            onConfirm={() =>
              void edit({
                what: name,
                patch: { characters: { remove: [id] } },
                baseVersion: currentVersion(),
                mine: 'removed',
              })
            }
            trigger={
              <Button look="danger" className="col-span-3">
                <Trash2 size={16} aria-hidden="true" /> Remove {name}
              </Button>
            }
          />
        </div>
      )}
    </section>
  )
}
