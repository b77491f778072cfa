import fc from 'fast-check'
import { expect, it } from 'vitest'
import { turnLines } from './turn-lines.ts'

const inTurn = (...turns: (string | undefined)[]) => turns.map((turn, id) => ({ id, ...(turn ? { turn } : {}) }))
const idsOf = (...turns: (string | undefined)[]) => turnLines(inTurn(...turns)).map((line) => line.map(({ id }) => id))

it('entries of one turn are one line, and words in between begin another', () => {
  expect(idsOf('a', 'a', 'b', undefined, 'b', 'b')).toEqual([[0, 1], [2], [3], [4, 5]])
})

it('entries outside of a turn are never joined', () => {
  expect(idsOf(undefined, undefined)).toEqual([[0], [1]])
})

it('every entry stands once, in its place', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', undefined)), (turns) => {
      expect(idsOf(...turns).flat()).toEqual(turns.map((_, id) => id))
    }),
  )
})
