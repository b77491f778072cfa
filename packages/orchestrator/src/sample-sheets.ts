// The sheets of the sample's heroes. The resources are those that their characters have in the state.
import { emptySheet, type Resource, type Sheet } from '@tablecast/bestiary'
import type { ExportedSheet } from '@tablecast/contracts'

type Scores = readonly [str: number, dex: number, con: number, int: number, wis: number, cha: number]

const abilitiesOf = ([str, dex, con, int, wis, cha]: Scores): Sheet['abilities'] => ({ str, dex, con, int, wis, cha })

const ofLevelThree = { ...emptySheet, level: 3, proficiency: 2, speed: '30 ft.' }

const resource = (key: string, name: string, most: number, back: Resource['back'] = 'long'): Resource => ({
  key,
  name,
  most,
  back,
})

export const sampleSheets: readonly ExportedSheet[] = [
  {
    id: 'mira',
    sheet: {
      ...ofLevelThree,
      heading: 'Human, Fighter 3',
      initiative: 2,
      abilities: abilitiesOf([16, 14, 14, 10, 12, 8]),
      saves: { str: 5, con: 4 },
      skills: { athletics: 5, perception: 3, survival: 3, intimidation: 1 },
      attacks: [
        { name: 'Longsword', toHit: 5, damage: '1d8+3 slashing' },
        { name: 'Longsword, two hands', toHit: 5, damage: '1d10+3 slashing' },
        { name: 'Shortbow', toHit: 4, damage: '1d6+2 piercing' },
      ],
      resources: [
        resource('second-wind', 'Second Wind', 1, 'short'),
        resource('action-surge', 'Action Surge', 1, 'short'),
      ],
      rolls: [{ name: 'Second Wind', notation: '1d10+3' }],
      notes: 'Her brother’s silver whistle, on a cord around her neck.',
    },
  },
  {
    id: 'tobin',
    sheet: {
      ...ofLevelThree,
      heading: 'Dwarf, Cleric 3',
      initiative: 0,
      speed: '25 ft.',
      abilities: abilitiesOf([14, 10, 14, 10, 16, 12]),
      saves: { wis: 5, cha: 3 },
      skills: { insight: 5, medicine: 5, religion: 2 },
      attacks: [
        { name: 'Warhammer', toHit: 4, damage: '1d8+2 bludgeoning' },
        { name: 'Guiding light', toHit: 5, damage: '4d6 radiant' },
      ],
      resources: [resource('slots-1', 'Spell slots, level 1', 4), resource('slots-2', 'Spell slots, level 2', 2)],
      rolls: [{ name: 'Healing word', notation: '1d4+3' }],
    },
  },
  {
    id: 'sable',
    sheet: {
      ...ofLevelThree,
      heading: 'Halfling, Rogue 3',
      initiative: 4,
      speed: '25 ft.',
      abilities: abilitiesOf([8, 18, 12, 13, 12, 14]),
      saves: { dex: 6, int: 3 },
      skills: { stealth: 8, 'sleight of hand': 6, acrobatics: 6, perception: 3, deception: 4 },
      attacks: [
        { name: 'Rapier', toHit: 6, damage: '1d8+4 piercing' },
        { name: 'Dagger, thrown', toHit: 6, damage: '1d4+4 piercing' },
      ],
      resources: [resource('luck', 'Luck', 3)],
      rolls: [{ name: 'Sneak attack', notation: '2d6' }],
    },
  },
  {
    id: 'corvin',
    sheet: {
      ...ofLevelThree,
      heading: 'Half-Elf, Bard 3',
      initiative: 1,
      abilities: abilitiesOf([8, 12, 12, 12, 10, 17]),
      saves: { dex: 3, cha: 5 },
      skills: { performance: 7, persuasion: 7, arcana: 3, history: 3, insight: 2 },
      attacks: [
        { name: 'Rapier', toHit: 3, damage: '1d8+1 piercing' },
        { name: 'Cutting words', toHit: null, damage: '1d6' },
      ],
      resources: [
        resource('slots-1', 'Spell slots, level 1', 4),
        resource('inspiration', 'Bardic Inspiration', 3, 'long'),
      ],
      rolls: [{ name: 'Bardic inspiration', notation: '1d6' }],
    },
  },
]
