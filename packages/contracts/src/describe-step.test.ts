import { describe, expect, it } from 'vitest'
import { describeStep } from './describe-step.ts'
import { applyPatch, diff } from './patch.ts'
import { mira, sampleState } from './testing.ts'
import type { StatePatch } from './state.ts'

const name = 'n'.repeat(22)
const letter = {
  id: 'letter',
  title: 'Letter',
  text: '',
  pictureId: null,
  alt: '',
  shownTo: 'nobody' as const,
  members: [],
  name: null,
}
const scene = { pictureId: 'p', alt: '', focus: { x: 0, y: 0 }, dimming: 0, name }
const portrait = { pictureId: 'p', crop: { x: 0.5, y: 0.5, zoom: 1 }, name }
const before = { ...sampleState, handouts: [letter] }

/** Of a step that was made in that state, by its patch as it is stored. */
function wordsOf(patch: StatePatch): string {
  const after = applyPatch(before, patch)
  return describeStep(after, { patch: diff(before, after), inverse: diff(after, before) })
}

describe('a step in words', () => {
  const cases: [string, StatePatch][] = [
    ['Mira’s hit points 12 → 7', { characters: { upsert: [{ id: 'mira', hp: { current: 7, max: 20, temp: 0 } }] } }],
    ['Mira’s temporary hit points 0 → 5', { characters: { upsert: [{ id: 'mira', hp: { ...mira.hp, temp: 5 } }] } }],
    [
      'Mira is now deafened; Mira is no longer prone',
      { characters: { upsert: [{ id: 'mira', conditions: ['deafened'] }] } },
    ],
    ['Mira is called Mira Ashdown', { characters: { upsert: [{ id: 'mira', name: 'Mira Ashdown' }] } }],
    ['Mira’s initiative none → 17', { characters: { upsert: [{ id: 'mira', initiative: 17 }] } }],
    ['Mira’s armour class none → 15', { characters: { upsert: [{ id: 'mira', armourClass: 15 }] } }],
    ['Mira hidden from players', { characters: { upsert: [{ id: 'mira', visible: false }] } }],
    ['Mira’s hit points hidden from players', { characters: { upsert: [{ id: 'mira', hpVisible: false }] } }],
    ['the player of Mira', { characters: { upsert: [{ id: 'mira', ownerId: 'pat' }] } }],
    ['the kind of Mira', { characters: { upsert: [{ id: 'mira', kind: 'npc' }] } }],
    ['the DM notes on Mira', { characters: { upsert: [{ id: 'mira', dmNotes: 'SECRET' }] } }],
    ['Sable added', { characters: { upsert: [{ ...mira, id: 'sable', name: 'Sable' }] } }],
    ['Tobin removed', { characters: { remove: ['tobin'] } }],
    ['the order of the characters', { characters: { order: ['tobin', 'mira'] } }],
    ['the scene “A road” → “The belfry”', { scene: 'The **belfry**' }],
    ['the status none → “Combat”', { status: 'Combat' }],
    ['condition “Rain” removed', { environment: { remove: ['rain'] } }],
    ['condition “Rain” reworded', { environment: { upsert: [{ id: 'rain', text: 'Heavy rain' }] } }],
    ['threat “Cult” shown to players', { threats: { upsert: [{ id: 'cult', visible: true }] } }],
    ['threat “Cult” reworded', { threats: { upsert: [{ id: 'cult', detail: 'SECRET' }] } }],
    ['beat “Ring the bell” done', { beats: { upsert: [{ id: 'bell', done: true }] } }],
    ['the round 1 → 2; the turn Mira → Tobin', { turn: { ...before.turn, round: 2, current: 'tobin' } }],
    ['the turn order', { turn: { ...before.turn, order: ['tobin', 'mira'] } }],
    ['the DM notes', { dmNotes: 'SECRET' }],
    ['handout “Tide table” added', { handouts: { upsert: [{ ...letter, id: 'tide', title: 'Tide table' }] } }],
    ['handout “Letter” removed', { handouts: { remove: ['letter'] } }],
    ['handout “Letter” shown to players', { handouts: { upsert: [{ id: 'letter', shownTo: 'everyone' }] } }],
    [
      'handout “Letter” shown to some players',
      { handouts: { upsert: [{ id: 'letter', shownTo: 'members', members: ['pat'] }] } },
    ],
    ['handout “Letter” reworded', { handouts: { upsert: [{ id: 'letter', text: 'SECRET' }] } }],
    ['handout “Letter” held up', { presented: { handoutId: 'letter' } }],
    ['the picture of the scene', { scenePicture: scene }],
    ['the portrait of Mira', { characters: { upsert: [{ id: 'mira', portrait }] } }],
  ]
  for (const [words, patch] of cases) it(`names “${words}”`, () => expect(wordsOf(patch)).toBe(words))

  it('names three of many, and how many more there are', () => {
    const many = { scene: 'X', status: 'Y', dmNotes: 'Z', characters: { remove: ['mira', 'tobin'] } }
    expect(wordsOf(many)).toMatch(/^the scene “A road” → “X”; the status none → “Y”; Mira removed; and \d more$/)
  })

  it('is empty for a step that changed nothing of the state', () => {
    expect(describeStep(before, { patch: null, inverse: null })).toBe('')
  })

  it('is short, and cuts no character in two, however long the words are', () => {
    const scene = '👩‍👩‍👧'.repeat(300)
    const words = wordsOf({ scene })
    expect(words).toMatch(/^the scene “A road” → “(👩‍👩‍👧){59}…”$/u)
    expect(wordsOf({ scene: `a${'\u0301'.repeat(3_900)}` }).length).toBeLessThan(1_300)
  })

  it('has a name for something even where an old step does not tell it', () => {
    const patch = { characters: { upsert: [{ id: 'gone', initiative: 3 }], remove: ['away'] } }
    expect(describeStep(before, { patch, inverse: null })).toBe(
      'a character’s initiative none → 3; a character removed',
    )
  })
})
