import type { CampaignState } from '@tablecast/contracts'
import { Swords } from 'lucide-react'
import { Button } from '../../../../ui/button.tsx'
import { chooseFighters } from '../../fight/chosen-fighters.ts'
import type { TableToken } from '../tokens/table-tokens.ts'

type Props = { state: CampaignState; inside: readonly TableToken[] }

/** Chooses the fighters of an area in the fight, where the damage to several is typed. */
export function DamageInside({ state, inside }: Props) {
  const ids = inside.flatMap(({ characterId }) =>
    characterId !== null && state.turn.order.includes(characterId) ? [characterId] : [],
  )
  if (!state.encounter || ids.length === 0) return null
  const damage = () => {
    chooseFighters(new Set(ids))
    document.querySelector<HTMLElement>('[data-damage=many]')?.focus()
  }
  return (
    <Button className="mt-1 !px-3 text-sm" onClick={damage}>
      <Swords size={16} aria-hidden="true" /> Damage to {ids.length === 1 ? 'the one' : `the ${ids.length}`} inside
    </Button>
  )
}
