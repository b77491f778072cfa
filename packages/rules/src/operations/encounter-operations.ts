import type { Fighter, NewFighter } from '../fighter.ts'
import { sideOf } from '../standing.ts'
import { numberedNames } from '../names/numbered.ts'
import { Refusal } from '../refusal.ts'
import type { Fight } from './fight.ts'
import { isMember } from './fight.ts'
import type { OperationOf } from './operation.ts'
import { leaveOrder, place, rollFor } from './order.ts'

export function startEncounter(fight: Fight, operation: OperationOf<'startEncounter'>): void {
  const { name, joining, surprised } = operation
  if (fight.state.encounter) throw new Refusal('operation', 'A fight is on. End it before another one starts.')
  const { newId, now } = fight.context
  fight.set({
    turn: { round: 0, order: [], current: null },
    encounter: { id: newId(), name, startedAt: now, awaiting: [], fallen: [] },
  })
  fight.lines.push({
    dm: `Fight: ${name}. Roll for initiative!`,
    players: 'Roll for initiative!',
    rolls: [],
    isBookkeeping: false,
    turn: null,
  })
  // An initiative of an earlier fight does not count here.
  for (const id of joining) fight.change(id, { initiative: null, waiting: null })
  for (const id of surprised) surprise(fight, id)
  bringIn(fight, operation)
}

export function addFighters(fight: Fight, operation: OperationOf<'addFighters'>): void {
  bringIn(fight, operation)
}

function bringIn(fight: Fight, operation: Pick<OperationOf<'addFighters'>, 'fighters' | 'joining' | 'roll'>): void {
  const { fighters, joining, roll } = operation
  const made = fighters.flatMap((one) => make(fight, one))
  fight.countAppearances()
  const all = [...joining.filter((id) => !isMember(fight.state, id)), ...made]
  // Without a fight the creatures only stand ready in the campaign.
  if (!fight.state.encounter && fight.state.turn.current === null) return
  for (const id of all) place(fight, id)
  const rolling = all.filter((id) => roll === 'everybody' || (roll === 'foes' && fight.fighter(id).kind !== 'pc'))
  const waiting = all.filter((id) => !rolling.includes(id))
  const { encounter } = fight.state
  if (encounter) fight.set({ encounter: { ...encounter, awaiting: [...encounter.awaiting, ...waiting] } })
  rollFor(fight, rolling)
}

function make(fight: Fight, asked: NewFighter): string[] {
  const { context } = fight
  const names = numberedNames(
    fight.state.characters.map(({ name }) => name),
    asked.name,
    asked.count,
  )
  const group = asked.sharesInitiative && asked.count > 1 ? context.newId() : null
  const made = names.map(({ name, number }): Fighter => {
    const { amount } = fight.amount(asked.hp, 'secret')
    const most = typeof asked.hp === 'string' ? Math.max(1, amount) : amount
    return {
      id: context.newId(),
      name,
      kind: asked.kind,
      hp: { current: most, max: most, temp: 0 },
      hpVisible: asked.hpVisible,
      armourClass: asked.armourClass,
      conditions: [],
      initiative: null,
      ownerId: null,
      visible: asked.visible,
      dmNotes: '',
      creature: asked.name,
      number,
      initiativeBonus: asked.initiativeBonus,
      xp: asked.xp,
      ...(asked.side ? { side: asked.side } : {}),
      ...(asked.alias ? { alias: asked.alias } : {}),
      ...(asked.block ? { block: asked.block } : {}),
      ...(group ? { group } : {}),
      ...(asked.uses.length > 0 ? { uses: asked.uses.map((use) => ({ ...use, left: use.most })) } : {}),
    }
  })
  fight.add(made)
  for (const { id } of made) {
    if (asked.surprised) surprise(fight, id)
    fight.say([id], ({ names }) => `${names} joins.`, { isBookkeeping: true, isForDm: true })
  }
  return made.map(({ id }) => id)
}

/** Until the end of the first turn. */
function surprise(fight: Fight, id: string): void {
  const { conditions, durations } = fight.fighter(id)
  const round = Math.max(1, fight.state.turn.round)
  fight.change(id, {
    conditions: [...conditions.filter((one) => one !== 'surprised'), 'surprised'],
    durations: [
      ...(durations ?? []).filter(({ condition }) => condition !== 'surprised'),
      { condition: 'surprised', until: { kind: 'turn', at: 'end', of: id, round } },
    ],
  })
}

export function removeFighters(fight: Fight, { targets, from }: OperationOf<'removeFighters'>): void {
  const removed = targets.map((id) => fight.fighter(id))
  const { encounter } = fight.state
  const fallen = removed.filter((one) => one.downed?.state === 'defeated' && sideOf(one) === 'foe').map(worth)
  if (encounter && fallen.length > 0)
    fight.set({ encounter: { ...encounter, fallen: [...encounter.fallen, ...fallen].slice(0, 500) } })
  fight.say(targets, ({ names, known }) => `${names} ${known.length > 1 ? 'leave' : 'leaves'} the fight.`, {
    isBookkeeping: true,
  })
  leaveOrder(fight, targets)
  if (from === 'campaign') {
    fight.set({ characters: fight.state.characters.filter(({ id }) => !targets.includes(id)) })
    return
  }
  for (const id of targets) fight.change(id, { initiative: null, waiting: null })
}

const worth = ({ name, xp }: Fighter) => ({ name, xp: xp ?? 0 })

/** How the fight ended. The experience is of the foes who fell. */
export type Summary = { name: string; rounds: number; minutes: number; fallen: string[]; xp: number }

export function endEncounter(fight: Fight, { removeFoes }: OperationOf<'endEncounter'>): Summary {
  const { encounter, turn, characters } = fight.state
  if (!encounter && turn.order.length === 0) throw new Refusal('operation', 'No fight is on.')
  const members = characters.filter(({ id }) => turn.order.includes(id))
  const foes = members.filter((one) => sideOf(one) === 'foe')
  const beaten = foes.filter(({ downed }) => downed?.state === 'defeated' || downed?.state === 'dead')
  const fallen = [...(encounter?.fallen ?? []), ...beaten.map(worth)]
  const started = Date.parse(encounter?.startedAt ?? fight.context.now)
  const minutes = Math.max(0, Math.round((Date.parse(fight.context.now) - started) / 60_000))
  const gone = new Set((removeFoes === 'all' ? foes : removeFoes === 'defeated' ? beaten : []).map(({ id }) => id))
  for (const { id } of members) if (!gone.has(id)) leaveFight(fight, id)
  fight.set({
    characters: fight.state.characters.filter(({ id }) => !gone.has(id)),
    turn: { round: 0, order: [], current: null },
    encounter: null,
  })
  const summary = {
    name: encounter?.name ?? '',
    rounds: turn.round,
    minutes,
    fallen: fallen.map(({ name }) => name),
    xp: fallen.reduce((sum, { xp }) => sum + xp, 0),
  }
  fight.lines.push({
    dm: tellSummary(summary),
    players: 'The fight is over.',
    rolls: [],
    isBookkeeping: false,
    turn: null,
  })
  return summary
}

/** Conditions that are counted in turns end with the turns. */
function leaveFight(fight: Fight, id: string): void {
  const { durations, conditions, waiting } = fight.fighter(id)
  const ending = new Set(
    (durations ?? []).filter(({ until }) => until.kind === 'turn').map(({ condition }) => condition),
  )
  fight.change(id, {
    initiative: null,
    conditions: conditions.filter((one) => !ending.has(one)),
    ...(durations ? { durations: durations.filter(({ condition }) => !ending.has(condition)) } : {}),
    ...(waiting ? { waiting: null } : {}),
  })
}

function tellSummary({ rounds, minutes, fallen, xp }: Summary): string {
  const time = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
  return `The fight is over: ${time}. Fallen: ${fallen.join(', ') || 'nobody'}. Worth ${xp.toLocaleString('en')} XP.`
}
