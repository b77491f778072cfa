import { Refusal } from '../refusal.ts'
import type { Fight } from './fight.ts'
import type { OperationOf } from './operation.ts'

export function concentrate(fight: Fight, { id, on }: OperationOf<'concentrate'>): void {
  if (on === null) {
    endConcentration(fight, id)
    return
  }
  const { name, downed } = fight.fighter(id)
  if (downed) throw new Refusal('operation', `${name} is down and can't concentrate.`)
  fight.change(id, { concentration: { on } })
  fight.say([id], ({ names }) => `${names} concentrates on ${on}.`)
}

export function endConcentration(fight: Fight, id: string): void {
  const on = fight.fighter(id).concentration?.on
  if (on === undefined) return
  fight.change(id, { concentration: null })
  fight.say([id], ({ names }) => `${names} no longer concentrates on ${on}.`)
}
