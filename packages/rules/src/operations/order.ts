// The turn order. It changes one fighter at a time, so what a DM dragged stays where it is.
import type { Fighter, Turn } from '../fighter.ts'
import { Refusal } from '../refusal.ts'
import type { Fight } from './fight.ts'
import { hasSecretFigures, isMember } from './fight.ts'
import type { OperationOf } from './operation.ts'
import { leaveTurn } from './turns.ts'

export function setInitiative(fight: Fight, { id, initiative: asked }: OperationOf<'setInitiative'>): void {
  const isForDm = typeof asked === 'string' && hasSecretFigures(fight.fighter(id))
  const rolled = typeof asked === 'string' ? fight.dice(asked, fight.kindOf([id], { isForDm })) : null
  const initiative = rolled ? Math.min(999, Math.max(-99, rolled.total)) : typeof asked === 'number' ? asked : null
  for (const one of groupOf(fight, id)) {
    fight.change(one, { initiative })
    if (initiative === null) leaveOrder(fight, [one])
    else place(fight, one)
  }
  fight.say([id], ({ names }) => `${names} ${initiative === null ? 'has no turn' : `acts on ${initiative}`}.`, {
    rolls: rolled ? [rolled] : [],
    isBookkeeping: true,
    isForDm,
  })
}

export function rollInitiative(fight: Fight, operation: OperationOf<'rollInitiative'>): void {
  const { targets, rolled } = operation
  if (rolled !== undefined && targets.length > 1)
    throw new Refusal('operation', 'A number on a real die is for one fighter. Choose one.')
  rollFor(fight, targets, operation)
}

type Die = Pick<OperationOf<'rollInitiative'>, 'rolled' | 'advantage'>

/** Rolls once for each group. */
export function rollFor(fight: Fight, ids: readonly string[], die: Die = {}): void {
  const done = new Set<string>()
  for (const id of ids) {
    if (done.has(id)) continue
    const group = groupOf(fight, id)
    const { initiativeBonus } = fight.fighter(id)
    const isForDm = group.some((one) => hasSecretFigures(fight.fighter(one)))
    const result = fight.d20(initiativeBonus ?? 0, die, fight.kindOf(group, { isForDm }))
    for (const one of group) {
      done.add(one)
      fight.change(one, { initiative: result.total })
      place(fight, one)
    }
    fight.say(group, ({ names }) => `${names} rolls ${result.total} for initiative.`, {
      rolls: [result],
      isBookkeeping: true,
      isForDm,
    })
  }
}

function groupOf(fight: Fight, id: string): string[] {
  const { group } = fight.fighter(id)
  return group ? fight.state.characters.filter((one) => one.group === group).map((one) => one.id) : [id]
}

/** Puts a fighter into the order by its initiative, and leaves all others as they stand. */
export function place(fight: Fight, id: string): void {
  const { characters, turn, encounter } = fight.state
  const fighter = fight.fighter(id)
  const known = new Map(characters.map((one) => [one.id, one]))
  const others = turn.order.filter((one) => one !== id)
  const found = others.findIndex((one) => {
    const other = known.get(one)
    return other !== undefined && actsBefore(fighter, other)
  })
  const at = found < 0 ? others.length : found
  fight.set({ turn: { ...turn, order: [...others.slice(0, at), id, ...others.slice(at)] } })
  if (encounter && fighter.initiative !== null && encounter.awaiting.includes(id))
    fight.set({ encounter: { ...encounter, awaiting: encounter.awaiting.filter((one) => one !== id) } })
}

/** Ties go to the higher bonus, and then to the one who stands first. No initiative yet: at the end. */
function actsBefore(a: Fighter, b: Fighter): boolean {
  if (a.initiative === null) return false
  if (b.initiative === null || a.initiative !== b.initiative)
    return b.initiative === null || a.initiative > b.initiative
  return (a.initiativeBonus ?? 0) > (b.initiativeBonus ?? 0)
}

export function moveInOrder(fight: Fight, { id, before }: OperationOf<'moveInOrder'>): void {
  const { turn } = fight.state
  if (!isMember(fight.state, id) || (before !== null && !isMember(fight.state, before)))
    throw new Refusal('operation', `${fight.fighter(id).name} has no turn in this fight.`)
  if (id === before) return
  const others = turn.order.filter((one) => one !== id)
  const at = before === null ? others.length : others.indexOf(before)
  fight.set({ turn: { ...turn, order: [...others.slice(0, at), id, ...others.slice(at)] } })
  fight.say([id], ({ names }) => `${names} moves in the order.`, { isBookkeeping: true })
}

/** Takes fighters out of the order. If one of them acts, the turn goes to the next who stays. */
export function leaveOrder(fight: Fight, ids: readonly string[]): void {
  const leaving = new Set(ids)
  leaveTurn(fight, leaving)
  const { turn, encounter, characters } = fight.state
  const stays = turn.order.filter((id) => !leaving.has(id))
  const heirs = heirsOf(turn, leaving)
  for (const { id, durations } of characters) {
    if (!durations?.some(({ until }) => until.kind === 'turn' && heirs.has(until.of))) continue
    fight.change(id, {
      durations: durations.map((one) => {
        const heir = one.until.kind === 'turn' ? heirs.get(one.until.of) : undefined
        if (one.until.kind !== 'turn' || heir === undefined) return one
        return {
          ...one,
          until: { ...one.until, at: 'start' as const, of: heir.id, round: one.until.round + heir.laps },
        }
      }),
    })
  }
  fight.set({ turn: { ...turn, order: stays, ...(stays.length === 0 ? { current: null } : {}) } })
  if (encounter?.awaiting.some((id) => leaving.has(id)))
    fight.set({ encounter: { ...encounter, awaiting: encounter.awaiting.filter((id) => !leaving.has(id)) } })
}

/** For each who leaves the first one after it who stays: conditions that would end on its turn end there. */
function heirsOf({ order }: Turn, leaving: ReadonlySet<string>): Map<string, { id: string; laps: number }> {
  const heirs = new Map<string, { id: string; laps: number }>()
  for (const [index, id] of order.entries()) {
    if (!leaving.has(id)) continue
    const after = order.slice(index + 1).find((one) => !leaving.has(one))
    const first = order.find((one) => !leaving.has(one))
    const heir = after ?? first
    if (heir !== undefined) heirs.set(id, { id: heir, laps: after === undefined ? 1 : 0 })
  }
  return heirs
}
