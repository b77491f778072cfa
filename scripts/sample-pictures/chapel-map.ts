// The drowned chapel of Saint Orla from above, as a map to fight on. Its tiles are kept without loss, so it is drawn in flat colours:
// light and depth are steps, and there is no filter.
import {
  altar,
  CELL,
  COLUMN_RADIUS,
  columns,
  COLUMNS,
  type Door,
  doors,
  font,
  heaps,
  ROWS,
  torches,
  WALL,
  walls,
} from './chapel-plan.ts'
import { curve, Definitions, ellipse, group, line, picture, type Point, polygon, randomOf, rect, shape } from './svg.ts'

const WIDTH = COLUMNS * CELL
const HEIGHT = ROWS * CELL
const INK = '#13201f'

type Random = ReturnType<typeof randomOf>

export function chapelMap(): string {
  const definitions = new Definitions()
  return picture([WIDTH, HEIGHT], [WIDTH, HEIGHT], definitions, [
    sea(),
    shoal(),
    stacks(),
    wreck(),
    boat(),
    graves(),
    causeway(),
    floors(definitions),
    light(definitions),
    steps(),
    apseFurniture(),
    pews(),
    basin(),
    ...columns.map(column),
    rubble(),
    masonry(),
    windows(),
    beams(),
    ...doors.map(door),
    ...torches.map(torch),
    tower(),
    sacristy(),
    weeds(),
  ])
}

const px = ([x, y]: Point): Point => [x * CELL, y * CELL]
const pick = <T>(random: Random, list: readonly [T, ...T[]]): T => list[Math.floor(random(0, list.length))] ?? list[0]

/** A stone with these corners' number, a little uneven. */
function boulder(random: Random, [x, y]: Point, radius: number, corners = 7): Point[] {
  const turn = random(0, Math.PI)
  return Array.from({ length: corners }, (_, corner): Point => {
    const angle = turn + (corner * 2 * Math.PI) / corners
    const reach = radius * random(0.75, 1.15)
    return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach]
  })
}

const moved = (points: readonly Point[], dx: number, dy: number): Point[] =>
  points.map(([x, y]): Point => [x + dx, y + dy])
const shrunk = (points: readonly Point[], [x, y]: Point, by: number): Point[] =>
  points.map(([a, b]): Point => [x + (a - x) * by, y + (b - y) * by])

/** A rectangle around a point, turned. */
function plank([x, y]: Point, length: number, width: number, turn: number): Point[] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)]
  return (
    [
      [-length, -width],
      [length, -width],
      [length, width],
      [-length, width],
    ] as const
  ).map(([a, b]): Point => [x + (a * c - b * s) / 2, y + (a * s + b * c) / 2])
}

const SEA = '#14343f'

function sea(): string {
  const random = randomOf(3)
  const waves = Array.from({ length: 150 }, () => {
    const [x, y, length] = [random(-40, WIDTH), random(10, HEIGHT), random(28, 90)]
    const rise = random(4, 9)
    return line(
      curve([
        [x, y],
        [x + length * 0.3, y - rise],
        [x + length * 0.7, y + rise * 0.4],
        [x + length, y - rise * 0.3],
      ]),
      pick(random, ['#1c4450', '#1c4450', '#2a5963', '#0f2a34']),
      pick(random, [3, 4, 5]),
    )
  })
  return rect(0, 0, WIDTH, HEIGHT, SEA) + waves.join('')
}

/** The shallow sea and the rock that the chapel stands on: the same outline, wider and wider. */
function shoal(): string {
  const random = randomOf(8)
  const rough = (points: readonly Point[]) =>
    curve(
      points.map(([x, y]): Point => [(x + random(-0.18, 0.18)) * CELL, (y + random(-0.18, 0.18)) * CELL]),
      true,
    )
  const ground = rough([
    [-1, 8.7],
    [1.2, 8.5],
    [3.2, 8.4],
    [4.3, 7.2],
    [4.1, 5],
    [4, 3],
    [4.4, 1.6],
    [6.4, 1.2],
    [8.4, 1.5],
    [8.9, 3],
    [9, 5],
    [11, 5.1],
    [14, 5],
    [16.6, 5.2],
    [17.4, 6.2],
    [19.4, 6.2],
    [21.5, 7],
    [22.8, 8.6],
    [23, 10.4],
    [22.3, 12.3],
    [20.9, 13.6],
    [20.9, 16],
    [20.6, 17.6],
    [18.4, 17.9],
    [16.4, 17.6],
    [16, 15.6],
    [14, 15.2],
    [12.4, 15.7],
    [10.4, 15.5],
    [8, 15],
    [5.2, 15.1],
    [4.2, 14],
    [4.2, 12],
    [3.4, 11.5],
    [1.2, 11.4],
    [-1, 11.2],
  ])
  const ring = (width: number, colour: string) => line(ground, colour, width)
  return [
    ring(230, '#173f4a'),
    ring(170, '#1c4a54'),
    ring(96, '#25585f'),
    ring(44, '#33696c'),
    ring(20, '#8fb0a6'),
    shape(ground, '#3a4d4a', { stroke: '#22332f', strokeWidth: 7 }),
    ...ledges(random),
  ].join('')
}

/** Bare rock around the walls, in flat plates. */
function ledges(random: Random): string[] {
  const places: Point[] = [
    [4.1, 6.6],
    [4, 7.8],
    [4.3, 12.6],
    [4.5, 14.6],
    [6.4, 15.1],
    [8.6, 15.2],
    [9.3, 5.2],
    [11.6, 5.2],
    [13.8, 5.2],
    [15.8, 5.1],
    [17.6, 6.2],
    [19.4, 6.4],
    [21.3, 7.3],
    [22.6, 9],
    [22.7, 11],
    [21.8, 12.7],
    [20.8, 15],
    [20.7, 17.2],
    [16.2, 16.4],
    [15, 15],
    [4.2, 3.6],
    [4.3, 1.8],
    [6.6, 1.4],
    [8.6, 2.4],
    [8.7, 4.4],
  ]
  return places.flatMap(([x, y]) =>
    Array.from({ length: 3 }, () => {
      const at = px([x + random(-0.55, 0.55), y + random(-0.35, 0.35)])
      const plate = boulder(random, at, random(20, 46), 8)
      return (
        shape(polygon(plate), pick(random, ['#465b56', '#52665f', '#5d7067']), { stroke: '#22332f', strokeWidth: 3 }) +
        shape(polygon(moved(shrunk(plate, at, 0.6), -4, -5)), pick(random, ['#5d7067', '#6a7d72', '#52665f']))
      )
    }),
  )
}

/** A ship that lies on its keel north of the causeway, with its planks gone. */
function wreck(): string {
  const [x, y] = px([1.75, 4.35])
  const hull = (grow: number): string =>
    curve(
      [
        [0, -250 - grow],
        [62 + grow, -150],
        [92 + grow, -10],
        [80 + grow, 130],
        [44 + grow, 224 + grow],
        [-44 - grow, 224 + grow],
        [-80 - grow, 130],
        [-92 - grow, -10],
        [-62 - grow, -150],
      ],
      true,
    )
  const ribs = [-170, -118, -64, -8, 48, 104, 160].flatMap((at, index) => {
    const reach = 104 - Math.abs(at + 4) * 0.24
    return ([-1, 1] as const).flatMap((side) => {
      const isShort = (side === 1 && (index === 2 || index === 5)) || (side === -1 && index === 0)
      const length = isShort ? 0.55 : 1
      const d = curve([
        [0, at],
        [side * reach * 0.55 * length, at - 9 * length],
        [side * reach * length, at - 26 * length],
      ])
      return [
        line(d, '#0d242c', 15, { transform: 'translate(8 11)', opacity: 0.6 }),
        line(d, INK, 18),
        line(d, '#7a674b', 11),
        line(d, '#9d8862', 4, { transform: 'translate(-1 -2)' }),
      ]
    })
  })
  const keel = 'M0 -246C4 -120 4 100 0 218'
  const gone = [
    polygon(plank([-74, 70], 150, 16, 1.5)),
    polygon(plank([66, -120], 120, 16, 1.25)),
    polygon(plank([118, 150], 90, 15, 0.5)),
    polygon(plank([-120, -180], 80, 15, -0.7)),
  ]
  return group(
    [
      shape(hull(34), '#1c4a54'),
      shape(hull(0), '#102b33', { opacity: 0.8 }),
      shape(hull(-26), '#1a424b', { opacity: 0.8 }),
      ...gone.map((d) => shape(d, '#6b5a43', { stroke: INK, strokeWidth: 4 })),
      ...ribs,
      line(keel, INK, 25),
      line(keel, '#6b5a43', 17),
      line(keel, '#8f7b58', 5, { transform: 'translate(-3 0)' }),
    ],
    { transform: `translate(${x} ${y}) rotate(14)` },
  )
}

/** The ferryman's boat, tied to the causeway. */
function boat(): string {
  const [x, y] = px([1.9, 12.5])
  const hull = 'M-92 0C-66 -38 30 -44 84 -16L84 16C30 44 -66 38 -92 0Z'
  return (
    line(`M${2.9 * CELL} ${12.4 * CELL}Q${3.5 * CELL} ${12 * CELL} ${3.2 * CELL} ${11.2 * CELL}`, '#b9a67c', 4) +
    group(
      [
        shape(hull, '#0d242c', { transform: 'translate(9 13)', opacity: 0.6 }),
        shape(hull, '#9a7448', { stroke: INK, strokeWidth: 5 }),
        shape(hull, '#54402a', { transform: 'scale(0.82 0.74)', stroke: INK, strokeWidth: 4 }),
        ...[-34, 8, 48].map((at) => rect(at, -27, 15, 54, '#a9835a', { stroke: INK, strokeWidth: 3 })),
        line('M-40 -8L70 58M-30 12L52 -62', INK, 10),
        line('M-40 -8L70 58M-30 12L52 -62', '#c2a06c', 5),
        shape(polygon(plank([74, 60], 30, 15, 0.55)), '#c2a06c', { stroke: INK, strokeWidth: 3 }),
        shape(polygon(plank([56, -66], 30, 15, -0.73)), '#c2a06c', { stroke: INK, strokeWidth: 3 }),
      ],
      { transform: `translate(${x} ${y}) rotate(-9)` },
    )
  )
}

/** Rocks far out, each with its shallows under all of them. */
function stacks(): string {
  const random = randomOf(37)
  const rocks = (
    [
      [21.6, 2.6, 66],
      [22.5, 3.35, 40],
      [12.4, 2.3, 44],
      [13.2, 2.75, 26],
      [22.9, 15.3, 52],
      [22.3, 16.2, 28],
      [3.1, 16.4, 40],
    ] as const
  ).map(([x, y, radius]) => {
    const at = px([x, y])
    return { at, radius, rock: boulder(random, at, radius, 9) }
  })
  const around = (by: number, colour: string) =>
    rocks.map(({ at, rock }) => shape(curve(shrunk(rock, at, by), true), colour))
  return [
    ...around(1.75, '#1c4a54'),
    ...around(1.3, '#33696c'),
    ...around(1.12, '#8fb0a6'),
    ...rocks.flatMap(({ at, radius, rock }) => [
      shape(polygon(rock), '#465b56', { stroke: '#22332f', strokeWidth: 4 }),
      shape(polygon(moved(shrunk(rock, at, 0.66), -radius * 0.09, -radius * 0.12)), '#5d7067'),
      shape(polygon(moved(shrunk(rock, at, 0.34), -radius * 0.16, -radius * 0.2)), '#73867a'),
    ]),
  ].join('')
}

/** Gravestones in the shallow sea south of the nave: some stand, some lie. */
function graves(): string {
  const random = randomOf(19)
  const standing: Point[] = [
    [6.5, 16.4],
    [10.5, 16.6],
    [9.5, 17.5],
    [13.5, 16.5],
    [12.5, 17.4],
  ]
  const lying: Point[] = [
    [8.4, 16.6],
    [7.3, 17.3],
    [14.5, 17.2],
  ]
  const bank = line(curve([px([6, 16.9]), px([8.5, 16.7]), px([11, 17]), px([14.4, 17])]), '#1c4a54', 165)
  return [
    bank,
    ...standing.map(([a, b]) => {
      const at = px([a + random(-0.12, 0.12), b])
      const turn = random(-0.25, 0.25)
      const slab = plank(at, 56, 22, turn)
      return [
        ellipse(at[0], at[1] + 4, 46, 28, '#2f686c'),
        shape(polygon(moved(slab, 12, 16)), '#0d242c', { opacity: 0.7 }),
        shape(polygon(slab), '#8b978d', { stroke: INK, strokeWidth: 4 }),
        shape(polygon(plank([at[0] - 1, at[1] - 4], 48, 8, turn)), '#b9c1b0'),
      ].join('')
    }),
    ...lying.map(([a, b]) => {
      const [x, y] = px([a, b])
      const stone = 'M-27 44V-18Q-27 -46 0 -46Q27 -46 27 -18V44Z'
      return group(
        [
          shape(stone, '#2f686c', { transform: 'scale(1.35)' }),
          shape(stone, '#0d242c', { transform: 'translate(7 8)', opacity: 0.6 }),
          shape(stone, '#7f9088', { stroke: INK, strokeWidth: 4 }),
          line('M0 -30V26M-14 -12H14', '#4b5f5b', 6),
        ],
        { transform: `translate(${x} ${y}) rotate(${Math.round(random(-60, 60))})` },
      )
    }),
  ].join('')
}

function causeway(): string {
  const random = randomOf(27)
  const stones: string[] = []
  for (let row = 0; row < 6; row++) {
    const y = 8.98 + row * 0.36
    let x = -0.2 - random(0, 0.5)
    while (x < 4.6) {
      const length = random(0.55, 1.05)
      const end = Math.min(x + length, 4.9)
      const edge = row === 0 || row === 5
      if (!edge || random() < 0.86) {
        const lift = edge ? random(-0.1, 0.1) : 0
        const corners: Point[] = [
          [x + 0.03, y + lift + random(0, 0.04)],
          [end - 0.03, y + lift + random(0, 0.04)],
          [end - 0.03, y + lift + 0.32 + random(-0.03, 0.03)],
          [x + 0.03, y + lift + 0.32 + random(-0.03, 0.03)],
        ]
        stones.push(
          shape(
            polygon(corners.map(px)),
            pick(random, edge ? ['#6d7469', '#787d70', '#626b63'] : ['#8f8d7d', '#9a9786', '#85857a', '#a19d8a']),
            {
              stroke: '#2a3734',
              strokeWidth: 4,
              strokeLinejoin: 'round',
            },
          ),
        )
      }
      x = end
    }
  }
  const bed = rect(-10, 8.85 * CELL, 4.8 * CELL, 2.3 * CELL, '#33443f', { rx: 12 })
  return bed + stones.join('')
}

/** Slabs in courses, each row with its own joints. `share` of them have another colour than the bed. */
function flags(
  [left, top, right, bottom]: readonly [number, number, number, number],
  height: number,
  colours: readonly [string, ...string[]],
  joint: string,
  seed: number,
): string[] {
  const random = randomOf(seed)
  const slabs: string[] = []
  for (let row = 0; top + row * height < bottom - 0.01; row++) {
    let x = left - (row % 2 ? height * 0.7 : 0)
    while (x < right) {
      const width = height * pick(random, [1.2, 1.5, 1.5, 2])
      slabs.push(
        rect(x * CELL, (top + row * height) * CELL, width * CELL, height * CELL, pick(random, colours), {
          stroke: joint,
          strokeWidth: 3,
        }),
      )
      x += width
    }
  }
  return slabs
}

const NAVE = 'M400 480H1280V560H1520A240 240 0 0 1 1520 1040H1280V1120H400Z'
const APSE = 'M1300 560H1520A240 240 0 0 1 1520 1040H1300Z'
const box = (x: number, y: number, width: number, height: number): string =>
  `M${x * CELL} ${y * CELL}h${width * CELL}v${height * CELL}h${-width * CELL}Z`

function floors(definitions: Definitions): string {
  const water = ['#3f6f70', '#447574', '#396769', '#3f6f70', '#4a7c79'] as const
  const nave = group([...flags([5, 6, 16.6, 14], 2 / 3, water, '#2d5658', 41), depth(), ...ripples()], {
    clipPath: definitions.clip(box(4.4, 6, 12.2, 8)),
  })
  const chancel = group(
    flags([16, 6.5, 22.5, 13.5], 0.5, ['#9b937e', '#a59c86', '#918a77', '#aaa28c'], '#5f5b4e', 43),
    {
      clipPath: definitions.clip(APSE),
    },
  )
  const room = (d: string, seed: number, colours: readonly [string, ...string[]], joint: string) =>
    group(flags([4, 1, 21, 18], 0.5, colours, joint, seed), { clipPath: definitions.clip(d) })
  return [
    nave,
    chancel,
    room(box(5, 2, 3, 3) + box(6, 5, 1, 1), 47, ['#77786c', '#808174', '#6f7166'], '#42463f'),
    room(box(17, 14, 3, 3) + box(18, 13, 1, 1), 53, ['#7f7a69', '#88826f', '#767263'], '#4a483e'),
  ].join('')
}

/** Deeper water towards the broken wall and in a hollow of the floor. */
function depth(): string {
  const deep = curve(
    [
      [9.6, 15],
      [9.2, 13.4],
      [9.9, 12.2],
      [11.4, 11.3],
      [13, 11.6],
      [14.2, 12.6],
      [14.3, 14],
      [13.8, 15],
    ].map(([x = 0, y = 0]) => px([x, y])),
    true,
  )
  const hollow = curve(
    [
      [11.8, 7.4],
      [13.2, 6.9],
      [14.4, 7.6],
      [14.2, 8.9],
      [12.9, 9.4],
      [11.9, 8.6],
    ].map(([x = 0, y = 0]) => px([x, y])),
    true,
  )
  return [
    line(deep, '#1d4a52', 60, { opacity: 0.25 }),
    shape(deep, '#1d4a52', { opacity: 0.45 }),
    shape(hollow, '#1d4a52', { opacity: 0.35 }),
  ].join('')
}

function ripples(): string[] {
  const random = randomOf(61)
  return Array.from({ length: 46 }, () => {
    const [x, y, length] = [random(5.1, 15.4) * CELL, random(6.2, 13.8) * CELL, random(24, 70)]
    return line(
      curve([
        [x, y],
        [x + length * 0.35, y - 6],
        [x + length * 0.7, y + 3],
        [x + length, y - 3],
      ]),
      '#86aea2',
      3,
      { opacity: 0.55 },
    )
  })
}

/** The light of the torches, the font and the windows of the apse, in steps. */
function light(definitions: Definitions): string {
  const pool = (at: Point, colour: string, radii: readonly number[], opacity: number) =>
    radii.map((radius) => ellipse(...px(at), radius * CELL, radius * CELL, colour, { opacity }))
  const beams = [-60, -30, 30, 60].map((degrees) => {
    const turn = (degrees * Math.PI) / 180
    const at = (radius: number, aside: number): Point =>
      px([19 + Math.cos(turn) * radius - Math.sin(turn) * aside, 10 + Math.sin(turn) * radius + Math.cos(turn) * aside])
    return shape(polygon([at(3, -0.2), at(3, 0.2), at(1.1, 0.42), at(1.1, -0.42)]), '#cfe6d2', { opacity: 0.28 })
  })
  return (
    group(
      [
        ...torches.flatMap((at) => pool(at, '#ffc061', [3.1, 2.5, 1.9, 1.3, 0.75], 0.14)),
        ...pool(font, '#62f5ab', [2.9, 2.35, 1.85, 1.4], 0.14),
      ],
      { clipPath: definitions.clip(NAVE) },
    ) + group(beams, { clipPath: definitions.clip(APSE) })
  )
}

function steps(): string {
  return [0, 1, 2]
    .map((step) => {
      const x = (16 + step * 0.2) * CELL
      return (
        rect(x, 8 * CELL, 16, 4 * CELL, ['#6f8078', '#8b9080', '#a79f89'][step] ?? '') +
        rect(x, 8 * CELL, 4, 4 * CELL, '#2f4344')
      )
    })
    .join('')
}

function apseFurniture(): string {
  const [x, y] = px(altar)
  const dais = (half: number, tall: number, colour: string) =>
    rect(x - half + 8, y - tall + 10, half * 2, tall * 2, '#2c2a24', { opacity: 0.45 }) +
    rect(x - half, y - tall, half * 2, tall * 2, colour, { stroke: '#4a463b', strokeWidth: 4 })
  const slab = plank([x + 6, y + 2], 92, 208, 0.06)
  const cross = [
    line(`M${x + 6} ${y - 74}V${y + 76}M${x - 22} ${y - 26}H${x + 34}`, '#8d8878', 7),
    ellipse(x + 6, y - 26, 20, 20, 'none', { stroke: '#8d8878', strokeWidth: 7 }),
  ]
  const saint = px([21.45, 10])
  return [
    // A carpet that the tide has torn.
    shape(
      polygon([
        px([16.7, 9.45]),
        px([18.3, 9.45]),
        px([18.3, 10.55]),
        px([17.1, 10.55]),
        px([16.85, 10.3]),
        px([16.95, 10]),
      ]),
      '#7a3b36',
      { stroke: '#4d2623', strokeWidth: 4 },
    ),
    line(`M${17.1 * CELL} ${9.57 * CELL}H${18.3 * CELL}M${17.2 * CELL} ${10.43 * CELL}H${18.3 * CELL}`, '#b98f5a', 4),
    dais(98, 146, '#b4ab94'),
    dais(76, 124, '#c4bba3'),
    // The dark under the slab, which is not quite shut.
    rect(x - 46, y - 104, 92, 208, '#0c1413', { rx: 4 }),
    rect(x - 44, y - 60, 14, 120, '#1f5a43'),
    shape(polygon(moved(slab, 9, 11)), '#2c2a24', { opacity: 0.5 }),
    shape(polygon(slab), '#ddd6c0', { stroke: INK, strokeWidth: 5 }),
    shape(polygon(plank([x + 6, y + 2], 74, 190, 0.06)), 'none', { stroke: '#b3ab95', strokeWidth: 4 }),
    group(cross, { transform: `rotate(3.4 ${x + 6} ${y})` }),
    // The saint, in her niche.
    ellipse(saint[0] + 8, saint[1] + 9, 34, 34, '#2c2a24', { opacity: 0.45 }),
    ellipse(...saint, 34, 34, '#8f8a7a', { stroke: INK, strokeWidth: 4 }),
    ellipse(saint[0] + 2, saint[1], 22, 26, '#c9c2ac', { stroke: '#5f5b4e', strokeWidth: 3 }),
    ellipse(saint[0] - 3, saint[1], 11, 11, '#e4ddc8', { stroke: '#5f5b4e', strokeWidth: 3 }),
    // Candles that went out.
    ...[
      [18.75, 8.5],
      [18.75, 11.5],
    ].map(([a = 0, b = 0]) => ellipse(a * CELL, b * CELL, 9, 9, '#ece5cd', { stroke: INK, strokeWidth: 3 })),
  ].join('')
}

type Pew = readonly [x: number, y: number, degrees: number, length?: number]
const barricade: readonly Pew[] = [
  [13.4, 6.9, 78],
  [14.3, 7.2, 100],
  [13.8, 8.3, 58],
  [14.7, 8.9, 92],
  [13.5, 9.5, 101],
  [14.4, 10.3, 72],
  [13.7, 11.1, 112],
  [14.9, 11.0, 88],
  [14.2, 12.2, 64],
  [13.4, 12.9, 96],
  [14.8, 13.1, 118],
  [14.0, 9.9, 20, 1.3],
  [14.1, 7.8, -24, 1.2],
  [14.3, 11.6, 8, 1.4],
]
const strays: readonly Pew[] = [
  [8.4, 11.6, 24],
  [9.9, 12.9, -14],
  [11.9, 10.4, 84],
  [8.2, 6.7, 6],
]

function pews(): string {
  return [...strays, ...barricade]
    .map(([x, y, degrees, length = 2]) => {
      const [turn, at, long] = [(degrees * Math.PI) / 180, px([x, y]), length * CELL]
      const side = (by: number): Point => [at[0] - Math.sin(turn) * by, at[1] + Math.cos(turn) * by]
      const end = (by: number): Point => [at[0] + Math.cos(turn) * by, at[1] + Math.sin(turn) * by]
      return [
        shape(polygon(moved(plank(at, long + 8, 54, turn), 10, 13)), '#0f2c30', { opacity: 0.5 }),
        shape(polygon(plank(at, long, 48, turn)), '#7c5a38', { stroke: INK, strokeWidth: 5, strokeLinejoin: 'round' }),
        shape(polygon(plank(side(8), long - 12, 22, turn)), '#96704a'),
        shape(polygon(plank(side(-17), long - 6, 11, turn)), '#5b4129'),
        ...[-1, 1].map((to) =>
          shape(polygon(plank(end(to * (long / 2 - 5)), 12, 50, turn)), '#a9835a', { stroke: INK, strokeWidth: 4 }),
        ),
      ].join('')
    })
    .join('')
}

/** The font: eight sides, full to the brim, with a mirror in it. */
function basin(): string {
  const [x, y] = px(font)
  const eight = (radius: number, dx = 0, dy = 0) =>
    polygon(
      Array.from({ length: 8 }, (_, corner): Point => {
        const turn = ((corner + 0.5) * Math.PI) / 4
        return [x + dx + Math.cos(turn) * radius, y + dy + Math.sin(turn) * radius]
      }),
    )
  return [
    shape(eight(78, 9, 12), '#0f2c30', { opacity: 0.5 }),
    shape(eight(78), '#8d9c8c', { stroke: INK, strokeWidth: 5 }),
    shape(eight(60, 5, 6), '#3d5a52', { opacity: 0.6 }),
    shape(eight(58), '#c3cdb6', { stroke: INK, strokeWidth: 5 }),
    ellipse(x, y, 41, 41, '#1f7a5c', { stroke: '#24423c', strokeWidth: 4 }),
    ellipse(x, y, 35, 35, '#35b67f'),
    ellipse(x, y, 27, 27, '#66e3a4'),
    ellipse(x, y, 17, 17, '#b4f7cf'),
    ellipse(x + 3, y - 1, 9, 12, '#effff2', { stroke: '#2f8f68', strokeWidth: 3, transform: `rotate(24 ${x} ${y})` }),
  ].join('')
}

function column([a, b]: Point, place: number): string {
  const [x, y] = px([a, b])
  const radius = COLUMN_RADIUS * CELL
  const isStump = place === columns.length - 1
  return [
    rect(x - radius - 17, y - radius - 17, radius * 2 + 34, radius * 2 + 34, 'none', {
      stroke: '#86aea2',
      strokeWidth: 3,
      opacity: 0.5,
      rx: 18,
    }),
    rect(x - radius - 5 + 10, y - radius - 5 + 13, radius * 2 + 10, radius * 2 + 10, '#0f2c30', { opacity: 0.55 }),
    rect(x - radius - 5, y - radius - 5, radius * 2 + 10, radius * 2 + 10, '#8f917f', { stroke: INK, strokeWidth: 4 }),
    ellipse(x, y, radius, radius, isStump ? '#7d8174' : '#cfc9b2', { stroke: INK, strokeWidth: 4 }),
    ellipse(x - 2, y - 3, radius - 9, radius - 9, isStump ? '#676d63' : '#e3ddc8'),
    isStump
      ? line(`M${x - 14} ${y - 8}L${x} ${y + 2}L${x - 4} ${y + 14}M${x} ${y + 2}L${x + 16} ${y - 4}`, INK, 3)
      : '',
  ].join('')
}

/** Whether a wall is a curve, whose stones lie across its points. */
const isRound = (points: readonly Point[]): boolean => points.length > 6

/** The stones of a wall: two courses along its middle. */
function stonesOf(points: readonly Point[], seed: number, broken: string): { corners: Point[]; colour: string }[] {
  const random = randomOf(seed * 97)
  const lengths = points.slice(1).map(([x, y], at) => {
    const [a, b] = points[at] ?? [0, 0]
    return Math.hypot(x - a, y - b)
  })
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const isArc = isRound(points)
  const along = (distance: number, aside: number): Point => {
    let [rest, at] = [Math.min(Math.max(distance, 0), total), 0]
    while (at < lengths.length - 1 && rest > (lengths[at] ?? 0)) rest -= lengths[at++] ?? 0
    const [from, to] = [points[at] ?? [0, 0], points[at + 1] ?? [0, 0]]
    const length = lengths[at] ?? 1
    const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
    return [from[0] + dx * rest - dy * aside, from[1] + dy * rest + dx * aside]
  }
  /** Where a wall turns a corner, its stones end. */
  const corners = lengths.reduce<number[]>((sums, length) => [...sums, (sums.at(-1) ?? 0) + length], [])
  return [-1, 1].flatMap((side) => {
    const stones: { corners: Point[]; colour: string }[] = []
    let at = 0
    while (at < total - 0.02) {
      const stop = isArc ? total : (corners.find((corner) => corner > at + 0.02) ?? total)
      const wanted = at + random(0.42, 0.85)
      const end = stop - wanted < 0.3 ? stop : wanted
      const isLost = (broken === 'start' && at < random(0, 0.7)) || (broken === 'end' && total - end < random(0, 0.7))
      if (!isLost) {
        const [inner, outer] = [0, side * (WALL / 2)]
        stones.push({
          corners: [
            along(at + 0.001, outer),
            along(end - 0.001, outer),
            along(end - 0.001, inner),
            along(at + 0.001, inner),
          ].map(px),
          colour: pick(random, ['#c8c1a9', '#bcb59e', '#d2ccb5', '#b1ab96']),
        })
      }
      at = end
    }
    return stones
  })
}

function masonry(): string {
  const all = walls.flatMap(({ points, seed, broken = '' }) => stonesOf(points, seed, broken))
  // Where a wall turns, two stones fill the corner.
  const corners = walls.flatMap(({ points }) =>
    isRound(points) ? [] : points.slice(1, -1).map((point) => plank(px(point), WALL * CELL, WALL * CELL, 0)),
  )
  const look = { stroke: INK, strokeWidth: 4, strokeLinejoin: 'round' }
  return [
    group(
      [...all.map(({ corners: points }) => points), ...corners].map((points) =>
        shape(polygon(points), '#0a1a1c', { stroke: '#0a1a1c', strokeWidth: 4 }),
      ),
      { opacity: 0.5, transform: 'translate(13 17)' },
    ),
    ...all.map(({ corners: points, colour }) => shape(polygon(points), colour, look)),
    ...corners.map((points) => shape(polygon(points), '#d2ccb5', look)),
  ].join('')
}

/** Slits in the walls, the green of the font behind those of the nave. */
function windows(): string {
  const slit = (at: Point, turn: number, colour: string) =>
    shape(polygon(plank(px(at), 64, 20, turn)), INK) + shape(polygon(plank(px(at), 54, 10, turn)), colour)
  return [
    ...[7.95, 9.75, 11.6, 13.65].map((x) => slit([x, 5.7], 0, '#7fd6a8')),
    ...[7.05, 8.55].map((x) => slit([x, 14.3], 0, '#7fd6a8')),
    ...[-60, -30, 0, 30, 60].map((degrees) => {
      const turn = (degrees * Math.PI) / 180
      return slit([19 + Math.cos(turn) * 3.3, 10 + Math.sin(turn) * 3.3], turn + Math.PI / 2, '#d5ecdc')
    }),
  ].join('')
}

/** Stones of the fallen walls. */
function rubble(): string {
  const random = randomOf(71)
  const stone = (at: Point, radius: number) => {
    const body = boulder(random, at, radius)
    return [
      shape(polygon(moved(body, 6, 8)), '#0a1a1c', { opacity: 0.5 }),
      shape(polygon(body), pick(random, ['#a8a28d', '#b7b09a', '#979380', '#c4bda6']), {
        stroke: INK,
        strokeWidth: 4,
        strokeLinejoin: 'round',
      }),
    ].join('')
  }
  const heaped = heaps.flatMap(([[x, y], [endX, endY]]) =>
    Array.from({ length: Math.round((endX - x) * 22) }, (_, index) => {
      const part = random()
      const spread = index < 16 ? 0.9 : 0.4
      return stone(
        px([x + (endX - x) * part, y + (endY - y) * part + random(-spread, spread)]),
        random(9, index < 16 ? 16 : 32),
      )
    }),
  )
  const scattered: Point[] = [
    [15.3, 12.7],
    [15.5, 11.6],
    [10.3, 13.2],
    [12.3, 13.4],
    [5.6, 13.4],
    [7.6, 6.5],
    [16.9, 7.6],
    [17.4, 12.5],
    [20.6, 8.2],
    [9, 14.9],
  ]
  return [...heaped, ...scattered.map((at) => stone(px(at), random(9, 17)))].join('')
}

/** Of the roof, stumps of rafters over the walls, and two that fell. */
function beams(): string {
  const beam = (from: Point, to: Point, width: number) => {
    const [a, b] = [px(from), px(to)]
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
    const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
    const [length, turn] = [Math.hypot(dx, dy), Math.atan2(dy, dx)]
    const body = plank(middle, length, width, turn)
    return [
      shape(polygon(moved(body, 12, 16)), '#0a1a1c', { opacity: 0.5 }),
      shape(polygon(body), '#5d452f', { stroke: INK, strokeWidth: 5 }),
      shape(polygon(plank([middle[0] - 1, middle[1] - 2], length - 8, width / 3, turn)), '#80633f'),
    ].join('')
  }
  return [
    ...[
      [8.9, 0.95],
      [10.4, 0.6],
      [12.9, 1.1],
      [14.4, 0.75],
    ].map(([x = 0, length = 0]) => beam([x, 5.7], [x, 5.7 + length], 20)),
    ...[
      [6.3, 0.7],
      [7.8, 1],
      [9.3, 0.6],
      [14.6, 0.9],
    ].map(([x = 0, length = 0]) => beam([x, 14.3], [x, 14.3 - length], 20)),
    beam([10.2, 9.7], [12.7, 12.4], 22),
    beam([11.9, 13.6], [13.9, 15.3], 22),
  ].join('')
}

function door({ from, to }: Door): string {
  const [a, b] = [px(from), px(to)]
  const isUpright = a[0] === b[0]
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const leaf = plank(middle, length, 26, isUpright ? Math.PI / 2 : 0)
  const bands = [0.12, 0.38, 0.62, 0.88].map((part) => {
    const [x, y] = [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
    return isUpright ? rect(x - 13, y - 4, 26, 8, '#2b2a27') : rect(x - 4, y - 13, 8, 26, '#2b2a27')
  })
  return [
    shape(polygon(moved(leaf, 8, 10)), '#0a1a1c', { opacity: 0.5 }),
    shape(polygon(leaf), '#8a5f36', { stroke: INK, strokeWidth: 5 }),
    ...bands,
    length > CELL * 1.5 ? rect(middle[0] - 15, middle[1] - 2, 30, 4, INK) : '',
  ].join('')
}

const torch = (at: Point): string => {
  const [x, y] = px(at)
  return [
    rect(x - 18, y - 5, 18, 10, '#4a3423', { stroke: INK, strokeWidth: 3 }),
    ellipse(x + 4, y, 15, 13, '#e8842c'),
    ellipse(x + 4, y, 10, 9, '#ffc35c'),
    ellipse(x + 3, y, 5, 5, '#fff6d8'),
  ].join('')
}

/** The bell hangs over a winding stair. */
function tower(): string {
  const [x, y] = px([6.5, 3.5])
  const treads = Array.from({ length: 11 }, (_, step) => {
    const [from, to] = [(step * Math.PI) / 6.5 + 2, ((step + 1) * Math.PI) / 6.5 + 2]
    const at = (turn: number, radius: number): Point => [x + Math.cos(turn) * radius, y + Math.sin(turn) * radius]
    const shade = 150 - step * 7
    const colour = `rgb(${shade + 8},${shade + 4},${shade - 12})`
    return shape(polygon([at(from, 58), at(from, 112), at(to, 112), at(to, 58)]), colour, {
      stroke: INK,
      strokeWidth: 4,
      strokeLinejoin: 'round',
    })
  })
  return [
    ...treads,
    ellipse(x + 9, y + 12, 52, 52, '#0a1a1c', { opacity: 0.5 }),
    rect(x - 112, y - 11, 224, 22, '#6b5036', { stroke: INK, strokeWidth: 4 }),
    ellipse(x, y, 50, 50, '#6f6a3c', { stroke: INK, strokeWidth: 5 }),
    ellipse(x - 3, y - 4, 36, 36, '#8d874e'),
    ellipse(x - 5, y - 7, 18, 18, '#b0a967', { stroke: '#55512c', strokeWidth: 3 }),
    ellipse(x - 5, y - 7, 6, 6, INK),
  ].join('')
}

/** A chest, shelves, and the sea that comes in at the corner. */
function sacristy(): string {
  const chest = px([19.5, 14.5])
  const shelf = px([17.2, 15.5])
  return [
    rect(chest[0] - 26 + 7, chest[1] - 19 + 9, 52, 38, '#0a1a1c', { opacity: 0.5 }),
    rect(chest[0] - 26, chest[1] - 19, 52, 38, '#8a5f36', { stroke: INK, strokeWidth: 5, rx: 3 }),
    rect(chest[0] - 26, chest[1] - 4, 52, 7, '#c2a355'),
    rect(chest[0] - 5, chest[1] - 8, 10, 14, '#e0c678', { stroke: INK, strokeWidth: 2 }),
    rect(shelf[0] - 14 + 6, shelf[1] - 66 + 8, 30, 132, '#0a1a1c', { opacity: 0.5 }),
    rect(shelf[0] - 14, shelf[1] - 66, 30, 132, '#6b5036', { stroke: INK, strokeWidth: 5 }),
    ...[-52, -30, -4, 16, 44].map((dy, index) =>
      rect(shelf[0] - 8, shelf[1] + dy, 18, 14, ['#a5533f', '#c2a355', '#5f7d78', '#d7cfb6', '#7a6a8a'][index] ?? '', {
        stroke: INK,
        strokeWidth: 2,
      }),
    ),
  ].join('')
}

/** Weed on the stones that the tide reaches. */
function weeds(): string {
  const random = randomOf(83)
  const places: Point[] = [
    [4.6, 7.2],
    [4.7, 13.2],
    [9.7, 14.5],
    [13.5, 14.4],
    [16.3, 13.6],
    [8.2, 5.6],
    [15.6, 5.6],
    [1.3, 8.9],
    [2.9, 11.1],
    [21.2, 12.5],
    [20.3, 16.3],
    [16.7, 16.5],
    [22.1, 9],
    [18, 6.7],
    [4.7, 2.6],
    [8.4, 3.9],
  ]
  return places
    .flatMap(([x, y]) =>
      Array.from({ length: 7 }, () =>
        ellipse(
          (x + random(-0.32, 0.32)) * CELL,
          (y + random(-0.25, 0.25)) * CELL,
          random(6, 13),
          random(5, 10),
          pick(random, ['#3f6a4a', '#54805a', '#315643']),
        ),
      ),
    )
    .join('')
}
