import { describe, expect, it } from 'vitest'
import { read } from './importers/index.ts'
import { abilityBonus, sheetSaveBonus, signed, skillBonus } from './sheet-figures.ts'
import { sheetOfBlock } from './sheet-of-block.ts'
import { emptySheet, MAX_SHEET_BYTES, Sheet } from './sheet.ts'
import { StatBlock } from './stat-block.ts'

const scout: Sheet = {
  ...emptySheet,
  abilities: { ...emptySheet.abilities, dex: 17, wis: 8 },
  saves: { dex: 5 },
  skills: { stealth: 7 },
}

describe('the figures of a sheet', () => {
  it('are the written bonus, or else the modifier of the ability', () => {
    expect([abilityBonus(scout, 'dex'), sheetSaveBonus(scout, 'dex'), sheetSaveBonus(scout, 'wis')]).toEqual([3, 5, -1])
    expect([skillBonus(scout, 'stealth'), skillBonus(scout, 'acrobatics'), skillBonus(scout, 'insight')]).toEqual([
      7, 3, -1,
    ])
  })

  it('have a sign', () => {
    expect([3, 0, -2].map(signed)).toEqual(['+3', '+0', '-2'])
  })
})

describe('a sheet', () => {
  const isValid = (fields: object) => Sheet.safeParse({ ...emptySheet, ...fields }).success

  it('holds only dice that can be rolled', () => {
    const withDamage = (damage: string) => isValid({ attacks: [{ name: 'Bow', toHit: 5, damage }] })
    expect(['1d8+3', '2d6 + 3 slashing', '5'].map(withDamage)).toEqual([true, true, true])
    expect(['a lot', '1d', '1d6)'].map(withDamage)).toEqual([false, false, false])
    expect(isValid({ rolls: [{ name: 'Sneak attack', notation: 'sneaky' }] })).toBe(false)
  })

  it('names each resource once', () => {
    const luck = { key: 'luck', name: 'Luck', most: 3, back: 'long' }
    expect([isValid({ resources: [luck] }), isValid({ resources: [luck, luck] })]).toEqual([true, false])
    expect(isValid({ resources: [{ ...luck, most: 0 }] })).toBe(false)
  })

  it('is refused above its most bytes', () => {
    const attacks = Array.from({ length: 20 }, () => ({ name: '🐉'.repeat(30), toHit: null, damage: '1d6' }))
    const notes = '🐉'.repeat(4_000)
    expect(isValid({ attacks, notes })).toBe(true)
    const rolls = Array.from({ length: 30 }, () => ({ name: '🐉'.repeat(30), notation: `1d6 ${'🐉'.repeat(48)}` }))
    const whole = { ...emptySheet, attacks, notes, rolls }
    expect(new TextEncoder().encode(JSON.stringify(whole)).length > MAX_SHEET_BYTES).toBe(!isValid(whole))
  })
})

describe('the sheet of a stat block', () => {
  const block = StatBlock.parse({
    id: 'x',
    name: 'Ilse',
    type: 'Half-Elf Warlock',
    ac: 14,
    hp: 31,
    initiative: 2,
    speed: { walk: 30 },
    abilities: { str: 8, dex: 14, con: 12, int: 10, wis: 11, cha: 18 },
    saves: { cha: 7 },
    skills: { arcana: 3, 'card games': 9 },
    traits: [
      { name: 'Pact Magic', spellcasting: { ability: 'cha', slots: { '3': 2, '4': 0 } } },
      { name: 'Dark One’s Luck', uses: 1 },
    ],
    actions: [
      {
        name: 'Rapier',
        kind: 'action',
        toHit: 5,
        damage: [
          { dice: '1d8+2', type: 'piercing' },
          { dice: '1d6', when: 'conditional' },
        ],
      },
      { name: 'Dash', kind: 'action' },
    ],
  })

  it('is valid, and has the attacks, skills and resources that the block has', () => {
    const sheet = sheetOfBlock(block, 7)
    expect(Sheet.parse(sheet)).toEqual(sheet)
    expect(sheet).toMatchObject({
      heading: 'Half-Elf Warlock',
      level: 7,
      proficiency: 3,
      speed: '30 ft.',
      saves: { cha: 7 },
      attacks: [{ name: 'Rapier', toHit: 5, damage: '1d8+2 piercing' }],
      resources: [
        { key: 'slots-3', name: 'Spell slots, level 3', most: 2, back: 'long' },
        { key: 'use-1', name: 'Dark One’s Luck', most: 1, back: 'long' },
      ],
    })
    expect(sheet.skills).toEqual({ arcana: 3 })
  })

  it('is valid for what an importer read', () => {
    const text = JSON.stringify({
      data: {
        name: 'Borin',
        baseHitPoints: 24,
        stats: [16, 10, 14, 8, 12, 10].map((value, index) => ({ id: index + 1, value })),
        classes: [{ level: 3, definition: { name: 'Cleric' } }],
        inventory: [],
        modifiers: {},
      },
    })
    const borin = read(text).characters[0]
    const sheet = borin ? sheetOfBlock(borin.sheet, borin.level) : emptySheet
    expect(Sheet.parse(sheet)).toEqual(sheet)
    expect([sheet.level, sheet.abilities.str, sheet.attacks[0]?.name]).toEqual([3, 16, 'Unarmed Strike'])
  })
})
