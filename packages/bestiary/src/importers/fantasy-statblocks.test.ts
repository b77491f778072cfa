import { describe, expect, it } from 'vitest'
import { StatBlock } from '../stat-block.ts'
import { read, readFolder } from './index.ts'

const note = (yaml: string, kind = 'statblock') =>
  `# A note\n\nWords.\n\n\`\`\`${kind}\n${yaml}\n\`\`\`\n\nMore words.\n`

const ogre = `name: Marsh Ogre
size: Large
type: giant
subtype:
alignment: chaotic evil
ac: 11
hp: 59
hit_dice: 7d10 + 21
speed: 40 ft., swim 30 ft.
stats: [19, 8, 16, 5, 7, 7]
saves:
  - constitution: 5
skillsaves:
  - stealth: 3
damage_resistances: cold
senses: darkvision 60 ft., passive Perception 8
languages: Giant
cr: 1/2
traits:
  - name: Stubborn (2/Day)
    desc: It stays **where** it [stands](rules.md#stand).
  - [Old, It is old.]
spells:
  - It casts spells.
  - 1st level (2 slots): fog
actions:
  - name: Club
    desc: "Melee Weapon Attack: +6 to hit, reach 5 ft. Hit: 13 (2d8 + 4) bludgeoning damage."
legendary_actions:
  - name: Stomp (Costs 2 Actions),
    desc: ""
image: [[Ogre.png]]
layout: Basic 5e Layout
`

describe('the importer of Fantasy Statblocks', () => {
  it('reads the block of a note', () => {
    const { creatures, problems } = read(note(ogre))
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([
      {
        name: 'Marsh Ogre',
        size: 'large',
        type: 'giant',
        ac: 11,
        hp: 59,
        hitDice: '7d10+21',
        initiative: -1,
        cr: 0.5,
        speed: { walk: 40, swim: 30 },
        abilities: { str: 19, dex: 8, con: 16, int: 5, wis: 7, cha: 7 },
        saves: { con: 5 },
        skills: { stealth: 3 },
        senses: { darkvision: 60, passivePerception: 8 },
        resistances: ['cold'],
        traits: [
          { name: 'Stubborn', uses: 2, text: 'It stays where it stands.' },
          { name: 'Old', text: 'It is old.' },
          { name: 'Spellcasting', text: 'It casts spells.\n1st level (2 slots): fog' },
        ],
        actions: [
          { name: 'Club', toHit: 6, reach: 5, damage: [{ dice: '2d8+4' }] },
          { name: 'Stomp', kind: 'legendary', cost: 2 },
        ],
      },
    ])
    for (const one of creatures) expect(StatBlock.safeParse(one).success).toBe(true)
  })

  it('reads tags of YAML, and the dice that converters write', () => {
    const yaml = `"name": "Marsh Ogre"
"ac": !!int "18"
"ac_class": "[plate](/items/plate.md)"
"hp": !!int "127"
"modifier": !!int "2"
"stats":
- !!int "18"
- !!int "10"
- !!int "17"
- !!int "8"
- !!int "10"
- !!int "10"
"cr": "7"
"condition_immunities": "[paralyzed](/c.md#paralyzed),\\
  \\ [prone](/c.md#prone)"
"actions":
- "desc": "Melee Weapon Attack: dice: d20+7 (+7) to hit, reach 5 ft.,\\
    \\ one target. Hit: dice:2d6 + 4|text(11) (2d6 + 4) bludgeoning damage."
  "name": "Maul"
"source":
- "X"
- "Y"`
    const { creatures, problems } = read(note(yaml))
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([
      {
        ac: 18,
        acNote: 'plate',
        hp: 127,
        initiative: 2,
        source: 'X, Y',
        conditionImmunities: ['paralyzed', 'prone'],
        actions: [{ name: 'Maul', toHit: 7, damage: [{ dice: '2d6+4', type: 'bludgeoning' }] }],
      },
    ])
  })

  it('puts quotes around texts with a colon', () => {
    const { creatures, problems } = read(
      note(
        'name: Imp\nac: 13\nhp: 10 (3d4 + 3)\nstats: [6, 17, 13, 11, 12, 14]\nactions:\n  - name: Sting\n    desc: Melee Weapon Attack: +5 to hit. Hit: 5 (1d4 + 3) piercing damage.',
      ),
    )
    expect(problems).toEqual([])
    expect(creatures).toMatchObject([
      { hp: 10, hitDice: '3d4+3', actions: [{ toHit: 5, damage: [{ dice: '1d4+3' }] }] },
    ])
  })

  it('reads front matter, callouts, fences of other length, line ends of Windows and the bestiary in JSON', () => {
    const bare = 'name: Imp\nac: 13\nhp: 10\nstats: [6, 17, 13, 11, 12, 14]'
    const files = [
      `---\nstatblock: true\n${bare}\n---\nWords.`,
      `> [!note]\n> ~~~~statblock\n${bare.replaceAll(/^/gm, '> ')}\n> ~~~~\n`,
      note(bare).replaceAll('\n', '\r\n'),
      JSON.stringify({ monsters: [['Imp', { name: 'Imp', ac: 13, hp: 10, stats: [6, 17, 13, 11, 12, 14] }]] }),
    ]
    for (const file of files)
      expect(read(file)).toMatchObject({ creatures: [{ name: 'Imp', ac: 13, hp: 10 }], problems: [] })
  })

  it('takes figures over from another creature of the vault, or a built-in one', () => {
    const files = [
      { path: 'vault/Chief.md', content: note('monster: Marsh Ogre\nname: Ogre Chief\nhp: 80') },
      { path: 'vault/Marsh Ogre.md', content: note(ogre) },
      { path: 'vault/Pet.md', content: note('monster: Rat\nname: Pet\nac: 12') },
      { path: 'vault/Shown.md', content: note('monster: Rat') },
      { path: 'vault/Lost.md', content: note('creature: Nobody') },
      { path: 'vault/Plain.md', content: 'A note.' },
    ]
    const rat = StatBlock.parse({
      id: 'rat',
      name: 'Rat',
      ac: 10,
      hp: 1,
      initiative: 0,
      abilities: { str: 2, dex: 11, con: 9, int: 2, wis: 10, cha: 4 },
      speed: { walk: 20 },
    })
    const { creatures, problems, lost } = readFolder(files, (name) => (name === 'Rat' ? rat : undefined))
    expect(creatures).toMatchObject([
      { name: 'Ogre Chief', hp: 80, ac: 11, saves: { con: 5 } },
      { name: 'Marsh Ogre', hp: 59 },
      { name: 'Pet', hp: 1, ac: 12, speed: { walk: 20 }, abilities: { str: 2 } },
    ])
    expect(lost).toBe(1)
    expect(problems).toEqual([
      { name: 'Rat', reason: 'It only shows a creature that is there already.' },
      { name: 'Nobody', reason: 'It takes its figures from “Nobody”, which is in none of the files.' },
      { name: 'Notes', reason: '1 of them have no stat block and no encounter.' },
    ])
  })

  it('names fields and blocks that it can’t read', () => {
    const { creatures, problems } = readFolder([
      {
        path: 'One.md',
        content: note(
          'name: Imp\nac: 13\nhp: 10\nstats: [6, 17, 13, 11, 12, 14]\nhabit: sleeps\nskillsaves:\n  - stealth: good',
        ),
      },
      { path: 'Two.md', content: note('name: [broken') },
      { path: 'Three.md', content: note('name: Empty') },
    ])
    expect(creatures).toHaveLength(1)
    expect(problems).toEqual([
      { name: 'Two', reason: 'Its YAML has a mistake in line 1.' },
      { name: 'Imp', reason: 'These fields are not imported: habit.' },
      { name: 'Imp', reason: 'The skill “stealth” has no number.' },
      { name: 'Empty', reason: 'It has no hit points.' },
    ])
  })
})

describe('the importer of encounters of Initiative Tracker', () => {
  const creature = (name: string) => note(`name: ${name}\nac: 13\nhp: 10\nstats: [6, 17, 13, 11, 12, 14]`)

  it('finds creatures by name, and keeps the figures of those that it only knows by name', () => {
    const { encounters, problems } = readFolder([
      {
        path: 'Ford.md',
        content: note(
          'name: Ford\nparty: Us\nhide: creatures\ncreatures:\n  - 3: imp\n  - Bandit, 11, 12, 1, 25\n  - 2: Imp, Red one\n  - 1d4: Wolf, hidden\n---\ncreatures:\n  - "2: Imp"\n  - 99: Imp',
          'encounter',
        ),
      },
      { path: 'Imp.md', content: creature('Imp') },
    ])
    expect(encounters).toEqual([
      {
        name: 'Ford',
        fighters: [
          { creature: 'imp-1', name: 'imp', count: 3, alias: null, isHidden: true },
          {
            creature: null,
            name: 'Bandit',
            count: 1,
            alias: null,
            isHidden: true,
            figures: { hp: 11, ac: 12, initiative: 1, xp: 25 },
          },
          { creature: 'imp-1', name: 'Red one', count: 2, alias: null, isHidden: true },
          { creature: null, name: 'Wolf', count: 2, alias: null, isHidden: true, figures: {} },
        ],
      },
      {
        name: 'Ford',
        fighters: [
          { creature: 'imp-1', name: 'Imp', count: 2, alias: null, isHidden: false },
          { creature: 'imp-1', name: 'Imp', count: 50, alias: null, isHidden: false },
        ],
      },
    ])
    expect(problems.map(({ reason }) => reason)).toEqual([
      '“1d4 Wolf” became 2: the number is not rolled.',
      '“Imp” comes 50 times at most.',
    ])
  })

  it('takes a table with one creature for the button that it is', () => {
    const { encounters, problems } = read(
      `${creature('Imp')}\n${note('name: Imp\ncreatures:\n - 1: Imp', 'encounter-table')}`,
    )
    expect(encounters).toEqual([])
    expect(problems).toMatchObject([{ name: 'Encounters' }])
  })
})
