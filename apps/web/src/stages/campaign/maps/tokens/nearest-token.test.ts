import { describe, expect, it } from 'vitest'
import { nearestToken } from './nearest-token.ts'

const small = { id: 'small', at: { x: 100, y: 100 }, size: 1 }
const beside = { id: 'beside', at: { x: 150, y: 100 }, size: 1 }
const huge = { id: 'huge', at: { x: 300, y: 100 }, size: 4 }

describe('the token that is meant', () => {
  it.each([
    [{ x: 110, y: 104 }, 'small'],
    [{ x: 130, y: 100 }, 'beside'],
    // Near the edge of a huge token, which is nearer to the middle of a small one.
    [{ x: 210, y: 100 }, 'huge'],
  ])('at %o is “%s”, wherever it stands in the list', (place, id) => {
    for (const tokens of [
      [small, beside, huge],
      [huge, beside, small],
    ])
      expect(nearestToken(tokens, place)?.id).toBe(id)
  })

  it('is not there on an empty map', () => {
    expect(nearestToken([], { x: 1, y: 1 })).toBeNull()
  })
})
