import type { CampaignState, Character } from '@tablecast/contracts'
import { sideOf } from '@tablecast/rules/standing'
import { Button } from '../../../../ui/button.tsx'
import { Nothing } from '../../../../ui/section.tsx'
import { Switch } from '../../../../ui/switch.tsx'

/** The characters who fight beside the players. */
export const heroesOf = ({ characters }: Pick<CampaignState, 'characters'>): Character[] =>
  characters.filter(({ kind, downed }) => kind === 'pc' && downed?.state !== 'dead')

type Props = {
  state: CampaignState
  absent: ReadonlySet<string>
  setAbsent: (ids: ReadonlySet<string>) => void
  isSurprised: boolean
  setIsSurprised: (is: boolean) => void
  bringIn: (id: string) => void
}

/** Before a fight: who of the party takes part. During one: who can still come in. */
export function Heroes({ state, absent, setAbsent, isSurprised, setIsSurprised, bringIn }: Props) {
  const { characters, turn, encounter } = state
  if (encounter) {
    const others = characters.filter(({ id, downed }) => !turn.order.includes(id) && downed?.state !== 'dead')
    if (others.length === 0) return <Nothing>Everybody is in the fight.</Nothing>
    return (
      <ul className="flex flex-col gap-1">
        {others.map(({ id, name, ...one }) => (
          <li key={id} className="flex items-center justify-between gap-2">
            <span>
              {name} <span className="text-soft text-sm">{sideOf(one) === 'foe' ? 'foe' : 'party'}</span>
            </span>
            <Button className="!min-h-9 !px-3 text-sm" aria-label={`Bring in ${name}`} onClick={() => bringIn(id)}>
              Bring in
            </Button>
          </li>
        ))}
      </ul>
    )
  }
  const toggle = (id: string, isIn: boolean) =>
    setAbsent(new Set(isIn ? [...absent].filter((one) => one !== id) : [...absent, id]))
  const heroes = heroesOf(state)
  if (heroes.length === 0) return <Nothing>No character of a player is in the campaign.</Nothing>
  return (
    <div className="flex flex-wrap gap-x-5">
      {heroes.map(({ id, name }) => (
        <Switch key={id} label={name} checked={!absent.has(id)} onChange={(isIn) => toggle(id, isIn)} />
      ))}
      <Switch label="The party is surprised" checked={isSurprised} onChange={setIsSurprised} />
    </div>
  )
}
