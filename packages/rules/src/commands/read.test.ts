import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../refusal.ts'
import { Operation } from '../operations/operation.ts'
import { commandTexts, type Command, type Table } from './command.ts'
import { readCommand } from './read.ts'

const goblins = Array.from({ length: 7 }, (_one, index) => ({
  id: `g${index + 1}`,
  name: `Goblin ${index + 1}`,
  side: 'foe' as const,
}))
const table: Table = {
  fighters: [
    { id: 'mira', name: 'Mira', side: 'party' },
    { id: 'tom', name: '“Old Tom”', side: 'party' },
    { id: 'tkara', name: "T'Kara", side: 'party' },
    { id: 'ana', name: 'Ána – the Bold', side: 'party' },
    ...goblins,
    { id: 'boss', name: 'Hobgoblin', also: ['Hooded figure'], side: 'foe' },
    { id: 'drop', name: 'Drop Bear', side: 'foe' },
  ],
  turn: { round: 2, order: ['mira', 'g1'], current: 'mira' },
}

const read = (text: string) => readCommand(text, table)

function operations(text: string): Operation[] {
  const command = read(text)
  if (command?.kind !== 'operations') throw new Error(`${text} is no operation`)
  return command.operations
}

/** With the defaults that the schema fills in. */
const op = (fields: unknown) => Operation.parse(fields)
const damage = (targets: unknown[], amount: number | string, more = {}) =>
  op({ type: 'damage', targets: targets.map((one) => (typeof one === 'string' ? { id: one } : one)), amount, ...more })

describe('a slash command', () => {
  const understood: [string, Operation[]][] = [
    [
      '/damage 2d6+3 fire Goblin 1, Goblin 2 half',
      [damage(['g1', { id: 'g2', take: 'half' }], '2d6+3', { damageType: 'fire' })],
    ],
    ['/damage 7 goblin 1-3', [damage(['g1', 'g2', 'g3'], 7)]],
    [
      '/DAMAGE 2d6 + 3 crit slashing “hobGOBLIN”',
      [damage(['boss'], '2d6 + 3', { critical: true, damageType: 'slashing' })],
    ],
    ['/damage 7 Drop Bear', [damage(['drop'], 7)]],
    ['/damage 2d6 Drop Bear', [damage(['drop'], '2d6')]],
    ['/damage 7 hooded figure', [damage(['boss'], 7)]],
    ['/damage Mira 7 cold', [damage(['mira'], 7, { damageType: 'cold' })]],
    ['/heal 2d8+3 Mira, Old Tom', [op({ type: 'heal', targets: ['mira', 'tom'], amount: '2d8+3' })]],
    ['/hp Mira –3', [damage(['mira'], 3)]],
    ['/hp mira −3', [damage(['mira'], 3)]],
    ['/hp Goblin 1 -3', [damage(['g1'], 3)]],
    ['/hp Goblin 1 - 3', [damage(['g1'], 3)]],
    ['/hp “Old Tom” +2d4', [op({ type: 'heal', targets: ['tom'], amount: '2d4' })]],
    ['/hp T’Kara =12', [op({ type: 'setHitPoints', targets: ['tkara'], current: 12 })]],
    ['/hp tkara max=30', [op({ type: 'setHitPoints', targets: ['tkara'], max: 30 })]],
    ['/hp Mira temp=5', [op({ type: 'setTemp', targets: ['mira'], amount: 5 })]],
    ['/hp ana - the bold -2d6', [damage(['ana'], '2d6')]],
    ['/hp party +5', [op({ type: 'heal', targets: ['mira', 'tom', 'tkara', 'ana'], amount: 5 })]],
    [
      '/hp all goblins -1',
      [
        damage(
          goblins.map(({ id }) => id),
          1,
        ),
      ],
    ],
    ['/temp Mira 5', [op({ type: 'setTemp', targets: ['mira'], amount: 5 })]],
    ['/temp 1d4+4 Mira', [op({ type: 'setTemp', targets: ['mira'], amount: '1d4+4' })]],
    [
      '/condition Mira +prone 3',
      [op({ type: 'addCondition', targets: ['mira'], condition: 'prone', for: { kind: 'rounds', rounds: 3 } })],
    ],
    [
      '/condition Mira +prone 3 rounds',
      [op({ type: 'addCondition', targets: ['mira'], condition: 'prone', for: { kind: 'rounds', rounds: 3 } })],
    ],
    [
      '/condition Goblin 1, Goblin 2 +stun until save con 14',
      [
        op({
          type: 'addCondition',
          targets: ['g1', 'g2'],
          condition: 'stunned',
          for: { kind: 'save', ability: 'con', dc: 14 },
        }),
      ],
    ],
    [
      '/condition Mira +hexed until the end of Goblin 1’s next turn −prone',
      [
        op({
          type: 'addCondition',
          targets: ['mira'],
          condition: 'hexed',
          for: { kind: 'turn', at: 'end', of: 'g1' },
        }),
        op({ type: 'removeCondition', targets: ['mira'], condition: 'prone' }),
      ],
    ],
    [
      '/condition Mira +slowed until end of turn',
      [
        op({
          type: 'addCondition',
          targets: ['mira'],
          condition: 'slowed',
          for: { kind: 'turn', at: 'end', of: 'mira' },
        }),
      ],
    ],
    ['/conc Mira hunter’s mark', [op({ type: 'concentrate', id: 'mira', on: 'hunter’s mark' })]],
    ['/conc Mira off', [op({ type: 'concentrate', id: 'mira', on: null })]],
    [
      '/save dex 14 Goblin 1-3 half 8d6',
      [damage(['g1', 'g2', 'g3'], '8d6', { save: { ability: 'dex', dc: 14, onSave: 'half' } })],
    ],
    ['/save wisdom DC 12 Mira', [op({ type: 'save', targets: ['mira'], ability: 'wis', dc: 12 })]],
    ['/initiative Mira 1d20 + 3', [op({ type: 'setInitiative', id: 'mira', initiative: '1d20 + 3' })]],
    ['/initiative Mira −1', [op({ type: 'setInitiative', id: 'mira', initiative: -1 })]],
    ['/initiative Mira 17', [op({ type: 'setInitiative', id: 'mira', initiative: 17 })]],
    ['/next', [op({ type: 'advanceTurn', ends: { fighter: 'mira', round: 2 } })]],
    ['/death Mira 14', [op({ type: 'deathSave', id: 'mira', rolled: 14 })]],
  ]
  for (const [text, expected] of understood)
    it(`${text} is understood`, () => expect(operations(text)).toEqual(expected))

  it('/initiative rolls for those who have none, and else for all', () => {
    const all = table.fighters.map(({ id }) => id)
    const roll = (targets: string[]) => ({ kind: 'operations', operations: [op({ type: 'rollInitiative', targets })] })
    expect(readCommand('/initiative', table)).toEqual(roll(all))
    expect(readCommand('/initiative', { ...table, awaiting: ['mira', 'unknown'] })).toEqual(roll(['mira']))
    expect(readCommand('/initiative', { ...table, awaiting: [] })).toEqual(roll(all))
  })

  const others: [string, Command][] = [
    ['/r 1d20 + 5 stealth', { kind: 'roll', notation: '1d20 + 5', label: 'stealth', isSecret: false }],
    ['/roll 1d20 adv', { kind: 'roll', notation: '2d20kh1', label: '', isSecret: false }],
    ['/gmroll D20', { kind: 'roll', notation: 'D20', label: '', isSecret: true }],
    ['/secret /roll 1d20', { kind: 'roll', notation: '1d20', label: '', isSecret: true }],
    ['/me draws a sword', { kind: 'emote', text: 'draws a sword' }],
    [
      '/add 6 goblin, hobgoblin',
      {
        kind: 'add',
        creatures: [
          { count: 6, name: 'goblin' },
          { count: 1, name: 'hobgoblin' },
        ],
        isHidden: false,
      },
    ],
    ['/add hidden 2x ogre', { kind: 'add', creatures: [{ count: 2, name: 'ogre' }], isHidden: true }],
  ]
  for (const [text, expected] of others) it(`${text} is understood`, () => expect(read(text)).toEqual(expected))

  it('that belongs to the story is left to the narrator', () => {
    for (const text of ['/scene A crypt', 'The goblins attack', '/secret [[1d20]]', '/constructor', ''])
      expect(read(text)).toBeNull()
  })

  const refused: [string, RegExp][] = [
    ['/damage 7 Goblin', /“Goblin” can be Goblin 1 or Goblin 2 .*Which one\?/],
    ['/damage 7 Goblin 9', /can be|Nobody is meant|not understood/],
    ['/damage 7 Goblin 5-9', /There is no Goblin 8/],
    ['/damage 7 Goblin 1, goblin 1', /Goblin 1 stands twice/],
    ['/damage 7 Goblin 1 quarter', /“quarter” is not understood/],
    ['/damage 7', /Say who takes the damage/],
    ['/damage -7 Mira', /below zero/],
    ['/damage 2.5 Mira', /whole numbers/],
    ['/damage 7x Mira', /“x Mira” after “7”/],
    ['/hp Mira 7', /Say how the hit points change/],
    ['/hp Mira -7 please', /“please” is not understood/],
    ['/hp Mira =2d6', /Set hit points to a number/],
    ['/condition Mira prone', /Write \+ or - before/],
    ['/condition Mira +prone 0', /at least one round/],
    ['/condition Mira +prone until tomorrow', /“tomorrow” is no moment/],
    ['/condition Goblin 1-2 +prone until end of turn', /Say whose turn/],
    ['/save luck 14 Mira', /“luck” is no ability/],
    ['/save dex 14 Mira quarter 8d6', /not understood/],
    ['/initiative Mira soon', /“soon” is no dice/],
    ['/next now', /“now” is not understood/],
    ['/death Mira 21', /no side of a d20/],
    ['/roll [[Mayor Voss]]', /is no dice/],
    ['/roll 1d20 +prone', /not understood/],
    ['/add 51 goblin', /1 to 50/],
    ['/attack', /Nobody is meant/],
    ['/attack Goblin 1-3 scimitar on Mira', /One fighter/],
    ['/attack Goblin 1 scimitar on party', /one target/],
    ['/attack Goblin 1 scimitar on Zed', /Nobody is meant by “Zed”/],
    ['/me', /Say what/],
  ]
  for (const [text, reason] of refused)
    it(`${text} is refused with the reason`, () => {
      expect(() => read(text)).toThrow(Refusal)
      expect(() => read(text)).toThrow(reason)
    })

  it('/attack names the fighter, the attack and the target, in secret unless it is open', () => {
    const attack = { kind: 'attack', by: 'g1', action: 'scimitar', target: 'mira', advantage: null, isSecret: true }
    expect(read('/attack Goblin 1 scimitar on Mira')).toEqual(attack)
    expect(read('/attack goblin 1 scimitar at mira ADV open')).toEqual({
      ...attack,
      advantage: 'advantage',
      isSecret: false,
    })
    expect(read('/attack Goblin 1 against Old Tom dis')).toEqual({
      ...attack,
      action: '',
      target: 'tom',
      advantage: 'disadvantage',
    })
    expect(read('/attack Hooded figure jump on prey on Goblin 2')).toEqual({
      ...attack,
      by: 'boss',
      action: 'jump on prey',
      target: 'g2',
    })
    expect(read('/attack Goblin 1')).toEqual({ ...attack, action: '', target: null })
  })

  it('of the list has an example that is understood, and stands in the list under its name', () => {
    for (const { name, example } of commandTexts) {
      expect(example.startsWith(name)).toBe(true)
      expect(read(example)).not.toBeNull()
    }
  })

  it('comes to valid operations, to something else of the list, or to a refusal, for any text', () => {
    const words = fc.constantFrom(
      ...'Mira,Goblin 1,Goblin,all,–3,+prone,3,2d6,half,fire,=,12,until,save,con,“Old,Tom”,",dex,(,[[,d20,adv, ,,'.split(
        ',',
      ),
      ',',
    )
    const name = fc.constantFrom(...commandTexts.map((one) => one.name))
    fc.assert(
      fc.property(name, fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 8 }), (command, rest) => {
        try {
          const found = read(`${command} ${rest.join(' ')}`)
          if (found?.kind === 'operations') for (const one of found.operations) Operation.parse(one)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          expect(error.message).toMatch(/[.?]$/)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
