import { blocksOf, changed, type Fog, FOG_BLOCK, hiddenFog, strokeOf } from '@tablecast/maps/fog'
import { FOG_COLOUR } from '@tablecast/maps/tiles'
import { describe, expect, it } from 'vitest'
import type { LogStream } from '../oracle.ts'
import { expectedPixels, mayBeGone, strokesBy } from './map-oracle.ts'

const SIZE = { width: 64, height: 64 }
const TILE = { id: '0-0-0' }

/** Blocks of the first row, from the left. */
function drawn(fog: Fog, blocks: number, reveals: boolean): Fog {
  const shape = blocksOf({ kind: 'rectangle', from: { x: 0, y: 0 }, to: { x: blocks * FOG_BLOCK, y: FOG_BLOCK } }, SIZE)
  return changed(fog, strokeOf(fog, shape, reveals) ?? [])
}

const one = drawn(hiddenFog(SIZE), 1, true)
const three = drawn(one, 3, true)
const last = drawn(three, 1, false)
const strokes = [hiddenFog(SIZE), one, three, last].map((fog, step) => ({ fog, sentAt: step * 1_000 }))

const updated = (seq: number, patch: object | null) => ({
  seq,
  text: JSON.stringify({ type: 'campaign_updated', seq, patch }),
})
const stream: LogStream = {
  epoch: 'epoch',
  head: 4,
  floor: 0,
  events: [updated(1, { tiles: {} }), updated(2, { tiles: {} }), updated(3, null), updated(4, { tiles: {} })],
}

describe('the oracle of maps', () => {
  it('counts the strokes that a player knows of by an event, from the event that showed the map', () => {
    const strokesUntil = strokesBy(stream, 1)
    expect([1, 2, 3, 4, Infinity].map(strokesUntil)).toEqual([0, 1, 1, 2, 2])
  })

  it('expects the pixels of revealed blocks, and the colour of fog in all others', () => {
    const pixels = expectedPixels(new Uint8Array(64 * 64 * 3).fill(200), TILE.id, one)
    expect([...pixels.subarray(15 * 3, 17 * 3)]).toEqual([200, 200, 200, ...FOG_COLOUR])
  })

  it('lets a tile be gone after a pixel of it was hidden', () => {
    expect(mayBeGone(strokes, 1, TILE, 3_500)).toBe(true)
  })

  it('lets no tile be gone that only grew in the last ten seconds', () => {
    expect(mayBeGone(strokes, 1, TILE, 2_500)).toBe(false)
    expect(mayBeGone(strokes.slice(0, 3), 1, TILE, 11_999)).toBe(false)
    expect(mayBeGone(strokes.slice(0, 3), 1, TILE, 12_000)).toBe(true)
  })

  it('lets no tile of the newest stroke be gone', () => {
    expect(mayBeGone(strokes, 3, TILE, 1e9)).toBe(false)
  })
})
