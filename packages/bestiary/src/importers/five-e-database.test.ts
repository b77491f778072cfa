import { describe, expect, it } from 'vitest'
import { read } from './index.ts'

const reference = (name: string) => ({ index: name.toLowerCase(), name, url: `/api/${name}` })
const ogre = {
  index: 'marsh-ogre',
  name: 'Marsh Ogre',
  size: 'Large',
  type: 'giant',
  alignment: 'chaotic evil',
  armor_class: [
    { type: 'armor', value: 13, armor: [reference('Hide Armor')] },
    { type: 'spell', value: 15 },
  ],
  hit_points: 59,
  hit_dice: '7d10',
  hit_points_roll: '7d10+21',
  speed: { walk: '40 ft.', fly: '30 ft.', hover: true },
  strength: 19,
  dexterity: 8,
  constitution: 16,
  intelligence: 5,
  wisdom: 7,
  charisma: 7,
  proficiencies: [
    { value: 5, proficiency: { index: 'saving-throw-con', name: 'Saving Throw: CON' } },
    { value: 3, proficiency: { index: 'skill-stealth', name: 'Skill: Stealth' } },
  ],
  condition_immunities: [reference('Charmed')],
  damage_immunities: ['cold'],
  senses: { darkvision: '60 ft.', passive_perception: 8 },
  languages: 'Giant, Orc',
  challenge_rating: 0.5,
  proficiency_bonus: 2,
  xp: 100,
  special_abilities: [
    {
      name: 'Spellcasting',
      desc: '',
      usage: { type: 'per day', times: 2 },
      spellcasting: {
        ability: reference('WIS'),
        dc: 11,
        modifier: 3,
        slots: { 1: 2 },
        spells: [{ name: 'Fog', level: 1, url: '' }],
      },
    },
  ],
  actions: [
    { name: 'Multiattack', desc: '', actions: [{ action_name: 'Club', count: 2, type: 'melee' }] },
    {
      name: 'Club',
      desc: '',
      attack_bonus: 6,
      damage: [
        {
          choose: 1,
          from: {
            options: [
              { damage_type: reference('Bludgeoning'), damage_dice: '2d8+4' },
              { damage_type: reference('Bludgeoning'), damage_dice: '2d10+4' },
            ],
          },
        },
      ],
    },
    {
      name: 'Mud Breath',
      desc: '',
      usage: { type: 'recharge on roll', dice: '1d6', min_value: 5 },
      dc: { dc_type: reference('DEX'), dc_value: 14, success_type: 'half' },
      damage: [{ damage_type: reference('Acid'), damage_dice: '6d6' }],
    },
  ],
}

describe('the importer of 5e-database', () => {
  it('reads a monster with the figures of its fields', () => {
    const { creatures, problems } = read(JSON.stringify([ogre]))
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([
      {
        name: 'Marsh Ogre',
        size: 'large',
        ac: 13,
        acNote: 'Hide Armor',
        hp: 59,
        hitDice: '7d10+21',
        cr: 0.5,
        speed: { walk: 40, fly: 30, hover: true },
        saves: { con: 5 },
        skills: { stealth: 3 },
        senses: { darkvision: 60, passivePerception: 8 },
        languages: ['Giant', 'Orc'],
        immunities: ['cold'],
        conditionImmunities: ['Charmed'],
        traits: [
          {
            uses: 2,
            spellcasting: { ability: 'wis', dc: 11, toHit: 3, slots: { 1: 2 }, spells: [{ name: 'Fog', level: 1 }] },
          },
        ],
        actions: [
          { name: 'Multiattack', multiattack: [{ name: 'Club', times: 2 }] },
          {
            name: 'Club',
            toHit: 6,
            damage: [
              { dice: '2d8+4', type: 'bludgeoning' },
              { dice: '2d10+4', type: 'bludgeoning', or: true },
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

  it('reads a monster of an early version, whose armour class is a number', () => {
    const { creatures } = read(
      JSON.stringify({ ...ogre, armor_class: 12, senses: 'darkvision 60 ft.', speed: '40 ft.' }),
    )
    expect(creatures).toMatchObject([{ ac: 12, speed: { walk: 40 }, senses: { darkvision: 60 } }])
  })

  it('reads the phrases of 2024', () => {
    const desc =
      'Melee Attack Roll: +7, reach 10 ft. Hit: 14 (2d8 + 5) Piercing damage. Wisdom Saving Throw: DC 13, one creature. Failure: 7 (2d6) Psychic damage. Success: Half damage.'
    const { creatures } = read(JSON.stringify({ ...ogre, actions: [{ name: 'Bite', desc, attack_bonus: 1 }] }))
    expect(creatures[0]?.actions).toMatchObject([
      {
        toHit: 7,
        reach: 10,
        save: { ability: 'wis', dc: 13, half: true },
        damage: [
          { dice: '2d8+5', type: 'piercing' },
          { dice: '2d6', type: 'psychic', when: 'failed save' },
        ],
      },
    ])
  })
})
