import { describe, expect, it } from 'vitest'
import { StatBlock } from '../stat-block.ts'
import { read } from './index.ts'

const ogre = {
  Id: 'x1',
  Name: 'Marsh Ogre',
  Source: 'Home',
  Type: 'Large giant (bog), chaotic evil',
  HP: { Value: 59, Notes: '(7d10 + 21)' },
  AC: { Value: 11, Notes: '(hide armor)' },
  InitiativeModifier: 1,
  Speed: ['40 ft.', 'swim 30 ft.', 'fly 10 ft. (hover)'],
  Abilities: { Str: 19, Dex: 8, Con: 16, Int: 5, Wis: 7, Cha: 7 },
  DamageVulnerabilities: [],
  DamageResistances: ['cold'],
  DamageImmunities: [],
  ConditionImmunities: ['Charmed'],
  Saves: [{ Name: 'Con', Modifier: 5 }],
  Skills: [{ Name: 'Stealth', Modifier: 3 }],
  Senses: ['darkvision 60 ft.', 'passive Perception 8', 'smells water'],
  Languages: ['Giant'],
  Challenge: '1/2',
  Traits: [{ Name: 'Stubborn (2/Day)', Content: 'It stays where it stands.', Usage: '' }],
  Actions: [
    {
      Name: 'Club',
      Content:
        'Melee or Ranged Weapon Attack: +6 to hit, reach 5 ft. or range 30/120 ft., one target. Hit: 13 (2d8 + 4) bludgeoning damage, or 15 (2d10 + 4) bludgeoning damage if used with two hands, plus 3 (1d6) cold damage. The target must make a DC 13 Strength saving throw or take 7 (2d6) poison damage.',
      Usage: '',
    },
    {
      Name: 'Mud Breath (Recharge 5-6)',
      Content:
        'Each creature must make a DC 14 Dexterity saving throw, taking 21 (6d6) acid damage on a failed save, or half as much damage on a successful one.',
    },
  ],
  Reactions: [{ Name: 'Shove', Content: '', Usage: '' }],
  LegendaryActions: [{ Name: 'Stomp (Costs 2 Actions)', Content: '', Usage: '' }],
  Description: 'From the marsh.',
  Player: '',
}
const hero = {
  ...ogre,
  Name: 'Mira',
  Type: 'Human Fighter',
  Player: 'player',
  Challenge: '3',
  HP: { Value: 24, Notes: '' },
  Actions: [],
}
const readJson = (content: unknown) => read(JSON.stringify(content))

describe('the importer of Improved Initiative', () => {
  it('reads a creature with the figures of its sentences', () => {
    const { creatures, problems, characters } = readJson([ogre])
    expect([problems, characters]).toEqual([[], []])
    expect(creatures).toEqual([
      {
        id: 'marsh-ogre-1',
        name: 'Marsh Ogre',
        source: 'Home',
        size: 'large',
        type: 'giant',
        subtype: 'bog',
        alignment: 'chaotic evil',
        ac: 11,
        acNote: 'hide armor',
        hp: 59,
        hitDice: '7d10+21',
        initiative: 0,
        cr: 0.5,
        xp: 100,
        speed: { walk: 40, swim: 30, fly: 10, hover: true },
        abilities: { str: 19, dex: 8, con: 16, int: 5, wis: 7, cha: 7 },
        saves: { con: 5 },
        skills: { stealth: 3 },
        senses: { darkvision: 60, passivePerception: 8, other: ['smells water'] },
        languages: ['Giant'],
        resistances: ['cold'],
        conditionImmunities: ['Charmed'],
        traits: [{ name: 'Stubborn', uses: 2, text: 'It stays where it stands.' }],
        actions: [
          {
            name: 'Club',
            kind: 'action',
            toHit: 6,
            reach: 5,
            range: 30,
            longRange: 120,
            save: { ability: 'str', dc: 13 },
            damage: [
              { dice: '2d8+4', type: 'bludgeoning' },
              { dice: '2d10+4', type: 'bludgeoning', or: true },
              { dice: '1d6', type: 'cold' },
              { dice: '2d6', type: 'poison', when: 'failed save' },
            ],
            text: ogre.Actions[0]?.Content,
          },
          {
            name: 'Mud Breath',
            kind: 'action',
            recharge: 5,
            save: { ability: 'dex', dc: 14, half: true },
            damage: [{ dice: '6d6', type: 'acid', when: 'failed save' }],
            text: ogre.Actions[1]?.Content,
          },
          { name: 'Shove', kind: 'reaction' },
          { name: 'Stomp', kind: 'legendary', cost: 2 },
        ],
        text: 'From the marsh.',
      },
    ])
    for (const one of creatures) expect(StatBlock.safeParse(one).success).toBe(true)
  })

  it('reads players as characters with their level', () => {
    const { creatures, characters } = readJson([hero])
    expect(creatures).toEqual([])
    expect(characters).toMatchObject([{ name: 'Mira', level: 3, currentHp: 24, sheet: { ac: 11, initiative: 0 } }])
    expect(characters[0]?.sheet.cr).toBeUndefined()
  })

  const combatant = (StatBlock: unknown, more = {}) => ({
    Id: 'c',
    StatBlock,
    Alias: '',
    Hidden: false,
    CurrentHP: 5,
    ...more,
  })
  const encounter = {
    Name: 'Ford',
    Combatants: [
      combatant(ogre, { IndexLabel: 1 }),
      combatant(ogre, { IndexLabel: 2, CurrentHP: 7 }),
      combatant(ogre, { Alias: 'Thing in the reeds', Hidden: true }),
      combatant(hero, { PersistentCharacterId: 'p1' }),
    ],
  }

  it('reads an export of all lists: creatures once, characters with the hit points they have left, encounters', () => {
    const exported = {
      Creatures: ['x1'],
      'Creatures.x1': ogre,
      'PersistentCharacters.p1': { Id: 'p1', Name: 'Mira', StatBlock: hero, CurrentHP: 9 },
      'SavedEncounters.e1': encounter,
      'Spells.s1': { Name: 'Light' },
    }
    const result = readJson(exported)
    expect(result.creatures.map(({ name }) => name)).toEqual(['Marsh Ogre'])
    expect(result.characters).toMatchObject([{ name: 'Mira', currentHp: 9 }])
    expect(result.encounters).toEqual([
      {
        name: 'Ford',
        fighters: [
          { creature: 'marsh-ogre-1', name: 'Marsh Ogre', count: 2, alias: null, isHidden: false },
          { creature: 'marsh-ogre-1', name: 'Marsh Ogre', count: 1, alias: 'Thing in the reeds', isHidden: true },
          { creature: null, name: 'Mira', count: 1, alias: null, isHidden: false },
        ],
      },
    ])
    expect(result.problems).toEqual([{ name: 'Light', reason: 'Spells and settings are not imported.' }])
  })

  it('reads exports of older versions, whose entries are JSON in strings', () => {
    const { creatures, encounters } = readJson({
      'ImprovedInitiative.Creatures': '["x1"]',
      'ImprovedInitiative.Creatures.x1': JSON.stringify(ogre),
      'ImprovedInitiative.SavedEncounters.e1': JSON.stringify(encounter),
    })
    expect([creatures.length, encounters.length]).toEqual([1, 1])
  })

  it('names what it can’t read, with the reason, and reads the rest', () => {
    const { creatures, problems } = readJson([
      ogre,
      { Name: 'No figures', HP: {} },
      'nonsense',
      { ...ogre, Name: 'Odd', Speed: ['as fast as it likes'], Challenge: 'very' },
      { ...ogre, Name: 'Endless', HP: { Value: 100_000, Notes: '' } },
      { ...ogre, Name: 'Chatty', Description: 'x'.repeat(9_000) },
    ])
    expect(creatures.map(({ name }) => name)).toEqual(['Marsh Ogre', 'Odd', 'Chatty'])
    expect(problems.map(({ name }) => name)).toEqual(['No figures', 'Entry 3', 'Odd', 'Odd', 'Endless', 'Chatty'])
    for (const { reason } of problems) expect(reason).toMatch(/^[A-Z].*\.$/)
  })

  it('takes characters out that no text may hold', () => {
    const { creatures } = readJson([{ ...ogre, Name: 'Og\u202ere\u0000' }])
    expect(creatures[0]?.name).toBe('Ogre')
  })

  it('says that it knows no other files', () => {
    for (const content of [{}, [], [1, 2], { name: 'x' }, null, 'text'])
      expect(readJson(content).problems).toHaveLength(1)
    expect(read('{"__proto__": {"Name": "x", "HP": 1}, "constructor.x": 1}').problems).toHaveLength(1)
  })
})

describe('a hostile file', () => {
  it('is refused when it is too large, too deep, has too many entries, or is no text', () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    expect(() => read(new Uint8Array(100_000_000))).toThrow('more than 20 MB')
    expect(() => read('['.repeat(100_000))).toThrow('nested too deeply')
    expect(() => read(bytes('{"a":'.repeat(1_000)))).toThrow('nested too deeply')
    expect(() => read(`[${'0,'.repeat(1_000_000)}0]`)).toThrow('too many entries')
    expect(() => read(new Uint8Array([0xff, 0xfe, 0x00]))).toThrow('no text in UTF-8')
    expect(() => read('{"Name":')).toThrow('no JSON')
    expect(() => read('')).toThrow('no JSON')
  })

  it('does not nest deeply in a string either', () => {
    const inner = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const { problems } = readJson({ 'Creatures.x': inner })
    expect(problems).toHaveLength(1)
  })

  it('of more than five thousand creatures gives five thousand and names the others', () => {
    const { creatures, problems } = readJson(
      Array.from({ length: 5_100 }, (_one, index) => ({ Name: `Bat ${index}`, HP: { Value: 1 }, AC: { Value: 1 } })),
    )
    expect(creatures).toHaveLength(5_000)
    expect(problems).toHaveLength(100)
  })
})
