import { type MemberView, stateHash, type WhisperEvent } from '@tablecast/contracts'
import { expect, test } from 'vitest'
import { foldOwnView, type OwnView } from './own-view.ts'

const stamp = { timestamp: '2026-01-01T00:00:00.000Z', seq: 1, entries: [], withdrawn: [] }
const letter = { id: 'letter', title: 'A letter', text: 'Come alone.', alt: '', picture: null }
const view: MemberView = { handouts: [letter], presented: null, sheets: [], requests: [] }
const empty: MemberView = { handouts: [], presented: null, sheets: [], requests: [] }

const active = (shown: MemberView): WhisperEvent => ({
  ...stamp,
  type: 'whispers_active',
  campaign_id: 'c',
  more: false,
  view: shown,
  hash: stateHash(shown),
})
const shows = (campaign_id: string, hash = stateHash(view)): WhisperEvent => ({
  ...stamp,
  type: 'member_updated',
  campaign_id,
  patch: { handouts: { upsert: [letter] } },
  hash,
})
const fold = (events: WhisperEvent[]) => events.reduce<OwnView | null>(foldOwnView, null)

test('a handout that is shown to a member is in the member’s own view', () => {
  expect(fold([active(empty), shows('c')])).toEqual({ campaignId: 'c', view, isTrue: true })
})

test('a handout that is hidden again is gone', () => {
  const hides: WhisperEvent = {
    ...stamp,
    type: 'member_updated',
    campaign_id: 'c',
    patch: { handouts: { remove: ['letter'] } },
    hash: stateHash(empty),
  }
  expect(fold([active(view), hides])).toEqual({ campaignId: 'c', view: empty, isTrue: true })
})

test('a view that differs from the server’s is noticed', () => {
  expect(fold([active(empty), shows('c', 'another hash')])?.isTrue).toBe(false)
})

test('the view of another campaign replaces the one before, and nothing of that stays', () => {
  const other: MemberView = {
    handouts: [{ ...letter, id: 'map' }],
    presented: { handoutId: 'map' },
    sheets: [],
    requests: [],
  }
  const loaded: WhisperEvent = {
    ...stamp,
    type: 'member_loaded',
    campaign_id: 'd',
    view: other,
    hash: stateHash(other),
  }
  expect(fold([active(view), loaded])).toEqual({ campaignId: 'd', view: other, isTrue: true })
  // The change of a campaign whose view has not come yet begins with nothing.
  expect(fold([active(other), shows('d')])).toEqual({ campaignId: 'd', view, isTrue: true })
})

test('whispers leave the view as it is, and a server without pictures sends none', () => {
  const whispered: WhisperEvent = { ...stamp, type: 'whispered', campaign_id: 'c' }
  expect(fold([active(view), whispered])?.view).toBe(view)
  const older: WhisperEvent = { ...stamp, type: 'whispers_active', campaign_id: 'c', more: false }
  expect(fold([older])).toBeNull()
})
