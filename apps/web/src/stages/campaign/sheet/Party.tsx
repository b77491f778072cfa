import type { PlayerView } from '@tablecast/contracts'
import { CharacterCard } from './CharacterCard.tsx'
import type { OwnCampaign } from './OwnCharacter.tsx'
import { Section, Nothing } from '../../../ui/section.tsx'

export function Party({ view, myId, own }: { view: PlayerView; myId: string | null; own?: OwnCampaign | undefined }) {
  return (
    <Section title="Party">
      {view.characters.length === 0 && <Nothing>Nobody has come forward yet.</Nothing>}
      <ul className="flex flex-col gap-2">
        {view.characters.map((character) => (
          <li key={character.id}>
            <CharacterCard
              character={character}
              isMine={myId !== null && character.ownerId === myId}
              isActing={view.turn.current === character.id}
              own={own}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}
