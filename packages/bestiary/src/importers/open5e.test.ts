import { describe, expect, it } from 'vitest'
import { read } from './index.ts'

const readJson = (content: unknown) => read(JSON.stringify(content))

const v1 = {
  slug: 'marsh-ogre',
  name: 'Marsh Ogre',
  size: 'Large',
  type: 'giant',
  alignment: 'chaotic evil',
  armor_class: 11,
  armor_desc: 'hide armor',
  hit_points: 59,
  hit_dice: '7d10+21',
  speed: { walk: 40, swim: 30 },
  strength: 19,
  dexterity: 8,
  constitution: 16,
  intelligence: 5,
  wisdom: 7,
  charisma: 7,
  constitution_save: 5,
  strength_save: null,
  skills: { animal_handling: 3 },
  damage_resistances: 'cold; slashing from nonmagical attacks',
  senses: 'darkvision 60 ft., passive Perception 8',
  languages: 'Giant',
  challenge_rating: '1/2',
  special_abilities: [{ name: 'Stubborn (2/Day)', desc: 'It stays.' }],
  actions: [
    { name: 'Club', desc: 'Melee Weapon Attack: +6 to hit  reach 5 ft.  Hit: 13 (2d8 + 4) bludgeoning damage.' },
  ],
  legendary_actions: '',
  reactions: null,
}

const expected = {
  name: 'Marsh Ogre',
  size: 'large',
  type: 'giant',
  ac: 11,
  hp: 59,
  hitDice: '7d10+21',
  initiative: -1,
  cr: 0.5,
  xp: 100,
  speed: { walk: 40, swim: 30 },
  abilities: { str: 19, dex: 8, con: 16, int: 5, wis: 7, cha: 7 },
  saves: { con: 5 },
  skills: { 'animal handling': 3 },
  senses: { darkvision: 60, passivePerception: 8 },
  resistances: ['cold', 'slashing from nonmagical attacks'],
}
const club = { name: 'Club', kind: 'action', toHit: 6, reach: 5, damage: [{ dice: '2d8+4', type: 'bludgeoning' }] }

describe('the importer of Open5e', () => {
  it('reads a creature of version 1 of the API', () => {
    const { creatures, problems } = readJson(v1)
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([{ ...expected, traits: [{ name: 'Stubborn', uses: 2 }], actions: [club] }])
  })

  it('reads a page of the API, and says that the other pages are missing', () => {
    const { creatures, problems } = readJson({ count: 3_207, next: '?page=2', previous: null, results: [v1] })
    expect(creatures).toHaveLength(1)
    expect(problems).toEqual([
      { name: 'This file', reason: 'It is one page of 3,207 entries. The others are not in this file.' },
    ])
  })

  const ability = (given: number[]) =>
    Object.fromEntries(
      ['strength', 'dexterity', 'constitution', 'intelligence', 'wisdom', 'charisma'].map((name, index) => [
        name,
        given[index],
      ]),
    )
  const v2 = {
    key: 'x_marsh-ogre',
    name: 'Marsh Ogre',
    size: { key: 'large', name: 'Large' },
    type: { key: 'giant', name: 'Giant' },
    armor_class: 11,
    hit_points: 59,
    hit_dice: '7d10+21',
    initiative_bonus: -1,
    challenge_rating_text: '1/2',
    challenge_rating_decimal: '0.500',
    experience_points: 100,
    speed: { walk: 40, swim: 30, unit: 'feet' },
    ability_scores: ability([19, 8, 16, 5, 7, 7]),
    saving_throws: { constitution: 5 },
    skill_bonuses: { animal_handling: 3 },
    darkvision_range: 60,
    passive_perception: 8,
    resistances_and_immunities: {
      damage_resistances: [{ key: 'cold', name: 'Cold' }],
      damage_resistances_display: 'cold; slashing from nonmagical attacks',
    },
    languages: { as_string: 'Giant', data: [] },
    document: { key: 'srd', name: 'A document' },
    traits: [],
    actions: [
      { action_type: 'LEGENDARY_ACTION', name: 'Stomp', desc: '', legendary_action_cost: 2, order_in_statblock: 5 },
      {
        action_type: 'ACTION',
        name: 'Mud',
        desc: 'It throws mud.',
        order_in_statblock: 1,
        usage_limits: { type: 'RECHARGE_ON_ROLL', param: 5 },
        attacks: [{ to_hit_mod: 4, reach: null, range: 20, long_range: 60 }],
      },
    ],
  }

  it('reads a creature of version 2 of the API', () => {
    const { creatures, problems } = readJson([v2])
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([
      {
        ...expected,
        actions: [
          { name: 'Mud', kind: 'action', recharge: 5, toHit: 4, range: 20, longRange: 60 },
          { name: 'Stomp', kind: 'legendary', cost: 2 },
        ],
      },
    ])
  })

  it('reads the records of a data file, each with its actions, and names those without a creature', () => {
    const fields = {
      name: 'Marsh Ogre',
      size: 'large',
      type: 'giant',
      armor_class: 11,
      hit_points: 59,
      hit_dice: '7d10+21',
      challenge_rating: '0.500',
      walk: 40,
      swim: 30,
      burrow: null,
      ...Object.fromEntries(
        Object.entries(ability([19, 8, 16, 5, 7, 7])).map(([name, score]) => [`ability_score_${name}`, score]),
      ),
      saving_throw_constitution: 5,
      skill_bonus_animal_handling: 3,
      skill_bonus_arcana: null,
      darkvision_range: 60,
      passive_perception: 8,
      damage_resistances_display: 'cold; slashing from nonmagical attacks',
    }
    const records = [
      { model: 'api_v2.creature', pk: 'x_ogre', fields },
      { model: 'api_v2.creatureaction', pk: 1, fields: { name: 'Club', desc: '', parent: 'x_ogre' } },
      { model: 'api_v2.creatureactionattack', pk: 2, fields: { parent: 1, to_hit_mod: 6, reach: 5 } },
      { model: 'api_v2.creaturetrait', pk: 3, fields: { name: 'Stubborn', desc: 'It stays.', parent: 'x_ogre' } },
    ]
    expect(readJson(records).creatures).toMatchObject([
      { ...expected, actions: [{ name: 'Club', toHit: 6, reach: 5 }], traits: [{ name: 'Stubborn' }] },
    ])
    expect(readJson(records.slice(1))).toMatchObject({ lost: 1, problems: [{ name: 'This file' }] })
  })

  it('names a creature without hit points, and uses Dexterity where the armour class is missing', () => {
    const { hit_points: _hp, hit_dice: _dice, ...without } = v1
    const { creatures, problems, lost } = readJson([
      { ...without, hit_points: null, name: 'Ghost' },
      { ...v1, armor_class: null, hit_points: null },
    ])
    expect(lost).toBe(1)
    // The mean of its dice.
    expect(creatures).toMatchObject([{ name: 'Marsh Ogre', ac: 9, hp: 59 }])
    expect(problems).toEqual([
      { name: 'Ghost', reason: 'It has no hit points.' },
      { name: 'Marsh Ogre', reason: 'It has no armour class: 10 and its Dexterity are used.' },
    ])
  })
})
