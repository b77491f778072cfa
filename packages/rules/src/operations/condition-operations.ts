import { fold } from '../names/fold.ts'
import { endsConcentration } from '../conditions.ts'
import { MAX_CONDITIONS, type Duration, type Until } from '../fighter.ts'
import { Refusal } from '../refusal.ts'
import { endConcentration } from './concentration.ts'
import type { Fight } from './fight.ts'
import type { For, OperationOf } from './operation.ts'
import { savingThrow } from './saving-throw.ts'

export function addCondition(fight: Fight, operation: OperationOf<'addCondition'>): void {
  const { targets, condition } = operation
  for (const id of targets) {
    const { name, conditions, durations } = fight.fighter(id)
    const others = conditions.filter((known) => fold(known) !== fold(condition))
    if (others.length >= MAX_CONDITIONS)
      throw new Refusal('operation', `${name} has ${MAX_CONDITIONS} conditions already. Remove one first.`)
    const kept = (durations ?? []).filter((known) => fold(known.condition) !== fold(condition))
    const added: Duration[] = operation.for ? [{ condition, until: untilOf(fight, id, operation.for) }] : []
    fight.change(id, {
      conditions: [...others, condition],
      ...(durations || added.length > 0 ? { durations: [...kept, ...added] } : {}),
    })
    if (endsConcentration(condition)) endConcentration(fight, id)
  }
  const end = operation.for ? ` (${tellFor(fight, operation.for)})` : ''
  fight.say(targets, ({ names, known }) => `${names} ${known.length > 1 ? 'are' : 'is'} now ${condition}${end}.`)
}

/** A duration in rounds ends when the turn comes round to the fighter who acts now, or to the bearer outside of turns. */
function untilOf(fight: Fight, bearer: string, asked: For): Until {
  const { round, current } = fight.state.turn
  switch (asked.kind) {
    case 'save':
      return asked
    case 'rounds':
      return { kind: 'turn', at: 'start', of: current ?? bearer, round: round + asked.rounds }
    case 'turn':
      return { kind: 'turn', at: asked.at, of: asked.of, round: roundOfNext(fight, asked.of, asked.at) }
  }
}

/** The round in which a fighter's next turn starts, or ends: the end of a turn that is running counts. */
function roundOfNext(fight: Fight, id: string, at: 'start' | 'end'): number {
  const { order, round, current } = fight.state.turn
  if (current === null) return Math.max(1, round)
  const [place, acting] = [order.indexOf(id), order.indexOf(current)]
  return place > acting || (at === 'end' && place === acting) ? round : round + 1
}

function tellFor(fight: Fight, asked: For): string {
  switch (asked.kind) {
    case 'save':
      return `until a save, ${asked.ability} DC ${asked.dc}`
    case 'rounds':
      return asked.rounds === 1 ? 'for 1 round' : `for ${asked.rounds} rounds`
    case 'turn':
      return `until the ${asked.at} of a turn`
  }
}

export function removeCondition(fight: Fight, { targets, condition }: OperationOf<'removeCondition'>): void {
  const bearers = targets.filter((id) => fight.fighter(id).conditions.some((known) => fold(known) === fold(condition)))
  const [first] = targets
  if (bearers.length === 0 && first !== undefined)
    throw new Refusal('operation', `${fight.fighter(first).name} is not ${condition}.`)
  for (const id of bearers) withoutCondition(fight, id, condition)
  fight.say(bearers, ({ names, known }) => `${names} ${known.length > 1 ? 'are' : 'is'} no longer ${condition}.`)
}

export function withoutCondition(fight: Fight, id: string, condition: string): void {
  const { conditions, durations } = fight.fighter(id)
  const left = conditions.filter((known) => fold(known) !== fold(condition))
  const leftDurations = (durations ?? []).filter((known) => fold(known.condition) !== fold(condition))
  fight.change(id, { conditions: left, ...(durations ? { durations: leftDurations } : {}) })
}

export function save(fight: Fight, operation: OperationOf<'save'>): void {
  const { targets, ends, concentration } = operation
  if (operation.rolled !== undefined && targets.length > 1)
    throw new Refusal('operation', 'A number on a real die is for one fighter. Choose one.')
  for (const id of targets) {
    const { isSaved } = savingThrow(fight, id, operation, operation)
    if (!isSaved && concentration) endConcentration(fight, id)
    const { conditions } = fight.fighter(id)
    if (!isSaved || ends === undefined || !conditions.some((known) => fold(known) === fold(ends))) continue
    withoutCondition(fight, id, ends)
    fight.say([id], ({ names }) => `${names} is no longer ${ends}.`)
  }
}
