// The forms that the dice library of earlier versions took, as their tests and documents used them.
import { describe, expect, it } from 'vitest'
import { roll } from './index.ts'

const draw = (sides: number) => Math.min(sides, 2)

describe('dice of earlier versions', () => {
  it('are rolled as before', () => {
    for (const asked of [
      '1d20',
      '2d6+3',
      '4d6kh3',
      '4d6dl1',
      '2d20kl1+7',
      'd%',
      '4dF',
      '8d10>=8',
      '5d6!',
      '3d6!!p',
      '4d6r=1',
      '4d6ro<=2',
      '1d10u',
      '{4d6, 2d8+1}kh1',
      '(1+2)d6',
      'floor((1d20+5)/2)',
      '1d20%7',
      '100d100',
      '1d1000000',
      '3d1',
      '4d6min2',
      '4d6max3',
      '1d20cs>19cf<3',
      '4d6sd',
      'pow(2,3)',
      '2^3',
      'max(1d6,1d8)',
      '100d1000000sd',
    ])
      expect(roll(asked, draw)).toMatchObject({ notation: asked, label: '', total: expect.any(Number) as number })
    expect(roll('1d8 # sword', draw)).toMatchObject({ notation: '1d8', label: 'sword' })
    expect(roll('3d1', draw).output).toBe('3d1: [1, 1, 1] = 3')
    expect(roll('100d1000000sd', draw).output).toMatch(/^100d1000000sd: \[2, 2, .* = 200$/)
  })

  it('with many percent signs, which took minutes, are worked out at once', () => {
    expect(roll(`1${'%-1'.repeat(33)}`, draw).total).toBe(0)
    expect(roll(`1${'%1dF'.repeat(24)}`, (sides) => sides).total).toBe(0)
  })

  it('that nobody plays with are refused with the reason', () => {
    for (const [asked, reason] of [
      ['exp(1d6)', /no function exp/],
      ['log(2)', /no function log/],
      ['cos(1)', /no function cos/],
      ['{2d6}kh1', /Braces choose/],
      ['1d6 /* comment */', /not understood/],
    ] as const)
      expect(() => roll(asked, draw)).toThrow(reason)
  })
})
