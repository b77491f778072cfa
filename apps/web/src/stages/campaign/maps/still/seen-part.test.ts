import type { MapTile } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import type { TableMap } from '../view/table-map.ts'
import { seenPart } from './seen-part.ts'

const map = { width: 2_000, height: 1_500, grid: { size: 50 } as TableMap['grid'] }
const tile = (id: string): MapTile => ({ id, name: 'n' })

describe('the part of a map that fills a screen', () => {
  it('is the whole map while players see nothing of it', () => {
    expect(seenPart(map, [], [])).toEqual({ left: 0, top: 0, right: 2_000, bottom: 1_500 })
  })

  it('has every visible tile of the finest level, and no more than the map', () => {
    const tiles = [tile('0-1-1'), tile('0-3-2'), tile('2-0-0')]
    expect(seenPart(map, tiles, [])).toEqual({ left: 512, top: 512, right: 2_000, bottom: 1_500 })
  })

  it('has every token with some room around it', () => {
    const part = seenPart(map, [tile('0-1-1')], [{ x: 100, y: 600, size: 1 }])
    expect(part).toEqual({ left: 50, top: 512, right: 1_024, bottom: 1_024 })
  })
})
