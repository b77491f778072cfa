import { describe, expect, it } from 'vitest'
import { describePatch } from './describe-patch.ts'
import { sampleState as state } from './testing.ts'

describe('a patch in words', () => {
  it('has a line for each thing that changes, and none for what does not', () => {
    expect(
      describePatch(state, {
        scene: 'The belfry',
        status: '',
        characters: {
          upsert: [{ id: 'mira', hp: { current: 4, max: 20, temp: 0 }, conditions: ['deafened'] }],
          remove: ['tobin'],
        },
        turn: { round: 2, order: ['mira'], current: null },
        environment: { remove: ['rain'], upsert: [{ id: 'fog', text: 'Fog', visible: false }] },
        threats: { upsert: [{ id: 'cult', visible: true }] },
        beats: { upsert: [{ id: 'bell', done: true }] },
      }),
    ).toEqual([
      'Scene: The belfry',
      'Mira: 12 → 4 hit points',
      'Mira: deafened',
      'Mira: no longer prone',
      'Tobin is gone',
      'New condition (hidden): Fog',
      'Condition gone: Rain',
      'Threat revealed: Cult (in the crypt)',
      'Beat: Ring the bell → Ring the bell ✓',
      'Round 2',
      'Nobody’s turn',
    ])
    expect(describePatch(state, {})).toEqual([])
  })

  it('names handouts that come, go, are shown and hidden, and the picture of the scene', () => {
    const handout = (id: string) => ({
      id,
      title: `Letter ${id}`,
      text: '',
      pictureId: null,
      alt: '',
      shownTo: 'nobody' as const,
      members: [],
      name: null,
    })
    const lines = describePatch(
      { ...state, handouts: [handout('a'), { ...handout('b'), shownTo: 'everyone' }, handout('c')] },
      {
        handouts: {
          upsert: [{ id: 'a', shownTo: 'everyone' }, { id: 'b', shownTo: 'nobody' }, handout('d')],
          remove: ['c'],
        },
        scenePicture: { pictureId: 'p', alt: '', focus: { x: 0, y: 0 }, dimming: 0, name: 'n'.repeat(22) },
      },
    )
    expect(lines).toEqual([
      'Handout shown: Letter a',
      'Handout hidden: Letter b',
      'New handout: Letter d',
      'Handout gone: Letter c',
      'The scene has another picture',
    ])
  })
})
