import type { GameMap, Token } from '@tablecast/contracts'
import { isRevealed } from '@tablecast/maps/fog'
import { describe, expect, it } from 'vitest'
import { sampleCampaign } from '../sample-campaign.ts'
import { MapMemory } from './map-memory.ts'
import { seenByParty } from './sight.ts'
import { noWalls } from './walls.ts'

const map: GameMap = {
  id: 'map',
  title: 'Crypt',
  pictureId: null,
  name: 'AAAAAAAAAAAAAAAAAAAAAA',
  width: 640,
  height: 640,
  grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
  sight: { isOn: true, isDaylight: true, farthest: 10 },
  isLocked: false,
  fog: { version: 0, change: null },
  openDoors: [],
  inSight: null,
}
const { characters } = sampleCampaign(new Date(0)).state
const party = characters.filter(({ kind, visible }) => kind === 'pc' && visible)
const tokenAt = (characterId: string, x: number): Token => ({
  id: `token-${characterId}`,
  mapId: map.id,
  characterId,
  name: '',
  x,
  y: 320,
  size: 1,
  visible: true,
  isLocked: false,
  darkvision: 0,
  inFog: false,
})

describe('the sight of a party', () => {
  it('is that of everybody together, and after a move is looked for again for the one who moved alone', () => {
    let reads = 0
    const wall = {
      get a() {
        reads += 1
        return { x: 0, y: 0 }
      },
      b: { x: 640, y: 0 },
    }
    const walls = { ...noWalls, walls: [wall] }
    const memory = new MapMemory()
    const places = party.map(({ id }, n) => tokenAt(id, 40 + n * 150))
    expect(places.length).toBeGreaterThan(2)
    const first = seenByParty({ tokens: places, characters }, map, walls, memory)
    for (const { x } of places) expect(isRevealed(first, Math.floor(x / 16), 20)).toBe(true)
    const ofAll = reads
    const [mover, ...others] = places
    if (!mover) throw new Error('there is a party')
    const next = seenByParty({ tokens: [{ ...mover, y: 360 }, ...others], characters }, map, walls, memory)
    expect(isRevealed(next, Math.floor(mover.x / 16), 22)).toBe(true)
    for (const { x } of others) expect(isRevealed(next, Math.floor(x / 16), 20)).toBe(true)
    expect(reads - ofAll).toBeLessThanOrEqual(Math.ceil(ofAll / places.length))
  })
})
