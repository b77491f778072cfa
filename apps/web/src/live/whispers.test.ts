import type { NarrativeEntry, WhisperEvent } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { foldWhispers, type Whispers, withPage, withWhispers } from './whispers.ts'

const entry = (id: string, at: number): NarrativeEntry => ({
  id,
  at: new Date(at).toISOString(),
  kind: 'whisper',
  author: { id: 'u', name: 'U', role: 'dm' },
  text: id,
  rolls: [],
  audience: 'member',
  withdrawn: false,
})
const stamp = { timestamp: '2026-01-01T00:00:00.000Z', seq: 1 }
const active = (entries: NarrativeEntry[], campaign_id = 'c'): WhisperEvent => ({
  ...stamp,
  type: 'whispers_active',
  campaign_id,
  entries,
  more: true,
})
const whispered = (entries: NarrativeEntry[], withdrawn: string[] = [], campaign_id = 'c'): WhisperEvent => ({
  ...stamp,
  type: 'whispered',
  campaign_id,
  entries,
  withdrawn: withdrawn.map((id) => ({ id, withdrawn: true })),
})
const fold = (events: WhisperEvent[]) =>
  events.reduce<Whispers | null>((whispers, event, place) => foldWhispers(whispers, `e:${place}`, event), null)

describe('whispers', () => {
  it('whispers follow the snapshot, can be taken back, and keep their position', () => {
    const whispers = fold([active([entry('a', 1)]), whispered([entry('b', 2)]), whispered([], ['a'])])
    expect(whispers?.entries.map(({ id, withdrawn }) => [id, withdrawn])).toEqual([
      ['a', true],
      ['b', false],
    ])
    expect(whispers).toMatchObject({ id: 'e:2', more: true })
    expect(whispers?.entries.map(({ text }) => text)).toEqual(['', 'b'])
  })

  it('a whisper of a campaign that is not shown moves the position and nothing else', () => {
    const whispers = fold([active([entry('a', 1)]), whispered([entry('x', 2)], [], 'other')])
    expect(whispers?.entries.map(({ id }) => id)).toEqual(['a'])
    expect(whispers?.id).toBe('e:1')
  })

  it('whispers stand in the story where they were heard', () => {
    const whispers = fold([active([entry('w0', 5), entry('w1', 15), entry('w2', 25), entry('w3', 99)])])
    const story = [entry('s1', 10), entry('s2', 20), entry('s3', 30)]
    const ids = withWhispers(story, whispers, 'c').map(({ id }) => id)
    expect(ids).toEqual(['s1', 'w1', 's2', 'w2', 's3', 'w3'])
    expect(withWhispers(story, whispers, 'other')).toEqual(story)
    // The older whisper shows with the page before it.
    expect(withWhispers([entry('s0', 1), ...story], whispers, 'c')[1]?.id).toBe('w0')
  })

  it('older pages of whispers come first, each entry once, and another campaign’s replace them', () => {
    const whispers = fold([active([entry('b', 2)])])
    const paged = withPage(whispers, 'c', { entries: [entry('a', 1), entry('b', 2)], more: false })
    expect([paged.entries.map(({ id }) => id), paged.more]).toEqual([['a', 'b'], false])
    expect(withPage(paged, 'd', { entries: [entry('x', 1)], more: false }).entries.map(({ id }) => id)).toEqual(['x'])
    // This page was requested before one of its entries was withdrawn.
    const undone = fold([active([entry('b', 2)]), whispered([], ['a'])])
    expect(withPage(undone, 'c', { entries: [entry('a', 1)], more: false }).entries.map(({ text }) => text)).toEqual([
      '',
      'b',
    ])
  })
})
