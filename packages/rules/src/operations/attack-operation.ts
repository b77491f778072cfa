import { rollAttack } from '../attack.ts'
import { Refusal } from '../refusal.ts'
import type { Fight } from './fight.ts'
import type { OperationOf } from './operation.ts'

/** Rolls an attack. The comparison with the armour class, and the name of the attack, are for DMs alone. */
export function attack(fight: Fight, { by, action, target, advantage, secret }: OperationOf<'attack'>): void {
  const attacker = fight.fighter(by)
  const toHit = fight.context.toHit?.(attacker, action) ?? null
  if (toHit === null) throw new Refusal('operation', `${attacker.name} has no attack “${action}”.`)
  const armourClass = target === null ? null : fight.fighter(target).armourClass
  const { roll, hits, isCritical } = rollAttack(toHit, { armourClass, advantage: advantage ?? null }, (notation) =>
    fight.dice(notation, fight.kindOf([by], { isForDm: secret })),
  )
  fight.due.push({ kind: 'attack', fighter: by, action, output: roll.output, hits, isCritical })
  const against = armourClass === null ? '' : ` against AC ${armourClass}`
  const outcome = isCritical ? ', a critical hit' : hits === null ? '' : hits ? ', hits' : ', misses'
  const result = `${action}: ${roll.total}${against}${outcome}.`
  if (!secret)
    fight.say(
      [by],
      ({ name, knows }) => {
        const whom = target !== null && knows(target) ? ` ${name(target)}` : ''
        return `${name(by)} attacks${whom}: ${roll.total} to hit.`
      },
      { rolls: [roll] },
    )
  fight.say(
    [by],
    ({ name }) => {
      const whom = target === null ? '' : ` attacks ${name(target)}`
      return `${name(by)}${whom}. ${result}`
    },
    { rolls: secret ? [roll] : [], isForDm: true, isBookkeeping: true },
  )
}
