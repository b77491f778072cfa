import { type CampaignState, emptyState, type Handout, NO_NAME, pictureNamed } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aCharacter } from '../testing/fight-room.ts'
import { settlePictures } from './settle.ts'

const ids = ['p1', 'p2', 'p3']
const name = fc
  .constantFrom('chosen-by-somebody-00', NO_NAME, 'another-chosen-name-0')
  .map((one) => one.padEnd(22, '0'))
const pictureId = fc.constantFrom(...ids)
const handout = fc.record({
  id: fc.constantFrom('h1', 'h2', 'h3'),
  title: fc.constant('T'),
  text: fc.constant(''),
  pictureId: fc.option(pictureId),
  alt: fc.constant(''),
  shownTo: fc.constantFrom('nobody', 'everyone', 'members'),
  members: fc.uniqueArray(fc.constantFrom('pat', 'pia'), { maxLength: 2 }),
  name: fc.option(name),
}) satisfies fc.Arbitrary<Handout>
const portrait = fc.option(fc.record({ pictureId, crop: fc.constant({ x: 0.5, y: 0.5, zoom: 1 }), name }))
/** Any state, with whatever names somebody might put into it. */
const state: fc.Arbitrary<CampaignState> = fc
  .record({
    handouts: fc.uniqueArray(handout, { selector: ({ id }) => id }),
    scenePicture: fc.option(
      fc.record({
        pictureId,
        alt: fc.constant(''),
        focus: fc.constant({ x: 0, y: 0 }),
        dimming: fc.constant(0),
        name,
      }),
    ),
    portraits: fc.tuple(portrait, portrait),
    visible: fc.tuple(fc.boolean(), fc.boolean()),
    alias: fc.option(fc.constant('Hooded figure')),
    presented: fc.option(fc.constantFrom('h1', 'h2', 'gone').map((handoutId) => ({ handoutId }))),
    listed: fc.subarray(ids),
    pictureName: name,
  })
  .map(({ portraits, visible, alias, listed, pictureName, ...rest }) => ({
    ...emptyState,
    ...rest,
    pictures: listed.map((id) => ({ id, name: pictureName, width: 1, height: 1, thumbhash: '' })),
    characters: portraits.map((one, at) =>
      aCharacter(`c${at}`, { portrait: one, visible: visible[at] ?? false, alias: at === 0 ? alias : null }),
    ),
  }))

const chosen = (text: string) => /chosen/.test(text)
/** Every name of a state, with the people who see it there. */
function namesOf({ pictures, handouts, scenePicture, characters }: CampaignState): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const picture of pictures ?? []) names.set(picture.name, ['dm'])
  for (const one of handouts ?? [])
    if (one.name !== null) names.set(one.name, one.shownTo === 'everyone' ? ['all'] : one.members)
  if (scenePicture) names.set(scenePicture.name, ['all'])
  for (const one of characters) if (one.portrait) names.set(one.portrait.name, one.visible && !one.alias ? ['all'] : [])
  return names
}

describe('the names of pictures', () => {
  it('are made by the server, whatever a state brings along', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 5 }), (states) => {
        let before: CampaignState | null = null
        for (const one of states) {
          before = settlePictures(before, one)
          const names = [...namesOf(before).keys()]
          expect(names.filter((text) => chosen(text) || text === NO_NAME)).toEqual([])
          for (const text of names) expect(text).toMatch(/^[A-Za-z0-9_-]{22}$/)
        }
      }),
    )
  })

  it('are never the same as before where somebody who saw the picture no longer does', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 5 }), (states) => {
        const past = new Map<string, string[]>()
        let before: CampaignState | null = null
        for (const one of states) {
          before = settlePictures(before, one)
          const now = namesOf(before)
          for (const [text, people] of now) {
            const was = past.get(text) ?? []
            const isStillSeen = people.includes('all') || was.every((person) => people.includes(person))
            expect([was, people, isStillSeen]).toEqual([was, people, true])
          }
          for (const [text, people] of now) past.set(text, people)
          // A name that is gone stays gone: the next state that brings it gets another one.
          for (const text of past.keys()) if (!now.has(text)) past.set(text, ['everybody who ever knew it'])
        }
      }),
    )
  })

  it('lead to a picture for the right audience, and hidden ones to none', () => {
    fc.assert(
      fc.property(state, (one) => {
        const settled = settlePictures(null, one)
        for (const shown of settled.handouts ?? []) {
          expect(shown.name === null).toBe(shown.pictureId === null || shown.shownTo === 'nobody')
          if (shown.name !== null)
            expect(pictureNamed(settled, shown.name)).toEqual({
              pictureId: shown.pictureId,
              audience: shown.shownTo === 'everyone' ? 'player' : 'member',
            })
        }
        for (const { visible, alias, portrait: own } of settled.characters)
          if (own)
            expect(pictureNamed(settled, own.name)?.pictureId ?? null).toBe(visible && !alias ? own.pictureId : null)
      }),
    )
  })
})

describe('the list of pictures', () => {
  it('holds exactly the named ones that are known, and nothing is held up that nobody sees', () => {
    fc.assert(
      fc.property(state, state, (first, second) => {
        const before = settlePictures(null, first)
        const after = settlePictures(before, second)
        const used = new Set([
          ...(after.handouts ?? []).flatMap((one) => one.pictureId ?? []),
          ...(after.scenePicture ? [after.scenePicture.pictureId] : []),
          ...after.characters.flatMap((one) => one.portrait?.pictureId ?? []),
        ])
        const known = new Set([...(second.pictures ?? []), ...(before.pictures ?? [])].map(({ id }) => id))
        expect(new Set(after.pictures?.map(({ id }) => id))).toEqual(new Set([...used].filter((id) => known.has(id))))
        const held = after.handouts?.find(({ id }) => id === after.presented?.handoutId)
        if (after.presented) expect(held?.shownTo ?? 'nobody').not.toBe('nobody')
      }),
    )
  })

  it('is the same object after a change of something else', () => {
    fc.assert(
      fc.property(state, (one) => {
        const before = settlePictures(null, one)
        const after = settlePictures(before, { ...before, scene: 'Elsewhere' })
        expect([after.pictures === before.pictures, after.handouts === before.handouts]).toEqual([true, true])
        expect(after.characters).toBe(before.characters)
      }),
    )
  })
})
