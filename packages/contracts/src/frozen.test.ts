import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { playerView } from './audience.ts'
import { frozen } from './frozen.ts'
import { canonicalJson, stateHash } from './hash.ts'
import { type CampaignState, emptyState, StoredState } from './state.ts'
import { sampleState } from './testing.ts'

/** The hash as it is documented: over the whole text at once. */
function hashOfText(view: object): string {
  const text = canonicalJson(view)
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761)
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0')
}

const [first] = sampleState.characters
if (!first) throw new Error('the sample has no character')

const pictureId = fc.constantFrom('ferry', 'bell')
const pictureName = fc.constantFrom('m'.repeat(22), 'n'.repeat(22))
const picture = fc.record({
  id: pictureId,
  name: pictureName,
  width: fc.constantFrom(1, 2),
  height: fc.constant(1),
  thumbhash: fc.constant(''),
})
/** The parts of a state that show pictures. */
const shown = {
  pictures: fc.uniqueArray(picture, { selector: ({ id }) => id }),
  handouts: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('letter', 'map'),
      title: fc.constantFrom('A', 'B'),
      text: fc.constant(''),
      pictureId: fc.option(pictureId),
      alt: fc.constant(''),
      shownTo: fc.constantFrom('nobody' as const, 'everyone' as const, 'members' as const),
      members: fc.constant('pat').map((id) => [id]),
      name: fc.option(pictureName),
    }),
    { selector: ({ id }) => id },
  ),
  scenePicture: fc.option(
    fc.record({
      pictureId,
      alt: fc.constant(''),
      focus: fc.constant({ x: 0, y: 0 }),
      dimming: fc.constantFrom(0, 0.5),
      name: pictureName,
    }),
  ),
  presented: fc.option(fc.constantFrom('letter', 'map').map((handoutId) => ({ handoutId }))),
}

const character = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    name: fc.constantFrom('Goblin', 'Grix', 'Åsa'),
    visible: fc.boolean(),
    hpVisible: fc.boolean(),
    current: fc.integer({ min: -3, max: 9 }),
    alias: fc.option(fc.constantFrom('Hooded figure', 'Shadow')),
    appearance: fc.option(fc.integer({ min: 1, max: 3 })),
    portrait: fc.option(fc.record({ pictureId, crop: fc.constant({ x: 0, y: 0, zoom: 1 }), name: pictureName })),
  })
  .map(({ current, ...fields }) => ({ ...first, ...fields, creature: 'Goblin', hp: { current, max: 9, temp: 0 } }))
const state: fc.Arbitrary<CampaignState> = fc
  .record({
    characters: fc.uniqueArray(character, { selector: ({ id }) => id }),
    scene: fc.string(),
    current: fc.option(fc.constantFrom('a', 'b', 'c')),
    ...shown,
  })
  .map(({ characters, scene, current, ...pictured }) => ({
    ...emptyState,
    scene,
    characters,
    ...pictured,
    turn: { round: 1, order: ['a', 'b', 'c', 'd', 'e'], current },
  }))

/** States that follow each other, and share the characters that stay as they are. */
const story = fc
  .tuple(state, fc.array(fc.tuple(fc.nat(4), character, state), { maxLength: 8 }))
  .map(([begin, changes]) => {
    const states = [begin]
    for (const [at, changed, other] of changes) {
      const now = states.at(-1) ?? begin
      const characters = now.characters.map((one, place) => (place === at ? { ...changed, id: one.id } : one))
      const { pictures, handouts } = other
      states.push({ ...now, characters }, { ...now, characters, pictures }, { ...now, characters, pictures, handouts })
      states.push({ ...other, characters: characters.toReversed() })
    }
    return states
  })

describe('remembered answers about frozen parts', () => {
  it('give the same hashes and views as the whole state without it', () => {
    fc.assert(
      fc.property(story, (states) => {
        for (const one of states.map(frozen)) {
          const plain = structuredClone(one)
          expect(stateHash(one)).toBe(hashOfText(plain))
          expect(playerView(one)).toEqual(playerView(plain))
          expect(stateHash(playerView(one))).toBe(hashOfText(playerView(plain)))
        }
      }),
    )
  })

  it('give the same hash of a view after the hash of any other view', () => {
    fc.assert(
      fc.property(story, fc.array(fc.nat(2)), (states, choices) => {
        const views = states.flatMap((one) => [frozen(one), playerView(frozen(one))])
        let before: object | undefined
        for (const [at, view] of views.entries()) {
          expect(stateHash(view, before)).toBe(hashOfText(structuredClone(view)))
          // Mostly the view of the same audience two places before, as it is after each change.
          before = choices[at] === 2 ? structuredClone(view) : choices[at] === 1 ? view : views[at - 1]
        }
      }),
    )
  })

  it('give the same hash of a list that was long the same, and then lost, gained or moved an item', () => {
    const item = fc.record({ id: fc.string(), text: fc.string({ maxLength: 200 }) })
    const lists = fc.array(fc.array(item, { maxLength: 6 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(lists, fc.array(fc.nat(5)), (given, numbers) => {
        const known = frozen(given)
        let before: object | undefined
        for (const number of [0, 0, 1, ...numbers]) {
          const list = known[number % known.length] ?? []
          const later = number % 2 === 0 ? list : list.toReversed()
          const view = frozen({ at: number, first: later, kept: known[0], text: 'Words of the scene. '.repeat(9) })
          expect(stateHash(view, before)).toBe(hashOfText(view))
          before = view
        }
      }),
    )
  })

  it('give the same view for two states that players see no difference between', () => {
    const before = frozen({ ...emptyState, beats: [{ id: 'a', text: 'A bell', done: false, visible: false }] })
    const view = playerView(before)
    expect(playerView(frozen({ ...before, dmNotes: 'The bell is cracked.', beats: [] }), before)).toBe(view)
    expect(playerView(frozen({ ...before, scene: 'A nave' }), before)).not.toBe(view)
  })

  it('give the same view of a state as of its own when it is made of the view before', () => {
    fc.assert(
      fc.property(story, fc.array(fc.boolean()), (states, looksAt) => {
        let before: CampaignState | undefined
        for (const [at, one] of states.map(frozen).entries()) {
          const view = playerView(one, before)
          expect(view).toEqual(playerView(structuredClone(one)))
          expect(Object.isFrozen(view.characters)).toBe(true)
          // Sometimes the state before has no view, or is an older one.
          before = looksAt[at] ? frozen(structuredClone(one)) : looksAt[at + 1] ? before : one
        }
      }),
    )
  })

  it('share the views of the characters that stay, and one that changes its figures keeps the others as they are', () => {
    const characters = ['a', 'b', 'c'].map((id) => ({ ...first, id, name: `Goblin ${id}`, visible: id !== 'b' }))
    const before = frozen({ ...emptyState, characters })
    const hurt = { ...first, id: 'c', name: 'Goblin c', visible: true, hp: { current: 1, max: 9, temp: 0 } }
    const after = frozen({ ...before, characters: before.characters.map((one) => (one.id === 'c' ? hurt : one)) })
    const [shown, view] = [playerView(before), playerView(after, before)]
    expect(view.characters[0]).toBe(shown.characters[0])
    expect(view.characters[1]).toMatchObject({ id: 'c', health: 'bloodied' })
    expect(view.turn).toEqual(shown.turn)
  })

  it('are not kept of an object that can change', () => {
    const view = { name: 'a', list: [{ id: 'x', hp: 3 }] }
    const before = stateHash(view)
    for (const item of view.list) item.hp = 4
    expect(stateHash(view)).not.toBe(before)
    expect(stateHash(view)).toBe(hashOfText(view))
  })

  it('leave out fields without a value, as JSON does', () => {
    const view = { b: undefined, list: [undefined, null, 1, { c: undefined, 10: 'ten', 9: 'nine' }], 2: 'two', a: 'a' }
    expect(stateHash(view)).toBe(hashOfText(view))
    expect(stateHash({})).toBe(hashOfText({}))
    expect(stateHash({ list: [] })).toBe(hashOfText({ list: [] }))
  })
})

describe('the schema of stored states', () => {
  it('accepts a character that it has accepted as it is, and gives the place of a wrong one', () => {
    const checked = StoredState.parse(sampleState)
    expect(StoredState.parse(checked).characters[0]).toBe(checked.characters[0])
    const wrong = { ...checked, characters: [checked.characters[0], { ...first, id: 'wrong', name: 'x'.repeat(61) }] }
    const { error } = StoredState.safeParse(wrong)
    expect(error?.issues).toMatchObject([{ code: 'too_big', maximum: 60, path: ['characters', 1, 'name'] }])
  })

  it('checks an item that was put into a list after the list was accepted', () => {
    const [begin, end] = ['begin', 'end'].map((id) => ({ ...first, id }))
    const checked = StoredState.parse({ ...sampleState, characters: [begin, end] })
    const wrong = { ...first, id: 'wrong', name: 'x'.repeat(61) }
    checked.characters[0] = wrong
    expect(StoredState.safeParse(checked).error?.issues).toMatchObject([{ path: ['characters', 0, 'name'] }])
  })

  it('keeps unknown fields at every depth', () => {
    const newer = {
      ...sampleState,
      weather: 'rain',
      characters: [{ ...first, luck: 3, hp: { ...first.hp, bonus: 1 } }],
      turn: { ...sampleState.turn, half: true },
    }
    expect(StoredState.parse(newer)).toEqual(newer)
  })
})
