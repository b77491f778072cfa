import { describe, expect, it } from 'vitest'
import { read } from './index.ts'

const readJson = (content: unknown) => read(JSON.stringify(content))
const score = (value: number, proficient = 0) => ({ value, proficient })
const abilities = { str: score(19), dex: score(14), con: score(16, 1), int: score(5), wis: score(12), cha: score(7) }

const activity = (type: string, more: object) => ({ type, activation: { type: 'action', value: 1 }, ...more })
const npc = {
  name: 'Marsh Ogre',
  type: 'npc',
  img: null,
  system: {
    abilities,
    attributes: {
      ac: { flat: 13, calc: 'natural', formula: '' },
      hp: { value: 50, max: 59, formula: '7d10 + 21' },
      init: { ability: '', bonus: '1' },
      movement: { walk: 40, swim: null, fly: '12', units: 'ft', hover: true },
      senses: { darkvision: 60, units: 'ft', special: 'smells water' },
    },
    details: {
      alignment: 'Chaotic Evil',
      type: { value: 'giant', subtype: 'bog', custom: '' },
      cr: 5,
      biography: { value: '<p>From &amp; in</p><p>the marsh.</p>' },
    },
    traits: {
      size: 'lg',
      dr: { value: ['cold'], custom: '' },
      di: { value: [], custom: 'Damage from mud; rain' },
      ci: { value: ['charmed'], custom: '' },
      languages: { value: ['giant'], custom: '', communication: { telepathy: { value: 30 } } },
    },
    skills: { ste: { value: 2, ability: 'dex' }, prc: { value: 0, ability: 'wis' } },
  },
  items: [
    {
      name: 'Club',
      type: 'weapon',
      system: {
        description: { value: '<p>@UUID[Item.x]{A club}. [[/attack]]</p>' },
        damage: { base: { number: 2, denomination: 8, bonus: '', types: ['bludgeoning'] } },
        range: { value: null, reach: 10, units: 'ft' },
        properties: [],
        proficient: 1,
        activities: {
          one: activity('attack', {
            attack: { ability: '', bonus: '1', type: { value: 'melee' } },
            damage: { includeBase: true, parts: [{ number: 1, denomination: 6, bonus: '', types: ['cold'] }] },
          }),
        },
      },
    },
    {
      name: 'Mud Breath',
      type: 'feat',
      system: {
        description: { value: '' },
        uses: { max: '1', recovery: [{ period: 'recharge', formula: '5' }] },
        activities: {
          one: activity('save', {
            save: { ability: ['dex'], dc: { calculation: 'con', formula: '' } },
            damage: { onSave: 'half', parts: [{ number: 6, denomination: 6, bonus: '', types: ['acid'] }] },
          }),
        },
      },
    },
    { name: 'Stubborn', type: 'feat', system: { description: { value: '<p>It stays.</p>' }, activities: {} } },
    { name: 'Fog', type: 'spell', system: { level: 1 } },
    { name: 'Shiny stone', type: 'loot', system: {} },
  ],
}

describe('the importer of Foundry VTT', () => {
  it('reads a creature, and names the equipment that it leaves out', () => {
    const { creatures, problems } = readJson(npc)
    expect(problems).toEqual([{ name: 'Marsh Ogre', reason: 'Equipment is not imported: Shiny stone.' }])
    expect(creatures).toMatchObject([
      {
        size: 'large',
        type: 'giant',
        subtype: 'bog',
        ac: 13,
        hp: 59,
        hitDice: '7d10+21',
        initiative: 3,
        cr: 5,
        proficiency: 3,
        speed: { walk: 40, fly: 12, hover: true },
        saves: { con: 6 },
        skills: { stealth: 8 },
        senses: { darkvision: 60, passivePerception: 11, other: ['smells water'] },
        languages: ['giant', 'telepathy 30 ft.'],
        immunities: ['Damage from mud', 'rain'],
        text: 'From & in\nthe marsh.',
        traits: [
          { name: 'Stubborn', text: 'It stays.' },
          { name: 'Spells', text: 'Spells: Fog.' },
        ],
        actions: [
          {
            name: 'Club',
            text: 'A club. attack',
            toHit: 8,
            reach: 10,
            damage: [
              { dice: '2d8+4', type: 'bludgeoning' },
              { dice: '1d6', type: 'cold' },
            ],
          },
          {
            name: 'Mud Breath',
            recharge: 5,
            save: { ability: 'dex', dc: 14, half: true },
            damage: [{ dice: '6d6', type: 'acid', when: 'failed save' }],
          },
        ],
      },
    ])
  })

  it('reads an actor of the first versions, in which fields had other names', () => {
    const { creatures } = readJson({
      name: 'Marsh Ogre',
      type: 'npc',
      token: {},
      data: {
        abilities,
        attributes: {
          ac: { value: 12 },
          hp: { value: 59, max: 59, formula: '7d10+21' },
          speed: { value: '40 ft.', special: 'swim 30 ft.' },
        },
        details: { type: 'Giant', cr: 2, source: 'Home' },
        traits: { size: 'lg', senses: 'Darkvision 60 ft.' },
      },
      items: [
        {
          name: 'Spear',
          type: 'weapon',
          data: {
            description: { value: '' },
            activation: { type: 'action', cost: 1 },
            actionType: 'mwak',
            ability: 'str',
            attackBonus: 0,
            proficient: true,
            range: { value: 20, long: 60 },
            damage: { parts: [['1d6 + @mod', 'piercing']], versatile: '1d8 + @mod' },
          },
        },
        {
          name: 'Roar',
          type: 'feat',
          data: {
            activation: { type: 'legendary', cost: 2 },
            save: { ability: 'wis', dc: 13, scaling: 'flat' },
            recharge: { value: 6 },
          },
        },
      ],
    })
    expect(creatures).toMatchObject([
      {
        ac: 12,
        hp: 59,
        speed: { walk: 40, swim: 30 },
        senses: { darkvision: 60 },
        actions: [
          {
            toHit: 6,
            reach: 5,
            range: 20,
            longRange: 60,
            damage: [
              { dice: '1d6+4', type: 'piercing' },
              { dice: '1d8+4', type: 'piercing', or: true },
            ],
          },
          { kind: 'legendary', cost: 2, recharge: 6, save: { ability: 'wis', dc: 13 } },
        ],
      },
    ])
  })

  const hero = {
    ...npc,
    name: 'Mira',
    type: 'character',
    system: {
      ...npc.system,
      attributes: { ...npc.system.attributes, ac: { flat: null, calc: 'default' }, hp: { value: 20, max: null } },
    },
    items: [
      {
        name: 'Fighter',
        type: 'class',
        system: {
          levels: 3,
          hd: { denomination: 'd10' },
          advancement: [{ type: 'HitPoints', value: { 1: 'max', 2: 'avg', 3: 4 } }],
        },
      },
      {
        name: 'Mail',
        type: 'equipment',
        system: { equipped: true, type: { value: 'medium' }, armor: { value: 14, dex: 2 } },
      },
      { name: 'Shield', type: 'equipment', system: { equipped: true, type: { value: 'shield' }, armor: { value: 2 } } },
      {
        name: 'Old Mail',
        type: 'equipment',
        system: { equipped: false, type: { value: 'heavy' }, armor: { value: 18 } },
      },
    ],
  }

  it('reads a character with level, worn armour, and the hit points of its levels', () => {
    const { characters, creatures } = readJson(hero)
    expect(creatures).toEqual([])
    expect(characters).toMatchObject([
      { name: 'Mira', level: 3, currentHp: 20, sheet: { ac: 18, hp: 10 + 6 + 4 + 9, proficiency: 2, type: 'Fighter' } },
    ])
    expect(characters[0]?.sheet.cr).toBeUndefined()
  })

  it('reads a list, one actor on each line, and an actor in YAML', () => {
    expect(readJson([npc, hero])).toMatchObject({ creatures: [{}], characters: [{}], lost: 0 })
    const two = read(`${JSON.stringify(npc)}\n${JSON.stringify({ ...npc, name: 'Other' })}\n`)
    expect(two.creatures.map(({ name }) => name)).toEqual(['Marsh Ogre', 'Other'])
    const yaml =
      'name: Marsh Ogre\ntype: npc\nitems: []\nsystem:\n  attributes:\n    hp: {max: 9}\n    ac: {flat: 11, calc: flat}\n'
    expect(read(yaml).creatures).toMatchObject([{ name: 'Marsh Ogre', hp: 9, ac: 11 }])
  })

  it('names vehicles, folders and actors of other game systems', () => {
    const { creatures, problems } = readJson([
      npc,
      { ...npc, name: 'Boat', type: 'vehicle' },
      { ...npc, name: 'Stranger', system: { skills: {} } },
      { name: 'Folder', type: 'Actor', _stats: {} },
    ])
    expect(creatures).toHaveLength(1)
    expect(problems.slice(1).map(({ name }) => name)).toEqual(['Boat', 'Stranger', 'Folder'])
  })
})
