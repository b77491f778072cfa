// Turns: the next fighter, and everything that the start and the end of a turn run.
import type { Fighter } from '../fighter.ts'
import { Refusal } from '../refusal.ts'
import { withoutCondition } from './condition-operations.ts'
import type { Fight } from './fight.ts'
import { isMember } from './fight.ts'
import type { OperationOf } from './operation.ts'

export function advanceTurn(fight: Fight, { ends, direction }: OperationOf<'advanceTurn'>): void {
  const { round, current } = fight.state.turn
  // Another person ended this turn already.
  if (current !== ends.fighter || round !== ends.round) return
  if (direction === 'back') goBack(fight)
  else passOn(fight, new Set())
}

/** The defeated and the dead have no turn; a delayed fighter enters again first. */
const isSkipped = ({ downed, waiting }: Fighter): boolean =>
  downed?.state === 'defeated' || downed?.state === 'dead' || waiting === 'delayed'

/** Ends the turn, and runs the starts and ends of turns up to that of the next fighter who has one. */
function passOn(fight: Fight, leaving: ReadonlySet<string>): void {
  const { order, current, round: roundBefore } = fight.state.turn
  if (order.length === 0) throw new Refusal('operation', 'Nobody is in the turn order. Roll initiative first.')
  let index = current === null ? -1 : order.indexOf(current)
  let round = Math.max(1, roundBefore)
  if (current !== null) endOfTurn(fight, current, round)
  for (let passed = 0; passed < order.length; passed++) {
    index++
    if (index >= order.length) {
      index = 0
      round++
    }
    const id = order[index]
    if (id === undefined || !fight.isThere(id)) continue
    endConditions(fight, 'start', id, round)
    if (leaving.has(id) || isSkipped(fight.fighter(id))) {
      endConditions(fight, 'end', id, round)
      continue
    }
    startOfTurn(fight, id, round)
    return
  }
  // Everybody is down: the round goes on without a turn.
  fight.set({ turn: { ...fight.state.turn, round, current: leaving.size > 0 ? null : current } })
}

/** Gives the turn on when the acting fighter is about to leave. */
export function leaveTurn(fight: Fight, leaving: ReadonlySet<string>): void {
  const { current, order } = fight.state.turn
  if (current === null || !leaving.has(current)) return
  if (order.every((id) => leaving.has(id))) fight.set({ turn: { ...fight.state.turn, current: null } })
  else passOn(fight, leaving)
}

function startOfTurn(fight: Fight, id: string, round: number): void {
  const { turn } = fight.state
  fight.set({ turn: { ...turn, round, current: id } })
  const isNewRound = round > turn.round
  fight.say([id], ({ names }) => `${isNewRound ? `Round ${round}. ` : ''}${names} acts.`)
  if (fight.fighter(id).waiting === 'ready') fight.change(id, { waiting: null })
  bringBackUses(fight, id)
  if (fight.fighter(id).downed?.state === 'dying') fight.due.push({ kind: 'deathSave', fighter: id })
  const next = onDeck(fight)
  if (next !== null) fight.due.push({ kind: 'onDeck', fighter: next })
}

/** The fighter whose turn is next, if nothing changes; null when it is the same again. */
function onDeck(fight: Fight): string | null {
  const { order, current } = fight.state.turn
  const at = current === null ? -1 : order.indexOf(current)
  const round = [...order.slice(at + 1), ...order.slice(0, Math.max(0, at))]
  return round.find((id) => fight.isThere(id) && !isSkipped(fight.fighter(id))) ?? null
}

function endOfTurn(fight: Fight, id: string, round: number): void {
  if (!fight.isThere(id)) return
  for (const { condition, until } of fight.fighter(id).durations ?? [])
    if (until.kind === 'save') {
      const { ability, dc } = until
      fight.due.push({ kind: 'save', fighter: id, condition, ability, dc })
      fight.say([id], ({ names }) => `${names} saves against ${condition}: ${ability}, DC ${dc}.`, { isForDm: true })
    }
  endConditions(fight, 'end', id, round)
}

/** Ends the conditions of all fighters that last until this point. */
function endConditions(fight: Fight, at: 'start' | 'end', of: string, round: number): void {
  for (const { id, durations } of fight.state.characters)
    for (const { condition, until } of durations ?? []) {
      if (until.kind !== 'turn' || until.at !== at || until.of !== of || until.round > round) continue
      withoutCondition(fight, id, condition)
      fight.due.push({ kind: 'ended', fighter: id, condition })
      fight.say([id], ({ names }) => `${names} is no longer ${condition}.`)
    }
}

function bringBackUses(fight: Fight, id: string): void {
  for (const use of fight.fighter(id).uses ?? []) {
    if (use.left === use.most || use.back.kind === 'rest') continue
    if (use.back.kind === 'turn') {
      refill(fight, id, use.key)
      fight.due.push({ kind: 'usesBack', fighter: id, use: use.name })
      continue
    }
    const result = fight.dice('1d6', 'secret')
    const isBack = result.total >= use.back.from
    if (isBack) refill(fight, id, use.key)
    fight.due.push({ kind: 'recharge', fighter: id, use: use.name, rolled: result.total, isBack })
    fight.say([id], ({ names }) => `${names}: ${use.name} ${isBack ? 'is back' : 'does not come back'}.`, {
      rolls: [result],
      isForDm: true,
    })
  }
}

function refill(fight: Fight, id: string, key: string): void {
  const uses = fight.fighter(id).uses ?? []
  fight.change(id, { uses: uses.map((use) => (use.key === key ? { ...use, left: use.most } : use)) })
}

/** To the turn before. An undo takes back what its start and end ran; this does not. */
function goBack(fight: Fight): void {
  const { order, current, round: roundNow } = fight.state.turn
  if (current === null || order.length === 0) throw new Refusal('operation', 'There is no turn before this one.')
  let index = order.indexOf(current)
  let round = roundNow
  for (let passed = 0; passed < order.length; passed++) {
    index--
    if (index < 0) {
      index = order.length - 1
      round--
    }
    if (round < 1) throw new Refusal('operation', 'This is the first turn of the fight.')
    const id = order[index]
    if (id === undefined || !fight.isThere(id) || isSkipped(fight.fighter(id))) continue
    fight.set({ turn: { ...fight.state.turn, round, current: id } })
    fight.say([id], ({ names }) => `Back to ${names}.`, { isBookkeeping: true })
    return
  }
}

export function wait(fight: Fight, { id, how }: OperationOf<'wait'>): void {
  const { name } = fight.fighter(id)
  if (!isMember(fight.state, id)) throw new Refusal('operation', `${name} has no turn in this fight.`)
  fight.change(id, { waiting: how })
  fight.say([id], ({ names }) => `${names} ${how === 'ready' ? 'readies an action' : 'waits for a later moment'}.`)
  if (fight.state.turn.current === id) passOn(fight, new Set())
}

export function enterTurn(fight: Fight, { id }: OperationOf<'enterTurn'>): void {
  const { name, waiting } = fight.fighter(id)
  if (!waiting || !isMember(fight.state, id)) throw new Refusal('operation', `${name} does not wait.`)
  fight.change(id, { waiting: null })
  const { turn } = fight.state
  if (waiting === 'delayed' && turn.current !== null && turn.current !== id) {
    const others = turn.order.filter((one) => one !== id)
    const at = others.indexOf(turn.current) + 1
    fight.set({ turn: { ...turn, order: [...others.slice(0, at), id, ...others.slice(at)] } })
  }
  fight.say([id], ({ names }) => (waiting === 'delayed' ? `${names} acts next.` : `${names} uses the readied action.`))
}
