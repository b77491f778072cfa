import type { CampaignState, Character } from '@tablecast/contracts'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Nothing } from '../../../../ui/section.tsx'
import { draggedToMap, type NewToken } from './new-token.ts'

type Props = {
  state: CampaignState
  /** The characters that have a token on the map. */
  placed: ReadonlySet<string | null>
  add: (tokens: readonly NewToken[]) => void
}

/** Characters that are not on the map yet: the fight, the party, and each one; and things. */
export function AddTokens({ state, placed, add }: Props) {
  const [thing, setThing] = useState('')
  const absent = state.characters.filter(({ id }) => !placed.has(id))
  const fight = absent.filter(({ id }) => state.turn.order.includes(id))
  const party = absent.filter(({ kind }) => kind === 'pc')
  const addThing = (event: FormEvent) => {
    event.preventDefault()
    if (thing.trim() === '') return
    add([{ characterId: null, name: thing.trim() }])
    setThing('')
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-1">
        {fight.length > 0 && (
          <Button className="!px-3 text-sm" onClick={() => add(fight.map(asToken))}>
            The whole fight ({fight.length})
          </Button>
        )}
        {party.length > 0 && (
          <Button className="!px-3 text-sm" onClick={() => add(party.map(asToken))}>
            The party ({party.length})
          </Button>
        )}
      </div>
      {absent.length === 0 ? (
        <Nothing>Every character is on the map.</Nothing>
      ) : (
        <ul aria-label="Not on the map" className="flex flex-col">
          {absent.map((character) => (
            <li key={character.id} {...draggedToMap(character.id)}>
              <Button
                look="quiet"
                className="w-full !justify-start !px-2 text-start text-sm"
                title="Press to place it in the middle, or drag it to its place"
                onClick={() => add([asToken(character)])}
              >
                <Plus size={16} aria-hidden="true" className="shrink-0" />
                <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
                  <span className="sr-only">Place </span>
                  {character.name}
                </span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={addThing} className="flex gap-2">
        <input
          aria-label="Name of a thing"
          placeholder="A thing: wagon, chest"
          maxLength={60}
          value={thing}
          onChange={({ target }) => setThing(target.value)}
          className="input !px-2 text-sm"
        />
        <Button type="submit" className="!px-3">
          Place
        </Button>
      </form>
    </div>
  )
}

const asToken = ({ id, name }: Character): NewToken => ({ characterId: id, name })
