import { expect, it } from 'vitest'
import { turnsThatFit } from './use-turns-that-fit.ts'

it('a strip has as many turns as names have room, and two on any screen', () => {
  const fullHd = turnsThatFit(1_920 / 28)
  expect(fullHd).toBe(6)
  expect(turnsThatFit(3_840 / 56)).toBe(fullHd)
  expect(turnsThatFit(1_280 / 25.6)).toBe(4)
  expect(turnsThatFit(960 / 25.6)).toBe(2)
  expect(turnsThatFit(1)).toBe(2)
})
