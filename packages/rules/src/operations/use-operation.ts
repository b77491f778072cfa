import { Refusal } from '../refusal.ts'
import { takeUses } from '../uses.ts'
import type { Fight } from './fight.ts'
import type { OperationOf } from './operation.ts'

export function use(fight: Fight, { id, key, count }: OperationOf<'use'>): void {
  const { name, uses } = fight.fighter(id)
  const known = uses?.find((one) => one.key === key)
  if (!known) throw new Refusal('operation', `${name} has no uses of that.`)
  const left = takeUses(uses ?? [], key, count)
  if (!left) throw new Refusal('operation', `${name} has ${known.left} of ${known.most} left: ${known.name}.`)
  fight.change(id, { uses: left })
  fight.say(
    [id],
    ({ names }) => {
      const now = left.find((one) => one.key === key)
      return `${names}: ${known.name}, ${now?.left ?? 0} of ${known.most} left.`
    },
    { isForDm: true, isBookkeeping: true },
  )
}
