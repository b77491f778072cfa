import { describe, expect, it } from 'vitest'
import { rollParts } from './roll-parts.ts'

const marked = (notation: string, output: string) =>
  rollParts({ notation, output: `${notation}: ${output}` }).map(({ text, isDropped, natural }) =>
    isDropped ? `~${text}~` : natural ? `*${text}*` : text,
  )
const drawn = (notation: string, output: string) => marked(notation, output).join('')

describe('A roll in the story', () => {
  it('shows its dice without the total, and its dropped dice apart', () => {
    expect(drawn('4d6kh3', '[6, 5, 1d, 1] = 12')).toBe('4d6kh3: [6, 5, ~1~, 1]')
    expect(drawn('2d20kl1+3', '[7d, 5]+3 = 8')).toBe('2d20kl1+3: [~7~, 5]+3')
    expect(drawn('2d6!', '[6!, 4] = 10')).toBe('2d6!: [6!, 4]')
  })

  it('shows a natural 20 and a natural 1 of the dice that count, and of twenty-sided dice alone', () => {
    expect(drawn('1d20+5', '[20]+5 = 25')).toBe('1d20+5: [*20*]+5')
    expect(drawn('2d20kh1', '[1d, 20] = 20')).toBe('2d20kh1: [~1~, *20*]')
    expect(drawn('1d20+1d100+1d6', '[1]+[20]+[1] = 22')).toBe('1d20+1d100+1d6: [*1*]+[20]+[1]')
  })

  it('shows a dropped group as one, and knows the dice after it', () => {
    const output = '{([6, 2, 2, 6]+[1, 7])d, [2, 20, 19]} = 41'
    expect(drawn('{4d6+2d8, 3d20}kh1', output)).toBe('{4d6+2d8, 3d20}kh1: {~([6, 2, 2, 6]+[1, 7])~, [2, *20*, 19]}')
  })

  it('shows an output that it can not read as it was written', () => {
    expect(drawn('100d20', '[20, 1, 5, …')).toBe('100d20: [20, 1, 5, …')
    expect(drawn('4d6d1', '[1, 1d] = 1')).toBe('4d6d1: [1, ~1~]')
    expect(marked('200000d6', '6, '.repeat(2_000)).join('')).toHaveLength(1_002)
  })
})
