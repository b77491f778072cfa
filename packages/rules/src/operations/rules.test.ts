import { describe, expect, it } from 'vitest'
import type { Fighter } from '../fighter.ts'
import { atRest } from '../testing/arbitrary-fights.ts'
import { draws, fight, get, hit, monster, next, pc, run } from '../testing/operated-fights.ts'

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
