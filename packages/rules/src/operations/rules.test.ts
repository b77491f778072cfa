import { describe, expect, it } from 'vitest'
import type { Fighter, FightState } from '../fighter.ts'
import { aContext, aFighter, atRest, read } from '../testing/arbitrary-fights.ts'
import { applyOperation, type Applied } from './apply.ts'
import { undoChanges } from './changes.ts'
import type { FightContext } from './fight.ts'

const draws = (...values: number[]): FightContext => {
  const left = [...values]
  return {
    ...aContext(),
    draw: () => {
      const value = left.shift()
      if (value === undefined) throw new Error('no die is left')
      return value
    },
  }
}

/** Applies operations as a client sends them, one after the other. */
function run(state: FightState, ...operations: [unknown, FightContext?][]): Applied {
  let applied: Applied = { state, changes: [], lines: [], due: [], summary: null }
  for (const [operation, context = aContext()] of operations)
    applied = applyOperation(applied.state, read(operation), context)
  return applied
}

const get = ({ state }: Applied, id: string): Fighter => {
  const found = state.characters.find((one) => one.id === id)
  if (!found) throw new Error(`${id} is not there`)
  return found
}

const pc = (id: string, current: number, max = current, fields: Partial<Fighter> = {}) =>
  aFighter(id, { kind: 'pc', hp: { current, max, temp: 0 }, ...fields })
const monster = (id: string, current: number, fields: Partial<Fighter> = {}) =>
  aFighter(id, { hp: { current, max: current, temp: 0 }, ...fields })
const fight = (characters: Fighter[], current: string | null = null, round = 1): FightState => ({
  characters,
  turn: { round, order: characters.map(({ id }) => id), current },
  encounter: null,
})
const hit = (id: string, amount: number | string, more = {}) => ({ type: 'damage', targets: [{ id }], amount, ...more })
const next = (fighter: string | null, round: number) => [{ type: 'advanceTurn', ends: { fighter, round } }] as [unknown]

describe('damage', () => {
  it('takes temporary hit points first', () => {
    const start = atRest([pc('mira', 10, 20, { hp: { current: 10, max: 20, temp: 4 } })])
    expect(get(run(start, [hit('mira', 6)]), 'mira').hp).toEqual({ current: 8, max: 20, temp: 0 })
  })

  it('defeats a monster, and makes a dying character of a player’s', () => {
    const after = run(atRest([monster('a', 5), pc('b', 5)]), [hit('a', 9)], [hit('b', 9)])
    expect(get(after, 'a').downed?.state).toBe('defeated')
    expect(get(after, 'b').downed).toEqual({ state: 'dying', successes: 0, failures: 0 })
  })

  it('of the maximum beyond 0 kills a player’s character at once', () => {
    expect(get(run(atRest([pc('b', 5, 10)]), [hit('b', 14)]), 'b').downed?.state).toBe('dying')
    expect(get(run(atRest([pc('b', 5, 10)]), [hit('b', 15)]), 'b').downed?.state).toBe('dead')
  })

  it('at 0 is a failed death save, and two with a critical hit', () => {
    const down = run(atRest([pc('b', 5, 20)]), [hit('b', 5)])
    const once = run(down.state, [hit('b', 3)])
    expect(get(once, 'b').downed).toEqual({ state: 'dying', successes: 0, failures: 1 })
    expect(get(run(once.state, [hit('b', 3, { critical: true })]), 'b').downed?.state).toBe('dead')
  })

  it('asks for a concentration save of at least 10, and of half of the damage', () => {
    const start = atRest([pc('b', 50, 50, { concentration: { on: 'bless' } })])
    expect(run(start, [hit('b', 9)]).due).toEqual([{ kind: 'concentration', fighter: 'b', on: 'bless', dc: 10 }])
    expect(run(start, [hit('b', 25)]).due).toMatchObject([{ dc: 12 }])
    expect(get(run(start, [hit('b', 50)]), 'b').concentration).toBeNull()
  })

  it('of an area is rolled once, and halved for each who saves or resists', () => {
    const ids = ['a', 'b', 'c', 'd']
    const context = { ...draws(6, 5, 15, 10, 14, 3), saveBonus: ({ id }: Fighter) => (id === 'b' ? 5 : 0) }
    const targets = [{ id: 'a' }, { id: 'b' }, { id: 'c', take: 'half' }, { id: 'd', take: 'none' }]
    const damage = {
      type: 'damage',
      targets,
      amount: '2d6',
      damageType: 'fire',
      save: { ability: 'dex', dc: 15, onSave: 'half' },
    }
    const after = run(atRest(ids.map((id) => monster(id, 20))), [damage, context])
    expect(ids.map((id) => get(after, id).hp.current)).toEqual([15, 15, 15, 20])
    expect(after.lines.at(-1)?.players).toBe(
      'Damage: Fighter a for 5 fire (hurt, saved), Fighter b for 5 fire (hurt, saved), Fighter c for 5 fire (hurt), Fighter d for 0 fire (unhurt).',
    )
  })

  it('tells nobody how many hit points were left, and players nothing of a hidden fighter', () => {
    const start = atRest([monster('a', 3), monster('b', 30, { visible: false }), pc('mira', 9)])
    const { lines } = run(start, [{ type: 'damage', targets: [{ id: 'a' }, { id: 'b' }], amount: 9, by: 'mira' }])
    expect(lines.at(-1)).toMatchObject({
      dm: 'Fighter mira hits Fighter a for 9 (down), Fighter b for 9 (hurt).',
      players: 'Fighter mira hits Fighter a for 9 (down).',
    })
  })
})

describe('death saves', () => {
  const dying = fight([pc('b', 0, 20, { downed: { state: 'dying', successes: 0, failures: 0 } })])
  const save = (rolled: number) => [{ type: 'deathSave', id: 'b', rolled }] as [unknown]

  it('make stable with three of them, and kill with three failures', () => {
    expect(get(run(dying, save(10), save(11), save(19)), 'b').downed?.state).toBe('stable')
    expect(get(run(dying, save(9), save(2), save(5)), 'b').downed?.state).toBe('dead')
    expect(get(run(dying, save(1), save(2)), 'b').downed?.state).toBe('dead')
  })

  it('of 20 bring back one hit point', () => {
    const after = get(run(dying, save(20)), 'b')
    expect([after.hp.current, after.downed]).toEqual([1, null])
  })

  it('end with healing, but a dead character must be revived', () => {
    expect(get(run(dying, [{ type: 'heal', targets: ['b'], amount: 3 }]), 'b')).toMatchObject({
      downed: null,
      hp: { current: 3 },
    })
    const dead = run(dying, [{ type: 'defeat', targets: ['b'] }])
    expect(() => run(dead.state, [{ type: 'heal', targets: ['b'], amount: 3 }])).toThrow('Fighter b is dead')
    expect(get(run(dead.state, [{ type: 'revive', targets: ['b'] }]), 'b').hp.current).toBe(1)
  })
})

describe('turns', () => {
  it('skip the defeated, and give a dying character a turn for its death save', () => {
    const start = fight(
      [pc('a', 9), monster('b', 5), pc('c', 0, 9, { downed: { state: 'dying', successes: 0, failures: 0 } })],
      'a',
    )
    const after = run(start, [hit('b', 5)], next('a', 1))
    expect(after.state.turn).toMatchObject({ round: 1, current: 'c' })
    expect(after.due).toEqual([
      { kind: 'deathSave', fighter: 'c' },
      { kind: 'onDeck', fighter: 'a' },
    ])
    expect(run(after.state, next('c', 1)).state.turn).toMatchObject({ round: 2, current: 'a' })
  })

  it('do not end twice when two people end the same one', () => {
    const start = fight([pc('a', 9), pc('b', 9)], 'a')
    const again = run(start, next('a', 1), next('a', 1))
    expect(again.state.turn.current).toBe('b')
    expect(again.changes).toEqual([])
  })

  it('pass on when the acting fighter is removed, into the next round when it was the last', () => {
    const start = fight([pc('a', 9), pc('b', 9), pc('c', 9)], 'c', 2)
    const after = run(start, [{ type: 'removeFighters', targets: ['c'], from: 'campaign' }])
    expect(after.state.turn).toEqual({ round: 3, order: ['a', 'b'], current: 'a' })
  })

  it('go back to the fighter before, and not before the first turn', () => {
    const back = (fighter: string, round: number) =>
      [{ type: 'advanceTurn', ends: { fighter, round }, direction: 'back' }] as [unknown]
    const start = fight([pc('a', 9), pc('b', 9)], 'a', 2)
    expect(run(start, back('a', 2)).state.turn).toMatchObject({ round: 1, current: 'b' })
    expect(() => run(start, back('a', 2), back('b', 1), back('a', 1))).toThrow('first turn')
  })

  it('of a delayed fighter are skipped until it enters behind the acting one', () => {
    const start = fight([pc('a', 9), pc('b', 9), pc('c', 9)], 'a')
    const waiting = run(start, [{ type: 'wait', id: 'a', how: 'delayed' }])
    expect(waiting.state.turn.current).toBe('b')
    const entered = run(waiting.state, [{ type: 'enterTurn', id: 'a' }])
    expect(entered.state.turn.order).toEqual(['b', 'a', 'c'])
    expect(run(entered.state, next('b', 1)).state.turn.current).toBe('a')
  })

  it('bring back the reaction, legendary actions and, with a roll, what recharges', () => {
    const uses = [
      { key: 'reaction', name: 'Reaction', left: 0, most: 1, back: { kind: 'turn' as const } },
      { key: 'breath', name: 'Breath', left: 0, most: 1, back: { kind: 'recharge' as const, from: 5 } },
      { key: 'enslave', name: 'Enslave', left: 1, most: 3, back: { kind: 'rest' as const } },
    ]
    const start = fight([pc('a', 9), monster('b', 9, { uses })], 'a')
    const failed = run(start, [next('a', 1)[0], draws(4)])
    expect(get(failed, 'b').uses?.map(({ left }) => left)).toEqual([1, 0, 1])
    expect(failed.lines.find(({ dm }) => dm.includes('Breath'))?.players).toBeNull()
    expect(get(run(start, [next('a', 1)[0], draws(5)]), 'b').uses?.map(({ left }) => left)).toEqual([1, 1, 1])
  })
})

describe('conditions', () => {
  const start = fight([pc('a', 9), pc('b', 9), pc('c', 9)], 'a')
  const add = (id: string, lasts: unknown) =>
    [{ type: 'addCondition', targets: [id], condition: 'prone', for: lasts }] as [unknown]

  it('in rounds end when the turn of the fighter who acted comes again', () => {
    let applied = run(start, add('c', { kind: 'rounds', rounds: 1 }), next('a', 1), next('b', 1))
    expect(get(applied, 'c').conditions).toEqual(['prone'])
    applied = run(applied.state, next('c', 1))
    expect(get(applied, 'c').conditions).toEqual([])
    expect(applied.due[0]).toEqual({ kind: 'ended', fighter: 'c', condition: 'prone' })
  })

  it('end at the start or at the end of the next turn of somebody', () => {
    const until = (at: string, of: string) => add('a', { kind: 'turn', at, of })
    expect(get(run(start, until('start', 'b'), next('a', 1)), 'a').conditions).toEqual([])
    expect(get(run(start, until('end', 'b'), next('a', 1)), 'a').conditions).toEqual(['prone'])
    expect(get(run(start, until('end', 'b'), next('a', 1), next('b', 1)), 'a').conditions).toEqual([])
    expect(get(run(start, until('end', 'a'), next('a', 1)), 'a').conditions).toEqual([])
    const round = run(start, until('start', 'a'), next('a', 1), next('b', 1))
    expect(get(round, 'a').conditions).toEqual(['prone'])
    expect(get(run(round.state, next('c', 1)), 'a').conditions).toEqual([])
  })

  it('end on the turn of a fighter who fell or left since', () => {
    const marked = run(start, add('a', { kind: 'turn', at: 'end', of: 'b' }))
    const fallen = run(marked.state, [{ type: 'defeat', targets: ['b'] }], next('a', 1))
    expect(get(fallen, 'a').conditions).toEqual([])
    const left = run(marked.state, [{ type: 'removeFighters', targets: ['b'], from: 'campaign' }], next('a', 1))
    expect([left.state.turn.current, get(left, 'a').conditions]).toEqual(['c', []])
  })

  it('until a save ask for it at the end of each turn, and end with it', () => {
    const held = run(start, add('a', { kind: 'save', ability: 'con', dc: 12 }), next('a', 1))
    expect(held.due[0]).toEqual({ kind: 'save', fighter: 'a', condition: 'prone', ability: 'con', dc: 12 })
    const save = { type: 'save', targets: ['a'], ability: 'con', dc: 12, ends: 'prone' }
    expect(get(run(held.state, [{ ...save, rolled: 11 }]), 'a').conditions).toEqual(['prone'])
    const saved = get(run(held.state, [{ ...save, rolled: 12 }]), 'a')
    expect([saved.conditions, saved.durations]).toEqual([[], []])
  })

  it('that stop a fighter end its concentration', () => {
    const bless = run(start, [{ type: 'concentrate', id: 'a', on: 'bless' }])
    const after = run(bless.state, [{ type: 'addCondition', targets: ['a'], condition: 'Stunned' }])
    expect(get(after, 'a').concentration).toBeNull()
  })
})

describe('the turn order', () => {
  it('breaks ties by the bonus, keeps what a DM dragged, and takes reinforcements in', () => {
    const all = [pc('a', 9, 9, { initiativeBonus: 1 }), pc('b', 9, 9, { initiativeBonus: 3 }), monster('c', 9)]
    const set = (id: string, initiative: number | string) => [{ type: 'setInitiative', id, initiative }] as [unknown]
    const ordered = run(atRest(all), set('a', 15), set('b', 15), set('c', 18))
    expect(ordered.state.turn.order).toEqual(['c', 'b', 'a'])
    const dragged = run(ordered.state, [{ type: 'moveInOrder', id: 'a', before: 'c' }])
    expect(dragged.state.turn.order).toEqual(['a', 'c', 'b'])
    const withMore = run({ ...dragged.state, characters: [...dragged.state.characters, monster('d', 5)] }, set('d', 16))
    expect(withMore.state.turn.order).toEqual(['d', 'a', 'c', 'b'])
  })

  it('takes dice for one fighter, and one roll for a group', () => {
    const all = [pc('a', 9), monster('b', 9, { group: 'g', initiativeBonus: 2 }), monster('c', 9, { group: 'g' })]
    const after = run(
      atRest(all),
      [{ type: 'setInitiative', id: 'a', initiative: '1d20+3' }, draws(10)],
      [{ type: 'rollInitiative', targets: ['b', 'c'] }, draws(12)],
    )
    expect(all.map(({ id }) => get(after, id).initiative)).toEqual([13, 14, 14])
    expect(after.state.turn.order).toEqual(['b', 'c', 'a'])
  })
})

describe('an encounter', () => {
  const party = [pc('mira', 9), pc('tom', 9)]
  const start = {
    type: 'startEncounter',
    name: 'Ambush',
    fighters: [
      { name: 'Goblin', count: 6, hp: '2d6', armourClass: 15, initiativeBonus: 2, xp: 50 },
      { name: 'Hobgoblin', hp: 11, xp: 100, alias: 'Hooded figure', visible: false, surprised: true },
    ],
    joining: ['mira', 'tom'],
  }
  const begun = run(atRest(party), [start])
  const named = (applied: Applied, name: string) => {
    const found = applied.state.characters.find((one) => one.name === name)
    if (!found) throw new Error(`${name} is not there`)
    return found.id
  }

  it('begins with one operation: numbered creatures with rolled hit points, and players who are still to roll', () => {
    const { characters, turn, encounter } = begun.state
    expect(characters.slice(2).map(({ name }) => name)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((number) => `Goblin ${number}`),
      'Hobgoblin',
    ])
    for (const { hp } of characters.slice(2, 8)) {
      expect(hp.current).toBe(hp.max)
      expect(hp.max).toBeGreaterThanOrEqual(2)
      expect(hp.max).toBeLessThanOrEqual(12)
    }
    expect(turn).toMatchObject({ round: 0, current: null })
    expect(new Set(turn.order).size).toBe(9)
    expect(encounter?.awaiting).toEqual(['mira', 'tom'])
    const rolled = run(begun.state, [{ type: 'rollInitiative', targets: ['mira'], rolled: 20 }])
    expect(rolled.state.encounter?.awaiting).toEqual(['tom'])
    expect(() => run(begun.state, [start])).toThrow('A fight is on')
  })

  it('lets the surprised act from the end of their first turn', () => {
    const boss = named(begun, 'Hobgoblin')
    expect(get(begun, boss).conditions).toEqual(['surprised'])
    let applied = run(begun.state, next(null, 0))
    for (let passed = 0; passed < 9; passed++) {
      const { current, round } = applied.state.turn
      applied = run(applied.state, next(current, round))
    }
    expect(applied.state.turn.round).toBe(2)
    expect(get(applied, boss).conditions).toEqual([])
  })

  it('ends with the fallen, their worth and the time, and takes the defeated away', () => {
    const goblin = named(begun, 'Goblin 1')
    const fallen = run(
      begun.state,
      [{ type: 'defeat', targets: [goblin] }],
      [{ type: 'removeFighters', targets: [named(begun, 'Goblin 2')], from: 'campaign' }],
    )
    const end = { ...aContext(), now: '2026-01-01T20:25:00.000Z' }
    const after = run(fallen.state, [{ type: 'endEncounter', removeFoes: 'defeated' }, end])
    expect(after.summary).toEqual({ name: 'Ambush', rounds: 0, minutes: 25, fallen: ['Goblin 1'], xp: 50 })
    expect(after.state.turn).toEqual({ round: 0, order: [], current: null })
    expect(after.state.characters.some(({ id }) => id === goblin)).toBe(false)
    expect(after.lines.at(-1)?.players).toBe('The fight is over.')
  })

  it('is undone as a whole', () => {
    const { state, conflicts } = undoChanges(begun.state, begun.changes)
    expect(conflicts).toEqual([])
    expect(state.characters.map(({ id }) => id)).toEqual(['mira', 'tom'])
    expect(state.turn).toEqual(atRest(party).turn)
  })
})

describe('an undo in the middle', () => {
  const start = fight([monster('a', 20), pc('b', 10)], 'a')

  it('takes back what one hit took, within bounds, and leaves later hits', () => {
    const first = run(start, [hit('a', 7)])
    const later = run(first.state, [hit('a', 5)], [{ type: 'heal', targets: ['a'], amount: 10 }])
    const { state, conflicts } = undoChanges(later.state, first.changes)
    expect([state.characters[0]?.hp.current, conflicts]).toEqual([20, []])
  })

  it('lets a fighter up again who is no longer at 0, also after a later hit', () => {
    const first = run(start, [hit('b', 10)])
    const later = run(first.state, [hit('b', 3)])
    const { state } = undoChanges(later.state, first.changes)
    expect(state.characters[1]).toMatchObject({ hp: { current: 10 }, downed: null })
  })

  it('names the turn when a later operation wrote it, and takes it back only when asked', () => {
    const first = run(start, next('a', 1))
    const later = run(first.state, next('b', 1))
    expect(undoChanges(later.state, first.changes)).toEqual({ state: later.state, conflicts: ['turn'] })
    expect(undoChanges(later.state, first.changes, { force: true }).state.turn.current).toBe('a')
  })

  it('takes a condition back without the ones that came later', () => {
    const add = (condition: string) => [{ type: 'addCondition', targets: ['a'], condition }] as [unknown]
    const first = run(start, add('prone'))
    const later = run(first.state, add('poisoned'))
    expect(undoChanges(later.state, first.changes).state.characters[0]?.conditions).toEqual(['poisoned'])
  })
})

describe('a rolled attack', () => {
  const start = fight([monster('wolf', 11), pc('mira', 20, 20, { armourClass: 15 })], 'wolf')
  const bite = (more = {}) => ({ type: 'attack', by: 'wolf', action: 'Bite', target: 'mira', ...more })

  it('in secret writes its line and its dice for the DMs alone', () => {
    const { lines, state, due } = run(start, [bite(), draws(11)])
    expect(lines).toEqual([expect.objectContaining({ players: null, rolls: [expect.objectContaining({ total: 15 })] })])
    expect(lines[0]?.dm).toBe('Fighter wolf attacks Fighter mira. Bite: 15 against AC 15, hits.')
    expect(due).toEqual([
      { kind: 'attack', fighter: 'wolf', action: 'Bite', output: '1d20+4: [11]+4 = 15', hits: true, isCritical: false },
    ])
    expect(state).toEqual(start)
  })

  it('in the open shows players the notation, but neither its name nor the armour class', () => {
    const { lines } = run(start, [bite({ secret: false, advantage: 'advantage' }), draws(3, 10)])
    const [open, forDm] = lines
    expect(open).toMatchObject({ players: 'Fighter wolf attacks Fighter mira: 14 to hit.', isBookkeeping: false })
    expect(open?.rolls.map(({ notation }) => notation)).toEqual(['2d20kh1+4'])
    expect(forDm).toMatchObject({ players: null, rolls: [] })
    expect(forDm?.dm).toContain('Bite: 14 against AC 15, misses.')
  })

  it('of a hidden fighter writes nothing for players', () => {
    const hidden = fight([monster('wolf', 11, { visible: false }), pc('mira', 20)], 'wolf')
    const { lines } = run(hidden, [bite({ secret: false }), draws(11)])
    expect(lines.map(({ players }) => players)).toEqual([null, null])
  })

  it('that the fighter does not have is refused', () => {
    expect(() => run(start, [bite({ action: 'Claw' })])).toThrow('Fighter wolf has no attack “Claw”.')
  })

  it('deals damage whose dice are for DMs alone where it is secret', () => {
    const { lines } = run(start, [hit('mira', '1d6+2', { by: 'wolf', secret: true }), draws(4)])
    const [dice, told] = lines
    expect(told).toMatchObject({ players: 'Fighter wolf hits Fighter mira for 6 (hurt).', rolls: [] })
    expect(dice).toMatchObject({ players: null, rolls: [expect.objectContaining({ notation: '1d6+2' })] })
  })
})
