import { describe, expect, it } from 'vitest'
import { readBuiltIn } from './built-in.ts'
import { indexBlocks, searchBlocks, tellChallenge, type Query } from './search.ts'

describe('the search for creatures', () => {
  const index = indexBlocks(readBuiltIn())
  const names = (query: Query) => searchBlocks(index, query).map(({ name }) => name)

  it('finds beginnings of words, and names that begin so first', () => {
    expect(names({ text: 'gob' })).toEqual(['Goblin', 'Bugbear', 'Hobgoblin'])
    expect(names({ text: 'oblin' })).toEqual([])
    expect(names({ text: 'goblinoid' })).toEqual(['Bugbear', 'Goblin', 'Hobgoblin'])
    expect(names({ text: 'black dragon' })).toEqual([
      'Black Dragon Wyrmling',
      'Adult Black Dragon',
      'Ancient Black Dragon',
      'Young Black Dragon',
    ])
  })

  it('finds whatever case and accents are typed', () => {
    const own = indexBlocks([{ id: 'x', name: 'Élan Wyrm', size: 'huge' as const, type: 'dragon', cr: 0.25 }])
    for (const text of ['elan', 'ÉLAN wy', 'huge dragon', 'cr 1/4', 'wyrm cr 0.25'])
      expect(searchBlocks(own, { text }).map(({ id }) => id)).toEqual(['x'])
    for (const text of ['lan', 'tiny', 'cr 1', 'cr 2']) expect(searchBlocks(own, { text })).toEqual([])
  })

  it('finds by type, size and challenge, and all that is asked must fit', () => {
    const found = searchBlocks(index, { type: 'Dragon', size: 'huge', minCr: 15, maxCr: 17, limit: 400 })
    expect(found.length).toBeGreaterThan(3)
    for (const { type, size, cr } of found) {
      expect([type, size]).toEqual(['dragon', 'huge'])
      expect(cr).toBeGreaterThanOrEqual(15)
      expect(cr).toBeLessThanOrEqual(17)
    }
    expect(names({ text: 'huge dragon cr 17', limit: 400 })).toEqual(
      names({ type: 'dragon', size: 'huge', minCr: 17, maxCr: 17, limit: 400 }),
    )
  })

  it('gives all in order of their names when nothing is asked, up to its limit', () => {
    expect(names({ limit: 400 })).toHaveLength(334)
    expect(names({})).toHaveLength(50)
    expect(names({ limit: 2 })).toEqual(['Aboleth', 'Acolyte'])
  })

  it('reads each of 5,000 creatures once', () => {
    const blocks = Array.from({ length: 5_000 }, (_one, number) => ({
      id: `b${number}`,
      name: `Beast ${number}`,
      type: 'beast',
    }))
    expect(searchBlocks(indexBlocks(blocks), { text: 'beast 4999' }).map(({ id }) => id)).toEqual(['b4999'])
  })

  it('writes a challenge as books do', () => {
    expect([0, 0.125, 0.25, 0.5, 1, 30].map(tellChallenge)).toEqual(['0', '1/8', '1/4', '1/2', '1', '30'])
  })
})
