import type { PlayerCharacter, PlayerView } from '@tablecast/contracts'
import { BringButton } from '../character-sheet/bring/BringButton.tsx'
import { CharacterCard } from './CharacterCard.tsx'
import type { OwnCampaign } from './OwnCharacter.tsx'
import { Section, Nothing } from '../../../ui/section.tsx'

type Props = { view: PlayerView; myId: string | null; own?: OwnCampaign | undefined; mayBring: boolean }

/** The party, and its foes apart from it. A player's own characters come first. `mayBring`: a player may ask for a character. */
export function Party({ view, myId, own, mayBring }: Props) {
  const isMine = ({ ownerId }: PlayerCharacter) => myId !== null && ownerId === myId
  const party = view.characters.filter(({ side }) => side === 'party')
  const foes = view.characters.filter(({ side }) => side === 'foe')
  const cards = (characters: readonly PlayerCharacter[]) => (
    <ul className="flex flex-col gap-2">
      {characters.map((character) => (
        <li key={character.id}>
          <CharacterCard
            character={character}
            isMine={isMine(character)}
            isActing={view.turn.current === character.id}
            isFight={view.encounter !== null}
            isAwaited={view.encounter?.awaiting.includes(character.id) ?? false}
            myId={myId ?? ''}
            own={own}
          />
        </li>
      ))}
    </ul>
  )
  return (
    <>
      <Section title="Party">
        {party.length === 0 && <Nothing>Nobody has come forward yet.</Nothing>}
        {cards([...party.filter(isMine), ...party.filter((one) => !isMine(one))])}
        {own && mayBring && <BringButton where={own} />}
      </Section>
      {foes.length > 0 && <Section title="Foes">{cards(foes)}</Section>}
    </>
  )
}
