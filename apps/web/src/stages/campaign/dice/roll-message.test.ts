import { readNotation } from '@tablecast/rules'
import { describe, expect, it } from 'vitest'
import { d20With, rollMessage, takesMode } from './roll-message.ts'

describe('the message of a roll', () => {
  it('has the dice and the name of the roll', () => {
    expect(rollMessage({ notation: d20With(5), label: 'Stealth (Mira)' })).toBe('/roll 1d20+5 # Stealth (Mira)')
    expect(rollMessage({ notation: d20With(0) })).toBe('/roll 1d20')
    expect(rollMessage({ notation: d20With(-1), isSecret: true })).toBe('/gmroll 1d20-1')
  })

  it('throws the d20 twice with advantage or disadvantage, and no other die', () => {
    expect(rollMessage({ notation: '1d20+5', mode: 'advantage' })).toBe('/roll 2d20kh1+5')
    expect(rollMessage({ notation: 'd20 stealth', mode: 'disadvantage' })).toBe('/roll 2d20kl1 # stealth')
    expect(rollMessage({ notation: '2d6', mode: 'advantage' })).toBe('/roll 2d6')
    expect(['1d20+5', '2d20', '1d200', '2d6', '2d20kh1'].map(takesMode)).toEqual([true, false, false, false, false])
  })

  it('keeps words behind the dice, and is never longer than a label may be', () => {
    expect(rollMessage({ notation: '1d8 + 3 slashing', label: 'Longsword (Mira)' })).toBe(
      '/roll 1d8 + 3 # slashing · Longsword (Mira)',
    )
    expect(rollMessage({ notation: '4d6 kh3', label: 'Strength' })).toBe('/roll 4d6 kh3 # Strength')
    const long = rollMessage({ notation: '1d6', label: '🐉'.repeat(80) })
    expect(readNotation(long.slice('/roll '.length)).label.length).toBeLessThanOrEqual(100)
  })

  it('is understood by the server, whatever its name begins with', () => {
    for (const label of ['3 claws', '(Mira)', 'أحمد', '🐉 breath', '-1', 'adv'])
      expect(readNotation(rollMessage({ notation: '1d20+5', label }).slice('/roll '.length)).label).toBe(label)
  })
})
