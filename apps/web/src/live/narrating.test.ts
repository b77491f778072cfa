import { describe, expect, it } from 'vitest'
import { foldNarrating } from './narrating.ts'

const turn = {
  id: 't',
  phase: 'writing',
  startedAt: '2026-01-01T00:00:00.000Z',
  estimateMs: null,
  text: 'The bell',
} as const

describe('the narrator’s turn', () => {
  it('a narrator’s turn grows by each piece once and in order', () => {
    const piece = { type: 'campaign_narrating_text', id: 't', at: 8, text: ' rings.' } as const
    const grown = foldNarrating(turn, piece)
    expect(grown?.text).toBe('The bell rings.')
    expect(foldNarrating(grown, piece)).toBe(grown)
    expect(foldNarrating(turn, { ...piece, at: 20 })).toBe(turn)
    expect(foldNarrating(turn, { ...piece, id: 'other' })).toBe(turn)
    expect(foldNarrating(null, piece)).toBeNull()
    const secret = { ...turn, text: null }
    expect(foldNarrating(secret, piece)).toBe(secret)
  })

  it('a narrator’s turn is replaced by a whole one, and gone when there is none', () => {
    expect(foldNarrating(null, { type: 'campaign_narrating', turn })).toBe(turn)
    expect(foldNarrating(turn, { type: 'campaign_narrating', turn: null })).toBeNull()
  })
})
