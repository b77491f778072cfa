import type { Character, Member } from '@tablecast/contracts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { newId } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { currentVersion, useEdit } from '../use-edit.tsx'
import { CharacterEditor } from './CharacterEditor.tsx'

type Props = { characters: readonly Character[]; members: readonly Member[]; campaignId: string }

export function CharacterList({ characters, members, campaignId }: Props) {
  const edit = useEdit()
  const [addedId, setAddedId] = useState<string | null>(null)
  const add = () => {
    const character = newCharacter()
    setAddedId(character.id)
    void edit({
      what: 'The new character',
      patch: { characters: { upsert: [character] } },
      baseVersion: currentVersion(),
    })
  }
  return (
    <div className="flex flex-col gap-3">
      {characters.map((character) => (
        <CharacterEditor
          key={character.id}
          character={character}
          members={members}
          campaignId={campaignId}
          isNew={character.id === addedId}
        />
      ))}
      <Button data-adds="character" onClick={add}>
        <Plus size={17} aria-hidden="true" /> Add a character
      </Button>
    </div>
  )
}

/** Hidden from the players until the DM shows it. */
const newCharacter = (): Character => ({
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
})
