import { describe, expect, it } from 'vitest'
import {
  Handout,
  Picture,
  pictureNamed,
  PictureName,
  Portrait,
  ScenePicture,
  type StateWithPictures,
} from './pictures.ts'

const name = (letter: string) => PictureName.parse(letter.repeat(22))

const handout = (letter: string, shownTo: Handout['shownTo'], pictureId: string | null = `of-${letter}`) =>
  Handout.parse({
    id: letter,
    title: 'Tide table',
    text: '',
    pictureId,
    alt: '',
    shownTo,
    members: [],
    name: name(letter),
  })
const portrait = (letter: string) =>
  Portrait.parse({ pictureId: `of-${letter}`, crop: { x: 0.5, y: 0.5, zoom: 1 }, name: name(letter) })

const state: StateWithPictures = {
  pictures: [
    Picture.parse({
      id: 'of-a',
      name: name('a'),
      width: 640,
      height: 480,
      thumbhash: 'YTkGJwaRhWUIt4lbgnhZl3ath2BUBGYA',
    }),
  ],
  scenePicture: ScenePicture.parse({
    pictureId: 'of-b',
    alt: 'A harbour',
    focus: { x: 0.5, y: 0 },
    dimming: 0.8,
    name: name('b'),
  }),
  handouts: [handout('c', 'everyone'), handout('d', 'members'), handout('e', 'nobody'), handout('f', 'everyone', null)],
  characters: [
    { visible: true, portrait: portrait('g') },
    { visible: false, portrait: portrait('h') },
    { visible: true, portrait: null },
    { visible: true },
  ],
}

describe('the name of a picture', () => {
  it.each([
    ['of the DMs', 'a', { pictureId: 'of-a', audience: 'dm' }],
    ['of a scene', 'b', { pictureId: 'of-b', audience: 'player' }],
    ['of a handout for everyone', 'c', { pictureId: 'of-c', audience: 'player' }],
    ['of a handout for some members', 'd', { pictureId: 'of-d', audience: 'member' }],
    ['of a handout that nobody sees', 'e', null],
    ['of a handout without a picture', 'f', null],
    ['of a portrait', 'g', { pictureId: 'of-g', audience: 'player' }],
    ['of a hidden character’s portrait', 'h', null],
    ['that the state does not hold', 'z', null],
  ] as const)('%s leads to the right picture and audience', (_title, letter, expected) => {
    expect(pictureNamed(state, name(letter))).toEqual(expected)
  })

  it('leads to nothing in a state from before pictures', () => {
    expect(pictureNamed({ characters: [{ visible: true }] }, name('a'))).toBeNull()
  })

  it('is 22 characters of an address, and nothing else', () => {
    for (const other of ['', 'a'.repeat(21), 'a'.repeat(23), `${'a'.repeat(21)}/`, `${'a'.repeat(21)}.`])
      expect(PictureName.safeParse(other).success).toBe(false)
  })
})
