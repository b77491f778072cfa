import {
  emptyMemberView,
  emptyState,
  type NarrativeEntry,
  type PlayerCampaignEvent,
  playerView,
  stateHash,
  type WhisperEvent,
} from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { campaignIn, isTrue, lacksWhispers, nothingViewed, withEvent, withWhisper } from './viewed.ts'

const at = '2026-01-01T20:00:00.000Z'
const view = playerView(emptyState)
const entry = (id: string, time: string) =>
  ({ id, text: id, at: time, rolls: [], withdrawn: false }) as unknown as NarrativeEntry

const opened = (campaignId: string, hash = stateHash(view)): PlayerCampaignEvent => ({
  type: 'campaign_active',
  campaign_id: campaignId,
  audience: 'player',
  timestamp: at,
  seq: 1,
  snapshot: { name: 'C', view, entries: [entry('told', `${at}1`)], more: false, hash, dm: null },
})

const handout = { id: 'letter', title: 'A letter', text: '', alt: '', picture: null }
const whispered = (campaignId: string): WhisperEvent => {
  const own = {
    ...emptyMemberView,
    handouts: [handout],
    presented: { handoutId: 'letter' },
    sheets: [{ id: 'mira', hash: 'h', uses: [] }],
  }
  const entries = [entry('whispered', `${at}2`)]
  return {
    type: 'whispers_active',
    campaign_id: campaignId,
    timestamp: at,
    seq: 1,
    entries,
    more: false,
    view: own,
    hash: stateHash(own),
  }
}

describe('the table in a player’s eyes', () => {
  it('is what all players share, without a player’s own stream', () => {
    const campaign = campaignIn(withEvent(nothingViewed, 'e:1', opened('c')))
    expect(campaign?.entries.map(({ id }) => id)).toEqual(['told'])
    expect(campaign?.view).toEqual(view)
  })

  it('has the whispers in the story, and the handouts that this player alone may see', () => {
    const viewed = withWhisper(withEvent(nothingViewed, 'e:1', opened('c')), 'w:1', whispered('c'))
    const campaign = campaignIn(viewed)
    expect(campaign?.entries.map(({ id }) => id)).toEqual(['told', 'whispered'])
    expect(campaign?.view).toMatchObject({ handouts: [handout], presented: { handoutId: 'letter' } })
    expect(campaign?.sheets.map(({ id }) => id)).toEqual(['mira'])
    expect([isTrue(viewed), lacksWhispers(viewed)]).toEqual([true, false])
  })

  it('shows nothing of another campaign, and asks for the whispers of the one that opened', () => {
    const viewed = withWhisper(withEvent(nothingViewed, 'e:1', opened('other')), 'w:1', whispered('c'))
    expect(campaignIn(viewed)?.view.handouts).toEqual([])
    expect(campaignIn(viewed)?.entries.map(({ id }) => id)).toEqual(['told'])
    expect(lacksWhispers(viewed)).toBe(true)
  })

  it('says so when its checksum differs from the server’s', () => {
    expect(isTrue(withEvent(nothingViewed, 'e:1', opened('c', 'another')))).toBe(false)
  })
})
