import type { LibraryItem } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { campaignFacts, deletedFacts } from './campaign-facts.ts'

const item: LibraryItem = {
  id: 'c',
  name: 'C',
  archived: false,
  active: false,
  version: 1,
  createdAt: '2026-10-01T12:00:00.000Z',
  updatedAt: '2026-11-02T12:00:00.000Z',
  origin: null,
  entries: 1,
  pages: 0,
  deletedAt: null,
}

describe('the line under a campaign', () => {
  it('has its dates, its size and where it comes from', () => {
    expect(campaignFacts(item)).toBe('Changed Nov 2, 2026 · made Oct 1, 2026 · 1 entry')
    const exportedAt = '2026-09-03T12:00:00.000Z'
    const origin = { kind: 'file' as const, name: 'X', exportedAt }
    expect(campaignFacts({ ...item, entries: 1_312, pages: 41, origin })).toBe(
      'Changed Nov 2, 2026 · made Oct 1, 2026 · 1,312 entries · 41 pages · from a file of Sep 3, 2026',
    )
    expect(campaignFacts({ ...item, origin: { kind: 'copy', name: 'The Keep' } })).toContain('a copy of The Keep')
  })

  it('says how many days are left for a deleted one', () => {
    const deleted = { ...item, deletedAt: '2026-11-02T12:00:00.000Z' }
    const after = (days: number) => Date.parse(deleted.deletedAt) + days * 24 * 60 * 60_000
    expect(deletedFacts(deleted, after(0))).toBe('Deleted Nov 2, 2026 · 1 entry · is removed in 30 days')
    expect(deletedFacts(deleted, after(29))).toContain('is removed in 1 day')
    expect(deletedFacts(deleted, after(31))).toContain('is removed soon')
  })
})
