import type { MarketBoard, MarketEvent } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { barAfter, barOf } from './candle-bars.ts'
import { FrameBatch, type FrameClock } from './frame-batch.ts'
import { changeOf, emptyMarket, foldMarket, withLive } from './market-state.ts'

const at = '2025-01-15T10:30:00.000Z'
const board: MarketBoard = {
  index: 1_000,
  sectors: [{ id: 's', name: 'S', description: '', value: 110, reference: 100 }],
  agents: [{ id: 'a', name: 'A', description: '', sectorId: 's', status: 'idle' }],
  discussions: [{ id: 'd', title: 'D', sectorId: null }],
}
const snapshot: MarketEvent = { type: 'market:snapshot', data: board }
const value = (n: number): MarketEvent => ({ type: 'market:update', data: { sectorId: 's', value: n, timestamp: at } })
const said = (id: string): MarketEvent => ({
  type: 'discussion:new_message',
  data: { discussionId: 'd', message: { id, content: id, authorId: 'a', timestamp: at } },
})

describe('the market on a page', () => {
  it('the market’s state is the board, and then the live changes', () => {
    const opened = foldMarket(emptyMarket, [snapshot], 0)
    expect(opened.sectors.get('s')).toMatchObject({ value: 110, moved: null, past: [110] })
    const later = foldMarket(
      opened,
      [
        value(120),
        { type: 'market:update', data: { indexValue: 1_010, timestamp: at } },
        { type: 'agent:status_update', data: { agentId: 'a', status: 'active' } },
        { type: 'sector:candle_update', data: { sectorId: 's', candle: { timestamp: at, value: 119 } } },
        said('m'),
        said('m'),
      ],
      500,
    )
    expect(later.sectors.get('s')).toMatchObject({ value: 119, moved: 'down', past: [119] })
    expect(later.index).toBe(1_010)
    expect(later.agents.get('a')?.status).toBe('active')
    expect(later.candles.get('s')).toEqual({ timestamp: at, value: 119 })
    expect(later.messages.get('d')).toEqual([
      { id: 'm', content: 'm', authorId: 'a', authorName: 'a', timestamp: at, type: 'text' },
    ])
    expect(opened.sectors.get('s')?.value).toBe(110)
  })

  it('null for a missing field and times with an offset are read, as Python programs write them', () => {
    const opened = foldMarket(emptyMarket, [snapshot], 0)
    const candle = { timestamp: '2025-01-15T10:30:00+00:00', value: 5, open: null, high: null, low: null, close: null }
    const later = foldMarket(
      opened,
      [
        { type: 'market:update', data: { sectorId: 's', value: null, indexValue: 1_010, timestamp: at } },
        { type: 'market:update', data: { sectorId: null, value: null, indexValue: 1_011, timestamp: at } },
        { type: 'market:update', data: { sectorId: 's', value: 120, indexValue: null, timestamp: at } },
        {
          type: 'discussion:new_message',
          data: {
            discussionId: 'd',
            message: { id: 'm', content: 'm', authorId: 'a', authorName: null, timestamp: at, type: null },
          },
        },
      ],
      500,
    )
    expect(later.index).toBe(1_011)
    expect(later.sectors.get('s')?.value).toBe(120)
    expect(later.messages.get('d')).toEqual([
      { id: 'm', content: 'm', authorId: 'a', authorName: 'a', timestamp: at, type: 'text' },
    ])
    expect(barAfter(undefined, candle, 60_000)).toEqual({
      time: Date.parse(at) / 1_000,
      open: 5,
      high: 5,
      low: 5,
      close: 5,
    })
  })

  it('a sector keeps one point a second for the last minute', () => {
    let state = foldMarket(emptyMarket, [snapshot], 0)
    for (let second = 1; second <= 90; second++)
      state = foldMarket(state, [value(second - 0.5), value(second)], second * 1_000)
    const { past = [] } = state.sectors.get('s') ?? {}
    expect(past.length).toBe(60)
    expect(past.at(-1)).toBe(90)
    expect(past[0]).toBe(31)
  })

  it('a new board changes the lists and keeps the messages, and a snapshot has the messages read again', () => {
    const talked = foldMarket(emptyMarket, [snapshot, value(120), said('m')], 0)
    const renamed = {
      ...board,
      sectors: board.sectors.map((sector) => ({ ...sector, name: 'T', value: 120 })),
      agents: [],
    }
    const changed = foldMarket(talked, [{ type: 'market:board', data: renamed }], 0)
    expect(changed.sectors.get('s')).toMatchObject({ name: 'T', value: 120, moved: 'up' })
    expect(changed.agents.size).toBe(0)
    expect(changed.messages.get('d')?.length).toBe(1)
    expect(changed.snapshots).toBe(1)
    const again = foldMarket(changed, [snapshot], 0)
    expect(again.messages.size).toBe(0)
    expect(again.snapshots).toBe(2)
  })

  it('a change of a row that is not on the board is ignored', () => {
    const state = foldMarket(
      emptyMarket,
      [{ type: 'market:update', data: { sectorId: 'x', value: 1, timestamp: at } }],
      0,
    )
    expect(state.sectors.size).toBe(0)
  })

  it('a sector shows its change since yesterday where there was a value then', () => {
    expect(changeOf({ value: 110, reference: 100 })).toBeCloseTo(0.1)
    expect(changeOf({ value: 110, reference: 0 })).toBeNull()
  })

  it('a message is shown once, whether it was read or came live', () => {
    const message = (id: string) => ({ id, content: id, authorId: 'a', authorName: 'A', timestamp: at, type: 'text' })
    const shown = withLive([message('1'), message('2')], [message('2'), message('3')])
    expect(shown.map(({ id }) => id)).toEqual(['1', '2', '3'])
  })
})

describe('the newest bar', () => {
  const last = barOf({ timestamp: at, value: 12, open: 10, high: 15, low: 9, close: 12 })

  it('the newest bar grows with a candle of its interval, and keeps its opening value', () => {
    expect(barAfter(last, { timestamp: at, value: 17, open: 10, high: 17, low: 9, close: 17 }, 60_000)).toEqual({
      ...last,
      high: 17,
      close: 17,
    })
    expect(barAfter(last, { timestamp: '2025-01-15T10:33:00.000Z', value: 4 }, 300_000)).toEqual({
      ...last,
      low: 4,
      close: 4,
    })
  })

  it('the newest bar is followed by a newer one, and never by an older one', () => {
    expect(barAfter(last, { timestamp: '2025-01-15T10:31:00.000Z', value: 4 }, 60_000)).toEqual({
      time: last.time + 60,
      open: 4,
      high: 4,
      low: 4,
      close: 4,
    })
    expect(barAfter(last, { timestamp: '2025-01-15T10:29:00.000Z', value: 4 }, 60_000)).toBeNull()
    expect(barAfter(undefined, { timestamp: at, value: 4 }, 3_600_000)).toMatchObject({
      time: Date.parse('2025-01-15T10:00:00.000Z') / 1_000,
    })
  })
})

describe('a frame’s batch', () => {
  const clock = () => {
    const frames: (() => void)[] = []
    const timers: (() => void)[] = []
    const forget = (list: (() => void)[], work: () => void) => () => void list.splice(list.indexOf(work), 1)
    const made: FrameClock = {
      frame: (work) => (frames.push(work), forget(frames, work)),
      later: (work) => (timers.push(work), forget(timers, work)),
    }
    return { made, frames, timers }
  }

  it('a frame’s batch hands over all events of a frame in one call', () => {
    const { made, frames, timers } = clock()
    const batches: number[][] = []
    const batch = new FrameBatch<number>((items) => batches.push([...items]), made)
    for (let n = 0; n < 200; n++) batch.add(n)
    expect(frames.length).toBe(1)
    frames[0]?.()
    batch.add(200)
    frames[0]?.()
    expect(batches.map(({ length }) => length)).toEqual([200, 1])
    expect(timers.length).toBe(0)
  })

  it('a frame’s batch goes on while the page is hidden, and stops when it is closed', () => {
    const { made, frames, timers } = clock()
    const batches: number[][] = []
    const batch = new FrameBatch<number>((items) => batches.push([...items]), made)
    batch.add(1)
    timers[0]?.()
    expect(batches).toEqual([[1]])
    expect(frames.length).toBe(0)
    batch.add(2)
    batch.close()
    expect(frames.length + timers.length).toBe(0)
    expect(batches.length).toBe(1)
  })
})
