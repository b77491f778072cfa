// Two DMs and four players who change a fight at the same time, on one or two nodes, with repeats.
import { emptyState, TablecastError } from '@tablecast/contracts'
import type { Operation } from '@tablecast/rules'
import { databaseProblemOf, type Store } from '@tablecast/store'
import { expect } from 'vitest'
import { type RoomCaller, trustedCaller } from '../index.ts'
import { aCharacter, damage, dan, dee, openFightRoom } from './fight-room.ts'

const OPERATIONS = 1_000
/** So much that no bound is reached: then the sum is the same in any order. */
const START = 5_000
/** Calls that are under way at once. */
const AT_ONCE = 24

const players = ['p1', 'p2', 'p3', 'p4']
const monsters = ['m1', 'm2', 'm3']

/** Numbers that repeat for a seed. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

/** On a busy machine a call may wait in its queue or for the database for too long. It changes nothing, and is made again with its key. */
async function untilTaken<T>(call: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await call()
    } catch (problem) {
      if (!hasWaitedTooLong(problem)) throw problem
    }
}

const hasWaitedTooLong = (problem: unknown): boolean =>
  problem instanceof TablecastError ? problem.code === 'UNAVAILABLE' : databaseProblemOf(problem)?.kind === 'held'

/** `nodes`: the stores of one database, each with its own connections. Returns after the checks. */
export async function crowdedFight(nodes: readonly Store[], seed: number): Promise<void> {
  const number = numbersOf(seed)
  const [first, second = first] = nodes
  if (!first || !second) throw new Error('a fight needs a database')
  const hp = { current: START, max: 9_999, temp: 0 }
  const state = {
    ...emptyState,
    characters: [
      ...players.map((id) => aCharacter(id, { hp, ownerId: id })),
      ...monsters.map((id) => aCharacter(id, { hp, kind: 'monster', hpVisible: false })),
    ],
  }
  const room = await openFightRoom(first, { state })
  const other = await openFightRoom(second, { state, campaignId: room.campaignId })
  const expected = new Map(state.characters.map(({ id }) => [id, START]))
  const conditions = new Set<string>()

  const next = (index: number): { caller: RoomCaller; operation: Operation } => {
    const who = number(6)
    const caller = [dee, dan, ...players.map((id) => trustedCaller({ id, name: id, role: 'player' }))][who] ?? dee
    const own = players[who - 2]
    const target = own ?? [...players, ...monsters][number(7)] ?? 'p1'
    const amount = 1 + number(3)
    const kind = number(3)
    if (kind === 0) {
      expected.set(target, (expected.get(target) ?? 0) - amount)
      return { caller, operation: damage(amount, target) }
    }
    if (kind === 1) {
      expected.set(target, (expected.get(target) ?? 0) + amount)
      return { caller, operation: { type: 'heal', targets: [target], amount } }
    }
    // Each character bears at most twenty.
    const condition = `c${index % 9}`
    conditions.add(`${target} ${condition}`)
    return { caller, operation: { type: 'addCondition', targets: [target], condition } }
  }

  const calls = Array.from({ length: OPERATIONS }, (_one, index) => ({
    ...next(index),
    node: number(2),
    repeats: number(4) === 0,
  }))
  const waiting = calls.values()
  const worker = async () => {
    for (const { caller, operation, node, repeats } of waiting) {
      const [here, there] = node === 0 ? [room, other] : [other, room]
      const changeRequest = { ...room.request(caller), campaignId: room.campaignId, operation }
      const answers = await Promise.all([
        untilTaken(() => here.orchestrator.fights.operate(changeRequest)),
        // A client that lost the answer asks the other node, with the same key.
        ...(repeats ? [untilTaken(() => there.orchestrator.fights.operate(changeRequest))] : []),
      ])
      for (const answer of answers) expect(answer).toEqual(answers[0])
    }
  }
  // Any other refusal, as CONFLICT would be, fails the test.
  await Promise.all(Array.from({ length: AT_ONCE }, worker))

  const { characters } = await room.state()
  expect(new Map(characters.map((one) => [one.id, one.hp.current]))).toEqual(expected)
  expect(new Set(characters.flatMap((one) => one.conditions.map((condition) => `${one.id} ${condition}`)))).toEqual(
    conditions,
  )
}
