import { emptyState } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { untilInShort, untilInWords } from './until-words.ts'

it('says when a condition ends, in full and beside the condition', () => {
  const save = { kind: 'save', ability: 'wis', dc: 13 } as const
  expect(untilInWords(save, emptyState)).toBe('until a WIS save of 13')
  expect(untilInShort(save, 4)).toBe('WIS 13')
  const turn = { kind: 'turn', at: 'end', of: 'nobody', round: 5 } as const
  expect(untilInWords(turn, emptyState)).toBe('until the end of somebody’s turn in round 5')
  expect([3, 4, 5, 6].map((round) => untilInShort(turn, round))).toEqual([
    '2 rounds',
    '1 round',
    'this round',
    'this round',
  ])
})
