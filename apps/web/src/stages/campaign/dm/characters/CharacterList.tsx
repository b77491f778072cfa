import type { CampaignState, Character, Member } from '@tablecast/contracts'
import type { Side } from '@tablecast/rules/fighter'
import { sideOf } from '@tablecast/rules/standing'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { newId } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Section } from '../../../../ui/section.tsx'
import type { Where } from '../../character-sheet/use-sheet.ts'
import { currentVersion, useEdit } from '../use-edit.tsx'
import { CharacterEditor } from './CharacterEditor.tsx'
import { RequestList } from './RequestList.tsx'

type Props = { where: Where; state: CampaignState; members: readonly Member[] }

/** The party, and its foes apart from it. */
export function CharacterList({ where, state: { characters, requests }, members }: Props) {
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
  const list = (side: Side) => (
    <ul className="flex flex-col gap-3">
      {characters
        .filter((character) => sideOf(character) === side)
        .map((character) => (
          <li key={character.id}>
            <CharacterEditor where={where} character={character} members={members} isNew={character.id === addedId} />
          </li>
        ))}
    </ul>
  )
  return (
    <>
      <RequestList where={where} requests={requests ?? []} members={members} />
      <Section title="Party">{list('party')}</Section>
      {characters.some((character) => sideOf(character) === 'foe') && <Section title="Foes">{list('foe')}</Section>}
      <Button data-adds="character" className="w-full" onClick={add}>
        <Plus size={17} aria-hidden="true" /> Add a character
      </Button>
    </>
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
