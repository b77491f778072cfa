// Fights and operations for the property tests.
import fc from 'fast-check'
import type { Fighter, FightState } from '../fighter.ts'
import { roll } from '../notation/index.ts'
import { Operation, type OperationType } from '../operations/operation.ts'
import type { FightContext } from '../operations/fight.ts'
import { applyOperation } from '../operations/apply.ts'

const fighterIds = ['a', 'b', 'c', 'd', 'e', 'f'] as const

export const aFighter = (id: string, fields: Partial<Fighter> = {}): Fighter => ({
  id,
  name: `Fighter ${id}`,
  kind: 'monster',
  hp: { current: 20, max: 20, temp: 0 },
  hpVisible: false,
  armourClass: 12,
  conditions: [],
  initiative: null,
  ownerId: null,
  visible: true,
  dmNotes: '',
  ...fields,
})

/** Draws that repeat for a seed: a linear congruence is random enough for rules that must hold for all draws. */
export function aContext(seed = 1): FightContext {
  let state = seed
  let made = 0
  return {
    roll: (given) =>
      roll(given, (sides) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return 1 + (state % sides)
      }),
    now: '2026-01-01T20:00:00.000Z',
    newId: () => `new-${seed}-${++made}`,
    toHit: (_, action) => (action === 'Bite' ? 4 : null),
  }
}

export const anId = fc.constantFrom(...fighterIds)

export const anyFighters: fc.Arbitrary<Fighter[]> = fc.tuple(
  ...fighterIds.map((id) =>
    fc
      .record({
        kind: fc.constantFrom('pc' as const, 'npc' as const, 'monster' as const),
        max: fc.integer({ min: 1, max: 40 }),
        temp: fc.integer({ min: 0, max: 8 }),
        visible: fc.boolean(),
        concentration: fc.option(fc.constant({ on: 'bless' })),
        initiativeBonus: fc.integer({ min: -2, max: 5 }),
        xp: fc.integer({ min: 0, max: 500 }),
      })
      .map(({ max, temp, ...fields }) => aFighter(id, { ...fields, hp: { current: max, max, temp } })),
  ),
)

const ids = fc.uniqueArray(anId, { minLength: 1, maxLength: 4 })
const amount = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom('1d6', '2d6+3', '1d4-2'))
const condition = fc.constantFrom('prone', 'poisoned', 'stunned', 'Cursed')

export const aDamage = fc
  .record({ targets: ids, amount: fc.integer({ min: 0, max: 30 }), critical: fc.boolean() })
  .map(({ targets, ...rest }) => read({ type: 'damage', ...rest, targets: targets.map((id) => ({ id })) }))

const newFighters = fc.array(
  fc.record({
    name: fc.constantFrom('Goblin', 'Hobgoblin'),
    count: fc.integer({ min: 1, max: 3 }),
    hp: fc.oneof(fc.constant('2d6'), fc.integer({ min: 1, max: 20 })),
    visible: fc.boolean(),
    sharesInitiative: fc.boolean(),
    surprised: fc.boolean(),
    uses: fc.constantFrom([], [{ key: 'breath', name: 'Breath', most: 1, back: { kind: 'recharge', from: 5 } }]),
  }),
  { maxLength: 2 },
)
const rolling = fc.constantFrom('foes', 'everybody', 'nobody')
const lasting = fc.option(
  fc.oneof(
    fc.record({ kind: fc.constant('rounds'), rounds: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('turn'), at: fc.constantFrom('start', 'end'), of: anId }),
    fc.constant({ kind: 'save', ability: 'con', dc: 12 }),
  ),
  { nil: undefined },
)
const lastingWords = fc.record({ type: fc.constant('addCondition'), targets: ids, condition, for: lasting })
const shown = { type: fc.constant('show'), targets: ids, visible: fc.boolean() }

/** Operations as a client sends them; the schema fills in the defaults. */
const others: fc.Arbitrary<unknown>[] = [
  fc.record({
    type: fc.constant('attack'),
    by: anId,
    action: fc.constant('Bite'),
    target: fc.option(anId),
    secret: fc.boolean(),
  }),
  fc.record({ type: fc.constant('heal'), targets: ids, amount }),
  fc.record({ type: fc.constant('setTemp'), targets: ids, amount }),
  fc.record({
    type: fc.constant('setHitPoints'),
    targets: ids,
    current: fc.option(fc.nat(50), { nil: undefined }),
    max: fc.option(fc.nat(50), { nil: undefined }),
  }),
  lastingWords,
  fc.record({ type: fc.constant('removeCondition'), targets: ids, condition }),
  fc.record({ type: fc.constant('concentrate'), id: anId, on: fc.constantFrom('bless', null) }),
  fc.record({
    type: fc.constant('save'),
    targets: ids,
    ability: fc.constant('dex'),
    dc: fc.constant(12),
    ends: condition,
    concentration: fc.boolean(),
  }),
  fc.record({ type: fc.constant('setInitiative'), id: anId, initiative: fc.option(fc.integer({ min: -5, max: 25 })) }),
  fc.record({ type: fc.constant('rollInitiative'), targets: ids }),
  fc.record({ type: fc.constant('moveInOrder'), id: anId, before: fc.option(anId) }),
  fc.record({ type: fc.constant('wait'), id: anId, how: fc.constantFrom('ready', 'delayed') }),
  fc.record({ type: fc.constant('enterTurn'), id: anId }),
  fc.record({ type: fc.constant('deathSave'), id: anId }),
  fc.record({ type: fc.constant('stabilise'), id: anId }),
  fc.record({ type: fc.constant('defeat'), targets: ids }),
  fc.record({ type: fc.constant('revive'), targets: ids }),
  fc.record({ type: fc.constant('use'), id: anId, key: fc.constant('breath') }),
  fc.record({ type: fc.constant('setAlias'), targets: ids, alias: fc.constantFrom('Hooded figure', 'Shadow') }),
  fc.record({ type: fc.constant('revealName'), targets: ids }),
  fc.record(shown),
  fc.record({
    type: fc.constant('startEncounter'),
    name: fc.constant('Ambush'),
    fighters: newFighters,
    joining: fc.uniqueArray(anId),
    surprised: fc.uniqueArray(anId, { maxLength: 2 }),
    roll: rolling,
  }),
  fc.record({ type: fc.constant('addFighters'), fighters: newFighters, joining: fc.uniqueArray(anId), roll: rolling }),
  fc.record({
    type: fc.constant('removeFighters'),
    targets: fc.uniqueArray(anId, { minLength: 1, maxLength: 2 }),
    from: fc.constantFrom('fight', 'campaign'),
  }),
  fc.record({ type: fc.constant('endEncounter'), removeFoes: fc.constantFrom('none', 'defeated', 'all') }),
]

export const anOperation: fc.Arbitrary<Operation> = fc.oneof(aDamage, ...others.map((one) => one.map(read)))

/** `next` is the end of the turn that is running then. */
export const aStep: fc.Arbitrary<Operation | 'next' | 'back'> = fc.oneof(
  { weight: 3, arbitrary: anOperation },
  { weight: 2, arbitrary: fc.constant('next' as const) },
  { weight: 1, arbitrary: fc.constant('back' as const) },
)

export const theStep = (state: FightState, step: Operation | 'next' | 'back'): Operation =>
  typeof step === 'object'
    ? step
    : {
        type: 'advanceTurn',
        ends: { fighter: state.turn.current, round: state.turn.round },
        direction: step,
      }

export const atRest = (characters: Fighter[]): FightState => ({
  characters,
  turn: { round: 0, order: [], current: null },
  encounter: null,
})

/** A fight of these fighters in its first turn. */
export function begun(characters: Fighter[], seed = 1): FightState {
  const context = aContext(seed)
  const start = read({
    type: 'startEncounter',
    name: 'Ambush',
    fighters: [],
    joining: characters.map(({ id }) => id),
    roll: 'everybody',
  })
  const { state } = applyOperation(atRest(characters), start, context)
  return applyOperation(state, theStep(state, 'next'), context).state
}

export function read(operation: unknown): Operation {
  return Operation.parse(operation)
}

export const typesOf = (): OperationType[] => Operation.options.map((option) => option.shape.type.value)
