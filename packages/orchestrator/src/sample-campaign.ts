// The campaign of the sample room: a newcomer sees a table in mid-play.
import {
  type CampaignState,
  type Character,
  emptyState,
  type ExportedEncounter,
  type ExportedSheet,
  type NarrativeEntry,
} from '@tablecast/contracts'
import type { Use } from '@tablecast/rules'
import { sampleSheets } from './sample-sheets.ts'

const hero = (
  id: string,
  name: string,
  [current, max]: [number, number],
  armourClass: number,
  initiative: number,
  dmNotes: string,
  sheet: Pick<Character, 'initiativeBonus' | 'uses'> = {},
): Character => ({
  id,
  name,
  kind: 'pc',
  hp: { current, max, temp: 0 },
  hpVisible: true,
  armourClass,
  conditions: [],
  initiative,
  ownerId: null,
  visible: true,
  dmNotes,
  side: 'party',
  level: 3,
  ...sheet,
})

/** Something that comes back with a rest. */
const use = (key: string, name: string, most: number): Use => ({ key, name, left: most, most, back: { kind: 'rest' } })

const state: CampaignState = {
  ...emptyState,
  scene: 'The drowned chapel of Saint Orla, an hour before the tide',
  status: 'Exploring, torches low',
  characters: [
    hero(
      'mira',
      'Mira Ashdown',
      [21, 28],
      15,
      17,
      'Her brother rang the bell the night he vanished. She has not told the others.',
      { initiativeBonus: 2, uses: [use('second-wind', 'Second Wind', 1), use('action-surge', 'Action Surge', 1)] },
    ),
    {
      ...hero('tobin', 'Brother Tobin', [24, 24], 18, 9, 'Swore never to enter this chapel again.', {
        initiativeBonus: 0,
        uses: [use('slots-1', 'Spell slots, level 1', 4), use('slots-2', 'Spell slots, level 2', 2)],
      }),
      conditions: ['blessed'],
    },
    hero('sable', 'Sable', [16, 19], 14, 21, 'Carries the ferryman’s coin; the hag will know it at once.', {
      initiativeBonus: 4,
      uses: [use('luck', 'Luck', 3)],
    }),
    {
      ...hero('corvin', 'Corvin Vale', [9, 22], 12, 12, 'The mirror showed him his own drowned face.', {
        initiativeBonus: 1,
        uses: [use('slots-1', 'Spell slots, level 1', 4), use('inspiration', 'Bardic Inspiration', 3)],
      }),
      conditions: ['frightened'],
    },
    {
      ...hero(
        'hag',
        'Old Marrow, the tide hag',
        [58, 58],
        17,
        14,
        'Waits beneath the altar slab. Bargains before she fights. Weak to cold iron.',
      ),
      kind: 'monster',
      side: 'foe',
      level: null,
      initiativeBonus: 1,
      hpVisible: false,
      visible: false,
    },
  ],
  turn: { round: 1, order: ['sable', 'mira', 'hag', 'corvin', 'tobin'], current: 'sable' },
  environment: [
    { id: 'water', text: 'Knee-deep seawater, rising a hand’s breadth every round', visible: true },
    { id: 'light', text: 'Dim light: two torches and the green glow of the font', visible: true },
  ],
  threats: [
    { id: 'tide', name: 'The tide', detail: 'In ten rounds the nave is under water.', visible: true },
    {
      id: 'bargain',
      name: 'The hag’s bargain',
      detail: 'She offers the lost brother for a name freely given.',
      visible: false,
    },
  ],
  beats: [
    { id: 'bell', text: 'Follow the bell that rings under the sea', done: true, visible: true },
    { id: 'font', text: 'Find out what glows in the font', done: false, visible: true },
    { id: 'brother', text: 'Mira’s brother is alive, and the hag’s bell-ringer', done: false, visible: false },
  ],
  dmNotes:
    'The key is under the altar slab; lifting it wakes Old Marrow.\nIf they ring the bell three times, the tide holds for one round.',
}

const planned = { hitPoints: 'average', isHidden: false, isSurprised: false, sharesInitiative: false } as const

/** For a first fight: six creatures and their leader, whom the table knows by aliases. */
const encounters: ExportedEncounter[] = [
  {
    id: 'drowned-crew',
    name: 'The drowned crew',
    plan: {
      notes: 'They climb out of the nave’s water when somebody touches the font. The boatswain waits for a turn.',
      creatures: [
        {
          ...planned,
          name: 'Skeleton',
          count: 6,
          alias: 'Drowned sailor',
          block: { source: 'built-in', id: 'skeleton' },
          sharesInitiative: true,
        },
        { ...planned, name: 'Ghoul', count: 1, alias: 'The boatswain', block: { source: 'built-in', id: 'ghoul' } },
      ],
    },
  },
]

const opening: { author: 'dm' | 'sable' | 'corvin'; text: string }[] = [
  {
    author: 'dm',
    text: 'The causeway ends where the sea begins. Before you, up to its windows in black water, stands the **chapel of Saint Orla**: roofless, patient, its bell-tower leaning like an old man listening at a door.',
  },
  {
    author: 'dm',
    text: 'Inside, the pews have floated into a barricade before the altar. Every few breaths the water heaves, though there is no wind. Somewhere below the flagstones, slow and muffled, *a bell answers the tide*.',
  },
  { author: 'sable', text: 'I climb the pews and hold the torch over the font. What is it that glows?' },
  {
    author: 'dm',
    text: 'The font is full to the brim and perfectly still. In the green light lies a silver mirror, face up. It shows the sky above you, full of stars. It is noon.',
  },
  { author: 'corvin', text: 'I look into it. I know I shouldn’t.' },
  {
    author: 'dm',
    text: 'Your reflection looks back, hair drifting as if under water. It opens its mouth, and the bell rings. The doors slam shut behind you; **the tide has turned**.',
  },
]

const names = { dm: 'The DM', sable: 'Sable', corvin: 'Corvin Vale' }

/** A fresh copy, its entries a minute apart and the last one at `now`. */
export function sampleCampaign(now: Date): {
  name: string
  state: CampaignState
  entries: NarrativeEntry[]
  encounters: ExportedEncounter[]
  sheets: ExportedSheet[]
} {
  const entries = opening.map(({ author, text }, index): NarrativeEntry => ({
    id: `opening-${index + 1}`,
    at: new Date(now.getTime() - (opening.length - 1 - index) * 60_000).toISOString(),
    kind: author === 'dm' ? 'narration' : 'player',
    author: { id: `sample-${author}`, name: names[author], role: author === 'dm' ? 'dm' : 'player' },
    text,
    rolls: [],
    audience: 'all',
    withdrawn: false,
  }))
  return {
    name: 'The Bell Beneath the Tide',
    state: structuredClone(state),
    entries,
    encounters: structuredClone(encounters),
    sheets: structuredClone([...sampleSheets]),
  }
}
