import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countRevealed } from '../fog/fog.ts'
import { seenBy } from '../sight/sight.ts'
import { MapFileError, readUniversalVtt } from './universal-vtt.ts'

const p = (x: number, y: number) => ({ x, y })
const file = {
  format: 0.3,
  resolution: { map_origin: p(0, 0), map_size: p(10, 8), pixels_per_grid: 64 },
  line_of_sight: [[p(1, 1), p(4, 1), p(4, 4), p(1, 4), p(1, 1)]],
  objects_line_of_sight: [[p(6, 6), p(7, 7)]],
  portals: [{ position: p(4, 2.5), bounds: [p(4, 2), p(4, 3)], rotation: 1.57, closed: true, freestanding: false }],
  lights: [{ position: p(2, 2), range: 3, intensity: 1, color: 'ffeccd8b', shadows: true }],
  environment: { baked_lighting: true, ambient_light: 'ffffffff' },
  image: 'aGVsbG8=',
}
const walled = (lines: unknown) => ({ ...file, objects_line_of_sight: [], line_of_sight: lines })

describe('a Universal VTT file', () => {
  it('is read in pixels of its picture', () => {
    expect(readUniversalVtt(file)).toEqual({
      size: { width: 640, height: 512 },
      grid: { kind: 'square', size: 64, offset: p(0, 0), scale: 5, unit: 'ft' },
      walls: [
        { a: p(64, 64), b: p(256, 64) },
        { a: p(256, 64), b: p(256, 256) },
        { a: p(256, 256), b: p(64, 256) },
        { a: p(64, 256), b: p(64, 64) },
        { a: p(384, 384), b: p(448, 448) },
      ],
      doors: [{ a: p(256, 128), b: p(256, 192), isOpen: false }],
      lights: [{ at: p(128, 128), reach: 192 }],
      isDaylight: true,
      picture: 'aGVsbG8=',
      warnings: [],
    })
  })

  it('that was cut out of a larger map is read from its own corner, with the grid where it was', () => {
    const cut = readUniversalVtt({ ...file, resolution: { ...file.resolution, map_origin: p(1.25, -0.5) } })
    expect(cut.walls[0]).toEqual({ a: p(-16, 96), b: p(176, 96) })
    expect(cut.grid.offset).toEqual(p(-16, -32))
  })

  it('needs only its resolution and its picture', () => {
    const { resolution, image } = file
    expect(readUniversalVtt({ resolution, image })).toMatchObject({
      walls: [],
      doors: [],
      lights: [],
      isDaylight: false,
    })
  })

  it('leaves out walls without length or beside the map, and says how many', () => {
    const { walls, warnings } = readUniversalVtt(
      walled([
        [p(1, 1), p(1, 1)],
        [p(-9, -9), p(-8, -9)],
        [p(1, 1), p(2, 1)],
      ]),
    )
    expect(walls).toHaveLength(1)
    expect(warnings).toEqual(['2 walls have no length or lie beside the map, and were left out.'])
  })

  it('gives walls that sight is computed with', () => {
    const { size, walls, doors, lights } = readUniversalVtt(file)
    const surroundings = { size, walls, doors, lights, isDaylight: true, farthest: 5_000 }
    expect(countRevealed(seenBy([{ at: p(160, 160), darkvision: 0 }], surroundings))).toBe(144)
  })

  it.each<[string, unknown, string]>([
    ['text', 'map', 'This is no map file.'],
    ['nothing', null, 'This is no map file.'],
    ['a list', [1, 2], 'This is no map file.'],
    [
      'another kind of file',
      { name: 'Mira' },
      'The map file is damaged, or of another kind: its “resolution” can’t be read.',
    ],
    [
      'without a picture',
      { ...file, image: '' },
      'The map file is damaged, or of another kind: its “image” can’t be read.',
    ],
    [
      'huge',
      { ...file, resolution: { ...file.resolution, map_size: p(1e9, 1e9) } },
      'The map file is damaged, or of another kind: its “resolution.map_size.x” can’t be read.',
    ],
    [
      'with a million points',
      walled([Array.from({ length: 1_000_000 }, (_none, x) => p(x, 0))]),
      'The map has more than 200,000 points.',
    ],
    [
      'with a million lines',
      walled(Array.from({ length: 1_000_000 }, () => [])),
      'The map has more than 200,000 points.',
    ],
    [
      'with very many walls',
      walled([Array.from({ length: 30_000 }, (_none, x) => p(x % 10, x % 7))]),
      'The map has more than 20,000 walls.',
    ],
  ])('that is %s is refused with a sentence', (_name, hostile, sentence) => {
    expect(() => readUniversalVtt(hostile)).toThrow(new MapFileError(sentence))
  })

  it('with coordinates of any size is read or refused, and no number of it is infinite', () => {
    const coordinate = fc.oneof(fc.double(), fc.constantFrom(1e308, -1e308, Number.MAX_SAFE_INTEGER, 0))
    const place = fc.record({ x: coordinate, y: coordinate })
    fc.assert(
      fc.property(fc.array(fc.array(place, { maxLength: 4 }), { maxLength: 4 }), place, (line_of_sight, position) => {
        const hostile = { ...file, line_of_sight, lights: [{ position, range: 3 }] }
        let read
        try {
          read = readUniversalVtt(hostile)
        } catch (problem) {
          expect(problem).toBeInstanceOf(MapFileError)
          return
        }
        const numbers = read.walls.flatMap(({ a, b }) => [a.x, a.y, b.x, b.y])
        expect(numbers.every(Number.isFinite)).toBe(true)
        expect(read.lights.every(({ at }) => Number.isFinite(at.x) && Number.isFinite(at.y))).toBe(true)
      }),
    )
  })
})
