import { describe, expect, it } from 'vitest'
import { draws, fight, hit, monster, pc, run } from '../testing/operated-fights.ts'

describe('a rolled attack', () => {
  const start = fight([monster('wolf', 11), pc('mira', 20, 20, { armourClass: 15 })], 'wolf')
  const bite = (more = {}) => ({ type: 'attack', by: 'wolf', action: 'Bite', target: 'mira', ...more })

  it('in secret writes its line and its dice for the DMs alone', () => {
    const { lines, state, due } = run(start, [bite(), draws(11)])
    expect(lines).toEqual([expect.objectContaining({ players: null, rolls: [expect.objectContaining({ total: 15 })] })])
    expect(lines[0]?.dm).toBe('Fighter wolf attacks Fighter mira. Bite: 15 against AC 15, hits.')
    expect(due).toEqual([
      { kind: 'attack', fighter: 'wolf', action: 'Bite', output: '1d20+4: [11]+4 = 15', hits: true, isCritical: false },
    ])
    expect(state).toEqual(start)
  })

  it('in the open shows players the notation, but neither its name nor the armour class', () => {
    const { lines } = run(start, [bite({ secret: false, advantage: 'advantage' }), draws(3, 10)])
    const [open, forDm] = lines
    expect(open).toMatchObject({ players: 'Fighter wolf attacks Fighter mira: 14 to hit.', isBookkeeping: false })
    expect(open?.rolls.map(({ notation }) => notation)).toEqual(['2d20kh1+4'])
    expect(forDm).toMatchObject({ players: null, rolls: [] })
    expect(forDm?.dm).toContain('Bite: 14 against AC 15, misses.')
  })

  it('of a hidden fighter writes nothing for players', () => {
    const hidden = fight([monster('wolf', 11, { visible: false }), pc('mira', 20)], 'wolf')
    const { lines } = run(hidden, [bite({ secret: false }), draws(11)])
    expect(lines.map(({ players }) => players)).toEqual([null, null])
  })

  it('that the fighter does not have is refused', () => {
    expect(() => run(start, [bite({ action: 'Claw' })])).toThrow('Fighter wolf has no attack “Claw”.')
  })

  it('deals damage whose dice are for DMs alone where it is secret', () => {
    const { lines } = run(start, [hit('mira', '1d6+2', { by: 'wolf', secret: true }), draws(4)])
    const [dice, told] = lines
    expect(told).toMatchObject({ players: 'Fighter wolf hits Fighter mira for 6 (hurt).', rolls: [] })
    expect(dice).toMatchObject({ players: null, rolls: [expect.objectContaining({ notation: '1d6+2' })] })
  })
})
