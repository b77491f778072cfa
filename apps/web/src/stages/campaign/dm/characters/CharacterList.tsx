import type { Character, Member } from '@tablecast/contracts'
import { Plus } from 'lucide-react'
import { newId } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { currentVersion, useEdit } from '../use-edit.tsx'
import { CharacterEditor } from './CharacterEditor.tsx'

type Props = { characters: readonly Character[]; members: readonly Member[]; campaignId: string }

export function CharacterList({ characters, members, campaignId }: Props) {
  const edit = useEdit()
  const add = () => {
    const character = newCharacter()
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
