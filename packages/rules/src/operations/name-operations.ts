import { shownNames } from '../shown-names.ts'
import { Refusal } from '../refusal.ts'
import type { Fight } from './fight.ts'
import type { OperationOf } from './operation.ts'

export function setAlias(fight: Fight, { targets, alias }: OperationOf<'setAlias'>): void {
  for (const id of targets) fight.change(id, { alias, appearance: null })
  fight.countAppearances()
  const names = targets.map((id) => fight.fighter(id).name).join(', ')
  fight.say(targets, () => `Players know ${names} as ${alias}.`, { isForDm: true, isBookkeeping: true })
}

export function revealName(fight: Fight, { targets }: OperationOf<'revealName'>): void {
  const before = shownNames(fight.state.characters)
  const masked = targets.filter((id) => fight.fighter(id).alias)
  const [first] = targets
  if (masked.length === 0 && first !== undefined)
    throw new Refusal('operation', `Players know the name of ${fight.fighter(first).name} already.`)
  for (const id of masked) fight.change(id, { alias: null, appearance: null })
  fight.countAppearances()
  for (const id of masked) fight.say([id], ({ names }) => `${before.get(id) ?? 'A hidden fighter'} is ${names}.`)
}

export function show(fight: Fight, { targets, visible }: OperationOf<'show'>): void {
  for (const id of targets) fight.change(id, { visible })
  if (visible) fight.countAppearances()
  fight.say(
    targets,
    ({ names, known }) => {
      if (!visible) return `Hidden: ${names}.`
      return `${names} ${known.length > 1 ? 'appear' : 'appears'}.`
    },
    { isForDm: !visible },
  )
}
