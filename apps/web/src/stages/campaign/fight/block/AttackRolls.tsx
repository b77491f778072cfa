import type { BlockAnswer, Character } from '@tablecast/contracts'
import { damageAmount, damageChoices, type DamageChoice } from '@tablecast/rules'
import { sideOf } from '@tablecast/rules/standing'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import { useFight } from '../fight-context.ts'
import { signed } from './StatBlockCard.tsx'

type Block = BlockAnswer['block']
type Action = Block['actions'][number]
type Rolled = { words: string; isCritical: boolean; action: Action }

const ways = [
  ['plain', 'Plain'],
  ['advantage', 'Advantage'],
  ['disadvantage', 'Disadvantage'],
  ['critical', 'Critical'],
] as const
type Way = (typeof ways)[number][0]

/** The attacks and saves of a stat block. One tap rolls, one more applies. The comparison with AC is for the DM alone. */
export function AttackRolls({ fighter, block }: { fighter: Character; block: Block }) {
  const { state, operate } = useFight()
  const others = state.characters.filter(({ id }) => state.turn.order.includes(id) && id !== fighter.id)
  const first = others.find((one) => sideOf(one) !== sideOf(fighter) && !one.downed) ?? others[0]
  const [targetId, setTarget] = useState(first?.id ?? '')
  const [way, setWay] = useState<Way>('plain')
  const [isSecret, setIsSecret] = useState(true)
  const [rolled, setRolled] = useState<Rolled | null>(null)
  const target = others.find(({ id }) => id === targetId)
  const attacks = block.actions.filter(({ toHit, save }) => toHit !== undefined || save !== undefined)

  const attack = async (action: Action) => {
    if (action.toHit === undefined) {
      setRolled({ words: `${action.name}: ${target?.name ?? 'the target'} saves.`, isCritical: false, action })
      return
    }
    const answer = await operate({
      type: 'attack',
      by: fighter.id,
      action: action.name,
      target: target?.id ?? null,
      secret: isSecret,
      ...(way === 'advantage' || way === 'disadvantage' ? { advantage: way } : {}),
    })
    const result = answer?.due.find((due) => due.kind === 'attack')
    if (!result) return
    const isCritical = result.isCritical || way === 'critical'
    const against = target?.armourClass == null ? '' : ` against AC ${target.armourClass}`
    const outcome = isCritical ? 'a critical hit' : outcomeOf(result.hits)
    setRolled({ words: `${action.name}: ${result.output}${against}, ${outcome}.`, isCritical, action })
  }
  const apply = async (action: Action, parts: readonly DamageChoice[], isCritical: boolean) => {
    if (!target) return
    const type = parts[0]?.type
    const { save } = action
    const isSaved =
      save !== undefined && (action.toHit === undefined || parts.some(({ when }) => when === 'failed save'))
    const answer = await operate({
      type: 'damage',
      targets: [{ id: target.id }],
      amount: damageAmount(parts),
      critical: isCritical,
      secret: isSecret,
      by: fighter.id,
      ...(type ? { damageType: type } : {}),
      ...(isSaved ? { save: { ability: save.ability, dc: save.dc, onSave: save.half ? 'half' : 'none' } } : {}),
    })
    if (answer) setRolled(null)
  }
  if (attacks.length === 0) return null
  return (
    <section aria-label="Attacks" className="bg-raised mb-4 flex flex-col gap-2 rounded-xl p-3 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label="Target"
          value={targetId}
          onChange={(event) => setTarget(event.target.value)}
          className="bg-card border-line min-h-9 min-w-0 grow rounded-lg border px-2"
        >
          {others.map(({ id, name, armourClass }) => (
            <option key={id} value={id}>
              {name}
              {armourClass !== null && ` (AC ${armourClass})`}
            </option>
          ))}
        </select>
        <select
          aria-label="How it is rolled"
          value={way}
          onChange={(event) => setWay(ways.find(([value]) => value === event.target.value)?.[0] ?? 'plain')}
          className="bg-card border-line min-h-9 rounded-lg border px-2"
        >
          {ways.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <Switch label="Secret" checked={isSecret} onChange={setIsSecret} />
      </div>
      <div className="flex flex-wrap gap-1.5">
        {attacks.map((action) => (
          <Button key={`${action.kind} ${action.name}`} className="!min-h-9 !px-3" onClick={() => void attack(action)}>
            {action.name}{' '}
            {action.toHit === undefined ? (action.save ? `DC ${action.save.dc}` : '') : signed(action.toHit)}
          </Button>
        ))}
      </div>
      <div role="status">
        {rolled && (
          <>
            <p className="font-semibold">{rolled.words}</p>
            <DamageButtons rolled={rolled} apply={(parts) => void apply(rolled.action, parts, rolled.isCritical)} />
          </>
        )}
      </div>
    </section>
  )
}

function DamageButtons({ rolled, apply }: { rolled: Rolled; apply: (parts: readonly DamageChoice[]) => void }) {
  const { hits, later } = damageChoices(rolled.action.damage ?? [])
  const choices = [...hits, ...later.map((one) => [one])]
  if (choices.length === 0) return null
  return (
    <div className="mt-2 flex flex-wrap gap-1.5">
      {choices.map((parts) => {
        const label = parts.map(({ amount, type, when }) =>
          [amount, type, when && `(${when})`].filter(Boolean).join(' '),
        )
        return (
          <Button key={label.join()} look="primary" className="!min-h-9 !px-3" onClick={() => apply(parts)}>
            Deal {label.join(' + ')}
          </Button>
        )
      })}
    </div>
  )
}

/** Null: the armour class is not known. */
function outcomeOf(hits: boolean | null): string {
  if (hits === null) return 'hit or miss?'
  return hits ? 'hits' : 'misses'
}
