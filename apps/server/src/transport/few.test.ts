import { describe, expect, it } from 'vitest'
import { type Few, listOf, withOne, withoutOne } from './few.ts'

const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]

describe('A list of few', () => {
  it('keeps the order in which its elements came, and stores one as itself', () => {
    let few: Few<{ name: string }> = null
    expect(listOf(few)).toEqual([])
    few = withOne(few, a)
    expect(few).toBe(a)
    few = withOne(withOne(few, b), c)
    expect(listOf(few)).toEqual([a, b, c])
    few = withoutOne(few, b)
    expect(listOf(few)).toEqual([a, c])
    few = withoutOne(few, a)
    expect(few).toBe(c)
    expect(withoutOne(few, c)).toBeNull()
  })

  it('stays as it is without an element that it does not have', () => {
    expect(listOf(withoutOne(withOne(withOne(null, a), b), c))).toEqual([a, b])
    expect(withoutOne(null, a)).toBeNull()
  })
})
