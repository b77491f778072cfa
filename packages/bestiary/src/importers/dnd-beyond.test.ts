import { describe, expect, it } from 'vitest'
import { read } from './index.ts'

const stats = (values: (number | null)[]) => values.map((value, index) => ({ id: index + 1, name: null, value }))
const nothing = stats([null, null, null, null, null, null])
const modifier = (type: string, subType: string, value: number | null = null, more = {}) => ({
  type,
  subType,
  value,
  ...more,
})

const character = {
  id: 1,
  name: 'Mira ',
  baseHitPoints: 28,
  bonusHitPoints: null,
  overrideHitPoints: null,
  removedHitPoints: 5,
  temporaryHitPoints: 0,
  stats: stats([15, 14, 12, 8, 10, 13]),
  bonusStats: nothing,
  overrideStats: stats([null, null, null, null, null, 18]),
  race: { fullName: 'Hill Dwarf', weightSpeeds: { normal: { walk: 25, fly: 0 } } },
  classes: [
    { level: 3, definition: { name: 'Fighter' } },
    { level: 2, definition: { name: 'Rogue' } },
  ],
  modifiers: {
    race: [
      modifier('bonus', 'constitution-score', 2),
      modifier('set-base', 'darkvision', 60),
      modifier('language', 'dwarvish'),
    ],
    class: [
      modifier('proficiency', 'strength-saving-throws'),
      modifier('proficiency', 'stealth'),
      modifier('expertise', 'stealth'),
      modifier('proficiency', 'martial-weapons'),
    ],
    background: [],
    item: [
      modifier('bonus', 'saving-throws', 1, { componentId: 77 }),
      modifier('bonus', 'armor-class', 5, { componentId: 78 }),
    ],
    feat: [modifier('bonus', 'hit-points-per-level', 1), modifier('resistance', 'poison')],
  },
  inventory: [
    { equipped: true, definition: { id: 70, name: 'Scale Mail', armorClass: 14, armorTypeId: 2 } },
    { equipped: true, definition: { id: 71, name: 'Shield', armorClass: 2, armorTypeId: 4 } },
    { equipped: true, isAttuned: true, definition: { id: 77, name: 'Cloak', canAttune: true } },
    { equipped: true, isAttuned: false, definition: { id: 78, name: 'Ring', canAttune: true } },
    {
      equipped: true,
      definition: {
        id: 79,
        name: 'Rapier +1',
        filterType: 'Weapon',
        attackType: 1,
        categoryId: 2,
        damage: { diceString: '1d8' },
        damageType: 'Piercing',
        range: 5,
        longRange: 5,
        properties: [{ name: 'Finesse' }],
        grantedModifiers: [modifier('bonus', 'magic', 1)],
      },
    },
    {
      equipped: false,
      definition: {
        id: 80,
        name: 'Longbow',
        filterType: 'Weapon',
        attackType: 2,
        categoryId: 2,
        damage: { diceString: '1d8' },
        damageType: 'Piercing',
        range: 150,
        longRange: 600,
        properties: [],
      },
    },
  ],
}

describe('the importer of D&D Beyond', () => {
  it('computes the figures that are not in the file', () => {
    const { characters, creatures, problems } = read(JSON.stringify({ success: true, data: character }))
    expect(creatures).toEqual([])
    expect(problems).toEqual([{ name: 'Mira', reason: 'Spells, features and equipment are not imported.' }])
    expect(characters).toMatchObject([
      {
        name: 'Mira',
        level: 5,
        // 28, and for each of five levels 2 by Constitution 14 and 1 by a feat.
        currentHp: 38,
        sheet: {
          type: 'Hill Dwarf Fighter Rogue',
          hp: 43,
          ac: 18,
          initiative: 2,
          proficiency: 3,
          speed: { walk: 25 },
          abilities: { str: 15, dex: 14, con: 14, int: 8, wis: 10, cha: 18 },
          saves: { str: 6, dex: 3, con: 3, int: 0, wis: 1, cha: 5 },
          skills: { stealth: 8 },
          senses: { darkvision: 60, passivePerception: 10 },
          languages: ['dwarvish'],
          resistances: ['poison'],
          actions: [
            { name: 'Rapier +1', toHit: 6, reach: 5, damage: [{ dice: '1d8+3', type: 'piercing' }] },
            { name: 'Longbow', toHit: 5, range: 150, longRange: 600, damage: [{ dice: '1d8+2', type: 'piercing' }] },
            { name: 'Unarmed Strike', toHit: 5, damage: [{ flat: 3, type: 'bludgeoning' }] },
          ],
        },
      },
    ])
  })

  it('reads a bare character, an older answer, and a set number of hit points', () => {
    expect(read(JSON.stringify(character)).characters).toHaveLength(1)
    const { characters } = read(JSON.stringify({ character: { ...character, overrideHitPoints: 50 } }))
    expect(characters).toMatchObject([{ sheet: { hp: 50 }, currentHp: 45 }])
  })

  it('adds Constitution or Wisdom to the armour class of a character without armour', () => {
    const bare = {
      ...character,
      inventory: [],
      modifiers: { class: [modifier('set', 'unarmored-armor-class', null, { statId: 3 })] },
    }
    expect(read(JSON.stringify(bare)).characters).toMatchObject([{ sheet: { ac: 13 } }])
  })
})
