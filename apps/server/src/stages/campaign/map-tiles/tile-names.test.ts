import { randomBytes } from 'node:crypto'
import { changed, type Fog, hiddenFog, strokeOf, writeChange } from '@tablecast/maps/fog'
import { tileName } from '@tablecast/maps/tile-name'
import { TileMasks } from '@tablecast/maps/tiles'
import type { MapFogRow, MapStrokeRow } from '@tablecast/store'
import { expect, it } from 'vitest'
import { TileNames } from './tile-names.ts'

/** Rows of whole bytes. */
const size = { width: 10_112, height: 10_112 }
const key = randomBytes(32).toString('hex')
const place = { level: 5, column: 0, row: 0 }
const id = '5-0-0'
const now = new Date('2026-01-01T00:01:00.000Z')

/** A map that was revealed by a stroke each 100 ms, until now. The names are those of the whole map, the newest first. */
function revealedBy(strokes: number) {
  const rows: MapStrokeRow[] = []
  const names: string[] = []
  let fog: Fog = hiddenFog(size)
  for (let stroke = 0; stroke < strokes; stroke++) {
    const shape = hiddenFog(size)
    shape.bits.fill(0xff, stroke * 490, stroke * 490 + 400)
    const change = strokeOf(fog, shape, true)
    if (!change) throw new Error('the stroke changes nothing')
    fog = changed(fog, change)
    const at = new Date(now.getTime() - (strokes - stroke) * 100).toISOString()
    rows.unshift({ campaignId: 'c', version: stroke + 1, mapId: 'm', at, change: writeChange(change) })
    const mask = new TileMasks(fog).maskOf(place)
    if (mask) names.unshift(tileName(key, id, mask))
  }
  const row: MapFogRow = { campaignId: 'c', mapId: 'm', version: strokes, key, bits: fog.bits }
  return {
    names,
    maps: {
      fog: () => Promise.resolve(row),
      recentStrokes: (_campaign: string, _map: string, since: string, limit: number) =>
        Promise.resolve(rows.filter(({ at }) => at >= since).slice(0, limit)),
    },
  }
}

const asked = (name: string, tileId = id) => ({
  campaignId: 'c',
  mapId: 'm',
  size,
  place: tileId === id ? place : { level: 0, column: 19, row: 19 },
  tile: { id: tileId, name },
})

it('thousands of names that nobody gave cost the work of one, however many strokes there were', async () => {
  const { maps, names } = revealedBy(100)
  const found = new TileNames()
  for (let guess = 0; guess < 3_000; guess++)
    expect(await found.find(maps, asked(randomBytes(16).toString('base64url')), now)).toBeNull()
  // The present fog, and at most four strokes a second.
  expect(found.masks).toBe(41)
  expect(await found.find(maps, asked(names[0] ?? ''), now)).not.toBeNull()
  expect(await found.find(maps, asked(names[30] ?? ''), now)).not.toBeNull()
  expect(found.masks).toBe(41)
})

it('a stroke beside a tile costs nothing of the tile', async () => {
  const { maps } = revealedBy(30)
  const found = new TileNames()
  const shown = hiddenFog(size)
  shown.bits.fill(0xff)
  const row = { ...(await maps.fog()), bits: shown.bits }
  const whole = { ...maps, fog: () => Promise.resolve(row) }
  expect(await found.find(whole, asked('A'.repeat(22), '0-19-19'), now)).toBeNull()
  expect(found.masks).toBe(1)
})

it('a name that was remembered is forgotten ten seconds after its stroke', async () => {
  const { maps, names } = revealedBy(3)
  const found = new TileNames()
  const older = asked(names[1] ?? '')
  expect(await found.find(maps, older, now)).not.toBeNull()
  expect(await found.find(maps, older, new Date(now.getTime() + 9_800))).not.toBeNull()
  expect(await found.find(maps, older, new Date(now.getTime() + 10_000))).toBeNull()
})
