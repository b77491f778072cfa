// The scene of the sample campaign: the drowned chapel of Saint Orla, whose causeway the low tide has laid bare.
import { curve, Definitions, ellipse, group, line, picture, type Point, polygon, randomOf, rect, shape } from './svg.ts'

const WIDTH = 1_600
const HEIGHT = 900
const HORIZON = 470
const WATERLINE = 612

export function chapel(): string {
  const definitions = new Definitions()
  const walls = ruin(definitions)
  return picture([2_560, 1_440], [WIDTH, HEIGHT], definitions, [
    sky(definitions),
    farShore(definitions),
    sea(definitions),
    reflection(definitions, walls),
    walls,
    waterAtWalls(definitions),
    mist(definitions),
    causeway(definitions),
    people(definitions),
    foreground(definitions),
    gulls(),
    vignette(definitions),
  ])
}

function sky(definitions: Definitions): string {
  const random = randomOf(11)
  const air = definitions.linear(
    [0, 0],
    [0, HORIZON],
    [
      [0, '#1d3442'],
      [0.32, '#35596a'],
      [0.62, '#7a9ca0'],
      [0.84, '#c3cdb6'],
      [1, '#f0dfb6'],
    ],
  )
  const sun: Point = [560, 128]
  const glow = definitions.radial(sun, 620, [
    [0, '#fffbe6', 0.95],
    [0.1, '#fff3cf', 0.75],
    [0.4, '#f5deb0', 0.3],
    [1, '#f5deb0', 0],
  ])
  const texture = definitions.filter(
    '<feTurbulence type="fractalNoise" baseFrequency="0.0026 0.011" numOctaves="4" seed="8"/>' +
      '<feColorMatrix type="matrix" values="0 0 0 0 0.10  0 0 0 0 0.19  0 0 0 0 0.24  0 0 0 5.2 -2.45"/>',
  )
  const fade = definitions.mask(
    rect(
      0,
      0,
      WIDTH,
      HORIZON,
      definitions.linear(
        [0, 0],
        [0, HORIZON],
        [
          [0, '#fff'],
          [0.55, '#999'],
          [0.9, '#000'],
        ],
      ),
    ),
  )
  const soft = definitions.blur(7, 5)
  const rays = [-0.5, -0.28, -0.12, 0.1, 0.26, 0.46, 0.72].map((slope, index) => {
    const width = random(16, 46)
    const far = HORIZON + 40
    const x = sun[0] + slope * far
    const beam = polygon([
      [sun[0] - 6, sun[1] - 10],
      [sun[0] + 6, sun[1] - 10],
      [x + width, far],
      [x - width, far],
    ])
    const light = definitions.linear(
      sun,
      [x, far],
      [
        [0, '#fff4d0', 0],
        [0.3, '#fff1cc', 0.34],
        [1, '#fff1cc', 0],
      ],
    )
    return shape(beam, light, { opacity: index % 2 ? 0.75 : 1 })
  })
  return [
    rect(0, 0, WIDTH, HORIZON + 2, air),
    rect(0, 0, WIDTH, HORIZON + 2, glow),
    group([rect(0, 0, WIDTH, HORIZON, '#fff', { filter: texture })], { mask: fade }),
    ...cloudBank(definitions, 74, 78, '#1b303d', 0.85, 3),
    ...cloudBank(definitions, 150, 60, '#2d4a59', 0.6, 5),
    ellipse(sun[0], sun[1], 29, 29, '#fffdf2', { filter: definitions.blur(3) }),
    ellipse(sun[0], sun[1], 150, 60, '#fff3cf', { opacity: 0.5, filter: definitions.blur(30) }),
    group(rays, { filter: soft }),
    ...cloudBank(definitions, 246, 42, '#5f8189', 0.5, 7),
    ...cloudBank(definitions, 330, 26, '#a9b8a8', 0.5, 9),
    ...cloudBank(definitions, 396, 16, '#d9d0ae', 0.55, 12),
  ].join('')
}

/** A long cloud with a flat foot and a heaped top, its upper edge lit. */
function cloudBank(definitions: Definitions, y: number, height: number, colour: string, opacity: number, seed: number) {
  const random = randomOf(seed)
  const soft = definitions.blur(height / 7, height / 12)
  return Array.from({ length: 5 }, () => {
    const [x, width] = [random(-120, WIDTH - 160), random(280, 620)]
    const base = y + random(-18, 18)
    const heaps = Array.from({ length: 9 }, (_, step): Point => {
      const part = step / 8
      return [x + part * width, base - Math.sin(part * Math.PI) * height * random(0.35, 1)]
    })
    const body = curve(
      [...heaps, [x + width * 0.8, base + height * 0.16], [x + width * 0.3, base + height * 0.2]],
      true,
    )
    return group([shape(body, colour), line(curve(heaps.slice(1, 8)), '#fff2d2', height / 14, { opacity: 0.32 })], {
      opacity,
      filter: soft,
    })
  })
}

function farShore(definitions: Definitions): string {
  const hill = (points: readonly Point[], colour: string) =>
    shape(curve([[-60, HORIZON + 12], ...points]) + `L${points.at(-1)?.[0] ?? 0} ${HORIZON + 4}Z`, colour)
  const stack = (x: number, width: number, height: number, colour: string) =>
    shape(
      polygon([
        [x - width, HORIZON + 4],
        [x - width * 0.7, HORIZON - height * 0.55],
        [x - width * 0.3, HORIZON - height],
        [x + width * 0.25, HORIZON - height * 0.93],
        [x + width * 0.6, HORIZON - height * 0.4],
        [x + width, HORIZON + 4],
      ]),
      colour,
    )
  return group(
    [
      hill(
        [
          [60, 425],
          [180, 412],
          [290, 430],
          [400, 448],
          [520, 462],
          [600, 474],
        ],
        '#93a9a4',
      ),
      hill(
        [
          [20, 446],
          [110, 436],
          [220, 452],
          [320, 464],
          [400, 475],
        ],
        '#6f8b8c',
      ),
      stack(1_462, 30, 74, '#8aa39f'),
      stack(1_530, 46, 52, '#73918f'),
      stack(1_395, 14, 26, '#9db1a8'),
    ],
    { filter: definitions.blur(0.8) },
  )
}

function sea(definitions: Definitions): string {
  const random = randomOf(21)
  const water = definitions.linear(
    [0, HORIZON],
    [0, HEIGHT],
    [
      [0, '#d9d9bd'],
      [0.06, '#a9bdb0'],
      [0.22, '#5f868a'],
      [0.5, '#2f575f'],
      [1, '#0f2a34'],
    ],
  )
  const shine = definitions.radial([560, HORIZON], 420, [
    [0, '#fff3cd', 0.85],
    [0.5, '#fbe6b8', 0.28],
    [1, '#fbe6b8', 0],
  ])
  const streaks = Array.from({ length: 210 }, () => {
    const depth = random() ** 1.7
    const y = HORIZON + 3 + depth * (HEIGHT - HORIZON)
    const width = (14 + depth * 120) * random(0.4, 1.3)
    const isLight = random() < 0.56
    const x = random() < 0.4 ? 560 + random(-1, 1) * (120 + depth * 260) : random(-50, WIDTH + 50)
    return ellipse(x, y, width, 0.7 + depth * 2.6, isLight ? '#f2ebcb' : '#143843', {
      opacity: (isLight ? 0.34 : 0.26) * random(0.3, 1),
    })
  })
  return [rect(0, HORIZON, WIDTH, HEIGHT - HORIZON, water), rect(0, HORIZON, WIDTH, 330, shine), ...streaks].join('')
}

/** Courses of stone over a wall: single stones a little lighter or darker than the rest. */
function masonry(x: number, y: number, width: number, height: number, course: number, seed: number): string[] {
  const random = randomOf(seed)
  const stones: string[] = []
  for (let row = 0; row * course < height; row++) {
    let left = x - random(0, course)
    while (left < x + width) {
      const length = course * random(1.3, 2.6)
      if (random() < 0.62)
        stones.push(
          rect(left + 0.8, y + row * course + 0.8, length - 1.6, course - 1.6, random() < 0.5 ? '#f3ead0' : '#10222a', {
            opacity: random(0.04, 0.2).toFixed(2),
            rx: 1.2,
          }),
        )
      left += length
    }
  }
  return stones
}

/** A pointed arch from its foot: `rise` is the height of the straight sides. */
const lancet = (x: number, foot: number, half: number, rise: number, point: number): string =>
  `M${x - half} ${foot}V${foot - rise}C${x - half} ${foot - rise - point * 0.55} ${x - half * 0.45} ${foot - rise - point * 0.86} ${x} ${foot - rise - point}C${x + half * 0.45} ${foot - rise - point * 0.86} ${x + half} ${foot - rise - point * 0.55} ${x + half} ${foot - rise}V${foot}Z`

function ruin(definitions: Definitions): string {
  return group([farWall(definitions), tower(definitions), nave(definitions), front(definitions)])
}

/** Seen over the broken side: the wall of the far side, in the haze, and the ribs that carried the roof. */
function farWall(definitions: Definitions): string {
  const wall: Point[] = [
    [985, WATERLINE],
    [985, 396],
    [1_050, 388],
    [1_075, 402],
    [1_120, 398],
    [1_150, 418],
    [1_205, 410],
    [1_230, 426],
    [1_262, 446],
    [1_300, 452],
    [1_318, 484],
    [1_318, WATERLINE],
  ]
  const colour = definitions.linear(
    [0, 380],
    [0, WATERLINE],
    [
      [0, '#8ba29c'],
      [1, '#4d6e6f'],
    ],
  )
  const rib = (x: number, height: number, width: number) =>
    line(
      `M${x} 430C${x + 4} ${430 - height * 0.7} ${x + width * 0.32} ${430 - height} ${x + width * 0.52} ${430 - height}`,
      '#47656a',
      7,
    ) +
    line(
      `M${x} 430C${x + 4} ${430 - height * 0.7} ${x + width * 0.32} ${430 - height} ${x + width * 0.52} ${430 - height}`,
      '#c9cfb8',
      1.6,
      {
        opacity: 0.6,
        transform: 'translate(-2.4 -2)',
      },
    )
  const whole = (x: number, height: number, width: number) =>
    line(
      `M${x} 436C${x + 2} ${436 - height * 0.75} ${x + width * 0.3} ${436 - height} ${x + width * 0.5} ${436 - height * 1.04}C${x + width * 0.72} ${436 - height} ${x + width - 2} ${436 - height * 0.7} ${x + width} 430`,
      '#3f5c62',
      7.5,
    )
  return group([shape(polygon(wall), colour), whole(1_040, 92, 92), rib(1_136, 78, 92), rib(1_214, 46, 74)])
}

function tower(definitions: Definitions): string {
  const face = definitions.linear(
    [690, 0],
    [772, 0],
    [
      [0, '#a5aa97'],
      [0.5, '#7f8d85'],
      [1, '#68797a'],
    ],
  )
  const side = definitions.linear(
    [772, 0],
    [806, 0],
    [
      [0, '#40565c'],
      [1, '#2c434b'],
    ],
  )
  const wet = definitions.linear(
    [0, 520],
    [0, 640],
    [
      [0, '#16302f', 0],
      [0.35, '#17332f', 0.75],
      [1, '#0d2326', 0.95],
    ],
  )
  const body = 'M690 640L696 172H768L774 640Z'
  const flank = 'M774 640L768 172L800 180L808 640Z'
  const opening = lancet(717, 268, 14, 52, 26)
  const second = lancet(748, 268, 14, 52, 26)
  const spire = [
    shape(
      polygon([
        [686, 172],
        [744, 34],
        [752, 40],
        [757, 78],
        [748, 104],
        [763, 132],
        [772, 172],
      ]),
      definitions.linear(
        [690, 0],
        [772, 0],
        [
          [0, '#55696d'],
          [1, '#33484f'],
        ],
      ),
    ),
    shape(
      polygon([
        [772, 172],
        [763, 132],
        [752, 40],
        [806, 180],
      ]),
      '#23363e',
      { opacity: 0.25 },
    ),
    ...[0, 1, 2, 3, 4, 5].map((step) =>
      line(`M${692 + step * 8.6} ${160 - step * 21}L${754 - step * 0.6} ${166 - step * 21}`, '#22343b', 1.5, {
        opacity: 0.6,
      }),
    ),
    line('M752 40L804 180', '#22353c', 4),
    line('M757 78L789 178', '#22353c', 2.6),
    line('M766 96L790 118', '#22353c', 2.2),
    line('M768 126L799 160', '#22353c', 2.2),
    line('M687 171L744 35', '#e9e1c2', 2, { opacity: 0.7 }),
    line('M747 40L740 2M732 14L750 11', '#1c2d34', 3.4),
  ]
  const bell = [
    shape(
      'M718 232C718 216 726 208 732 208C738 208 746 216 746 232C747 240 750 244 753 247H711C714 244 717 240 718 232Z',
      '#1a2b2f',
      { transform: 'rotate(9 732 206)' },
    ),
    ellipse(730, 250, 4, 4, '#1a2b2f'),
  ]
  const band = (y: number) =>
    rect(688, y, 88, 7, '#9ba392') +
    rect(688, y + 7, 88, 3, '#1b2d33', { opacity: 0.5 }) +
    polygonShape(
      [
        [776, y],
        [809, y + 5],
        [809, y + 12],
        [776, y + 7],
      ],
      '#4d6266',
    )
  const light = definitions.linear(
    [0, 200],
    [0, 268],
    [
      [0, '#b9c6b4'],
      [1, '#e6ddbb'],
    ],
  )
  return group(
    [
      shape(flank, side),
      shape(body, face),
      group(masonry(688, 176, 90, 464, 13, 31), { clipPath: definitions.clip(body) }),
      group(masonry(772, 176, 40, 464, 13, 33), { clipPath: definitions.clip(flank), opacity: 0.7 }),
      shape(opening, light),
      shape(second, light),
      group(bell, { clipPath: definitions.clip(opening + second) }),
      line('M714 206H752', '#22343a', 3, { clipPath: definitions.clip(opening + second) }),
      line(opening, '#c3c4aa', 3),
      line(second, '#c3c4aa', 3),
      shape(lancet(786, 270, 8, 50, 20), '#1a2d34'),
      band(286),
      band(398),
      shape(lancet(732, 372, 6, 32, 12), '#15272d'),
      shape(lancet(732, 486, 6, 34, 12), '#15272d'),
      line('M758 300L752 326L760 344L751 372L757 396', '#16272d', 1.8, { opacity: 0.8 }),
      line('M704 410L710 440L703 462', '#16272d', 1.6, { opacity: 0.7 }),
      shape(body + flank, wet),
      line('M691 636L697 174', '#f4ecce', 2.4, { opacity: 0.75 }),
      ...spire,
      ...ivy(708, 420, 46, 180, 41),
    ],
    { transform: 'rotate(-4.2 750 640)' },
  )
}

const polygonShape = (points: readonly Point[], fill: string): string => shape(polygon(points), fill)

/** Weed that hangs from a wall. */
function ivy(x: number, y: number, width: number, height: number, seed: number): string[] {
  const random = randomOf(seed)
  return Array.from(
    { length: 9 },
    () => [x + random(-0.5, 0.5) * width, y + random() ** 1.5 * height] as const,
  ).flatMap(([left, top]) =>
    Array.from({ length: 13 }, (_, leaf) => {
      const size = random(1.6, 4.2)
      return ellipse(
        left + random(-9, 9),
        top + random(-7, 7) + leaf * 1.4,
        size,
        size * 0.72,
        leaves[Math.floor(random(0, 4))] ?? '',
        {
          opacity: random(0.6, 0.95).toFixed(2),
        },
      )
    }),
  )
}

const leaves = ['#25443a', '#2f5142', '#44664f', '#5d7c5c']

function nave(definitions: Definitions): string {
  const wall: Point[] = [
    [1_006, WATERLINE + 6],
    [1_006, 404],
    [1_044, 402],
    [1_056, 416],
    [1_098, 414],
    [1_112, 434],
    [1_136, 430],
    [1_150, 452],
    [1_186, 446],
    [1_192, 424],
    [1_214, 428],
    [1_224, 462],
    [1_256, 472],
    [1_282, 468],
    [1_300, 506],
    [1_336, 516],
    [1_342, WATERLINE],
  ]
  const outline = polygon(wall)
  const colour = definitions.linear(
    [1_006, 0],
    [1_342, 0],
    [
      [0, '#3f565c'],
      [0.6, '#4a6264'],
      [1, '#5b7371'],
    ],
  )
  const wet = definitions.linear(
    [0, 520],
    [0, WATERLINE],
    [
      [0, '#14302c', 0],
      [0.5, '#17352e', 0.62],
      [1, '#0b2023', 0.95],
    ],
  )
  const inside = definitions.linear(
    [0, 440],
    [0, 584],
    [
      [0, '#9fb5a3'],
      [0.4, '#7fc79a'],
      [0.75, '#4fd08e'],
      [1, '#1f7a5c'],
    ],
  )
  const halo = definitions.radial([0, 0], 1, [
    [0, '#6fe3a0', 0.55],
    [1, '#6fe3a0', 0],
  ])
  const windows = [1_058, 1_128, 1_204, 1_272].map((x, index) => {
    const half = 15 - index * 1.1
    const [rise, point] = [index === 3 ? 54 : 84 - index * 7, 36 - index * 3]
    const opening = lancet(x, 582, half, rise, point)
    return [
      group([rect(-1, -1, 2, 2, halo)], { transform: `translate(${x} 540) scale(66 84)` }),
      shape(opening, inside),
      index < 2
        ? line(
            `M${x} 582V${582 - rise - point * 0.5}M${x - half} ${582 - rise}Q${x} ${582 - rise - point * 0.4} ${x + half} ${582 - rise}`,
            '#24383d',
            3,
          )
        : '',
      line(opening, '#83968c', 3.4),
      line(opening, '#1a2c31', 1.4, { transform: 'translate(2.4 1)', opacity: 0.7 }),
    ].join('')
  })
  const buttress = (x: number, top: number, width: number) =>
    [
      polygonShape(
        [
          [x, WATERLINE + 8],
          [x, top + 16],
          [x + 6, top],
          [x + width, top + 6],
          [x + width, WATERLINE + 8],
        ],
        '#6d8079',
      ),
      polygonShape(
        [
          [x + width, WATERLINE + 8],
          [x + width, top + 6],
          [x + width + 8, top + 18],
          [x + width + 8, WATERLINE + 8],
        ],
        '#2b4148',
      ),
      polygonShape(
        [
          [x - 3, WATERLINE + 8],
          [x - 3, 540],
          [x + 3, 524],
          [x + width + 2, 528],
          [x + width + 10, 544],
          [x + width + 10, WATERLINE + 8],
        ],
        '#5b706c',
      ),
      line(`M${x} ${top + 16}L${x + 6} ${top}L${x + width} ${top + 6}`, '#d9d6ba', 1.8, { opacity: 0.7 }),
    ].join('')
  return [
    shape(outline, colour),
    group(masonry(1_006, 404, 340, 210, 12, 51), { clipPath: definitions.clip(outline) }),
    line(curve(wall.slice(1, 3)) + polygon(wall.slice(2, 16)).replace('Z', ''), '#d3d2b6', 2, { opacity: 0.55 }),
    ...windows,
    buttress(1_086, 452, 16),
    buttress(1_160, 468, 15),
    buttress(1_234, 486, 14),
    shape(outline, wet),
    ...ivy(1_020, 410, 30, 90, 53),
    ...ivy(1_300, 520, 50, 60, 57),
  ].join('')
}

function front(definitions: Definitions): string {
  const gable: Point[] = [
    [798, WATERLINE + 10],
    [798, 412],
    [812, 408],
    [858, 332],
    [884, 292],
    [892, 296],
    [902, 274],
    [914, 290],
    [926, 300],
    [934, 322],
    [952, 344],
    [960, 340],
    [1_002, 408],
    [1_014, 414],
    [1_014, WATERLINE + 10],
  ]
  const outline = polygon(gable)
  const colour = definitions.linear(
    [798, 290],
    [1_014, 600],
    [
      [0, '#c2bfa6'],
      [0.45, '#8f9a8d'],
      [1, '#596f6e'],
    ],
  )
  const wet = definitions.linear(
    [0, 516],
    [0, WATERLINE + 10],
    [
      [0, '#14302c', 0],
      [0.5, '#1a3a31', 0.66],
      [1, '#0b2023', 0.96],
    ],
  )
  const portal = lancet(906, WATERLINE + 10, 40, 78, 66)
  const dark = definitions.linear(
    [0, 470],
    [0, WATERLINE],
    [
      [0, '#0d1c20'],
      [0.5, '#11302f'],
      [0.85, '#2c8a68'],
      [1, '#5fd49a'],
    ],
  )
  const rose: Point = [906, 398]
  const sky = definitions.radial(rose, 42, [
    [0, '#bfe8b9'],
    [0.7, '#86c9a0'],
    [1, '#5a9f86'],
  ])
  const petals = Array.from({ length: 8 }, (_, index) => {
    const turn = (index * Math.PI) / 4
    return [rose[0] + Math.cos(turn) * 22, rose[1] + Math.sin(turn) * 22] as const
  })
  const rim = gable.slice(1, 9)
  return [
    shape(outline, colour),
    group(masonry(798, 276, 218, 350, 13, 61), { clipPath: definitions.clip(outline) }),
    // The rose window.
    ellipse(rose[0], rose[1], 47, 47, '#a9ab97'),
    ellipse(rose[0], rose[1], 42, 42, '#31474a'),
    ...petals.map(([x, y]) => ellipse(x, y, 9.4, 9.4, sky)),
    ellipse(rose[0], rose[1], 8.6, 8.6, sky),
    ...petals.map(([x, y]) => line(`M${rose[0]} ${rose[1]}L${x} ${y}`, '#31474a', 2.4)),
    shape(
      polygon([
        [934, 362],
        [952, 384],
        [946, 400],
        [926, 384],
      ]),
      sky,
      { opacity: 0.9 },
    ),
    line(`M${rose[0] - 47} ${rose[1]}A47 47 0 0 1 ${rose[0]} ${rose[1] - 47}`, '#efe6c8', 2.4, { opacity: 0.7 }),
    // The saint in her niche.
    shape(lancet(906, 330, 11, 18, 12), '#3a4f52'),
    shape(
      curve(
        [
          [900, 329],
          [899, 314],
          [903, 308],
          [906, 301],
          [909, 308],
          [913, 314],
          [912, 329],
        ],
        true,
      ),
      '#c9c6ac',
    ),
    // The door.
    ...[13, 8, 3].map((more, index) =>
      shape(
        lancet(906, WATERLINE + 10, 40 + more, 78, 66 + more * 1.2),
        ['#6f7f79', '#a8ab97', '#46595a'][index] ?? '',
      ),
    ),
    shape(portal, dark),
    ellipse(906, 608, 66, 26, '#6fe6a8', { opacity: 0.28, filter: definitions.blur(9) }),
    shape(
      polygon([
        [866, 622],
        [866, 520],
        [878, 512],
        [878, 622],
      ]),
      '#2e2a22',
      { opacity: 0.9 },
    ),
    line('M868 540H877M868 580H877', '#0d1416', 2.4),
    // The edge between front and side, and the buttresses.
    shape(
      polygon([
        [790, WATERLINE + 12],
        [790, 470],
        [797, 452],
        [812, 452],
        [816, 470],
        [816, WATERLINE + 12],
      ]),
      '#98a292',
    ),
    shape(
      polygon([
        [784, WATERLINE + 12],
        [784, 540],
        [791, 522],
        [818, 522],
        [822, 540],
        [822, WATERLINE + 12],
      ]),
      '#7d8b82',
    ),
    shape(
      polygon([
        [998, WATERLINE + 12],
        [998, 470],
        [1_004, 452],
        [1_018, 452],
        [1_024, 470],
        [1_024, WATERLINE + 12],
      ]),
      '#70807b',
    ),
    shape(
      polygon([
        [994, WATERLINE + 12],
        [994, 540],
        [1_000, 522],
        [1_024, 522],
        [1_030, 540],
        [1_030, WATERLINE + 12],
      ]),
      '#5c706e',
    ),
    shape(outline, wet),
    shape(
      polygon([
        [784, 622],
        [784, 520],
        [822, 520],
        [822, 622],
      ]),
      wet,
    ),
    shape(
      polygon([
        [994, 622],
        [994, 520],
        [1_030, 520],
        [1_030, 622],
      ]),
      wet,
    ),
    line(polygon(rim).replace('Z', ''), '#fbf1d0', 2.6, { opacity: 0.85 }),
    line('M985 384L972 420L982 446L970 488', '#22353a', 2, { opacity: 0.7 }),
    line('M842 470L836 500L846 520', '#22353a', 1.6, { opacity: 0.6 }),
    ...ivy(990, 420, 36, 150, 63),
    ...ivy(816, 420, 22, 60, 67),
  ].join('')
}

/** The ruin upside down in the water, broken by the ripples. */
function reflection(definitions: Definitions, walls: string): string {
  const ripples = definitions.filter(
    '<feTurbulence type="fractalNoise" baseFrequency="0.004 0.07" numOctaves="2" seed="4" result="n"/>' +
      '<feDisplacementMap in="SourceGraphic" in2="n" scale="34" xChannelSelector="R" yChannelSelector="G"/>' +
      '<feGaussianBlur stdDeviation="1.6 3"/>',
  )
  const fade = definitions.mask(
    rect(
      0,
      WATERLINE - 4,
      WIDTH,
      320,
      definitions.linear(
        [0, WATERLINE],
        [0, 900],
        [
          [0, '#ddd'],
          [0.5, '#777'],
          [1, '#111'],
        ],
      ),
    ),
  )
  return group(
    [group([group([walls], { transform: `translate(0 ${2 * WATERLINE}) scale(1 -1)` })], { filter: ripples })],
    {
      mask: fade,
      opacity: 0.62,
    },
  )
}

function waterAtWalls(definitions: Definitions): string {
  const random = randomOf(71)
  const foam = Array.from({ length: 46 }, () => {
    const x = random(680, 1_360)
    return ellipse(x, WATERLINE + random(-1, 12), random(6, 34), random(0.8, 2), '#eef0da', {
      opacity: random(0.2, 0.65).toFixed(2),
    })
  })
  return group([
    shape(
      curve(
        [
          [640, 650],
          [662, 632],
          [690, 624],
          [736, 618],
          [780, 606],
          [812, 612],
          [840, 626],
          [820, 646],
          [740, 656],
        ],
        true,
      ),
      definitions.linear(
        [0, 606],
        [0, 656],
        [
          [0, '#33494a'],
          [1, '#0e1e22'],
        ],
      ),
    ),
    line(
      curve([
        [646, 645],
        [664, 632],
        [692, 624],
        [736, 618],
        [780, 607],
      ]),
      '#e6e2c6',
      2,
      { opacity: 0.6 },
    ),
    ...Array.from({ length: 16 }, () =>
      ellipse(random(622, 720), random(646, 656), random(8, 26), random(1, 2.2), '#eef0da', {
        opacity: random(0.25, 0.6).toFixed(2),
      }),
    ),
    ellipse(1_000, WATERLINE + 8, 380, 9, '#0c2429', { opacity: 0.55, filter: definitions.blur(5) }),
    ...foam,
    ellipse(906, 634, 70, 7, '#7ff0b4', { opacity: 0.4, filter: definitions.blur(5) }),
  ])
}

function mist(definitions: Definitions): string {
  const random = randomOf(81)
  const soft = definitions.blur(26, 8)
  return group(
    Array.from({ length: 9 }, () =>
      ellipse(random(0, WIDTH), random(HORIZON + 10, 606), random(160, 360), random(5, 14), '#eee8cf', {
        opacity: random(0.16, 0.34).toFixed(2),
      }),
    ),
    { filter: soft },
  )
}

/** The middle of the causeway and half its width, from the door (0) to the viewer (1). */
function way(part: number): { x: number; y: number; half: number } {
  const y = 622 + (920 - 622) * part ** 1.55
  const depth = (y - HORIZON) / (920 - HORIZON)
  const x = 906 - 250 * Math.sin(part * 1.9) * part ** 0.7 + 130 * part ** 3
  return { x: x - 120 * part, y, half: 18 + 225 * depth ** 1.75 }
}

function causeway(definitions: Definitions): string {
  const random = randomOf(91)
  const steps = Array.from({ length: 41 }, (_, index) => way(index / 40))
  const left = steps.map(({ x, y, half }): Point => [x - half - random(0, half * 0.09), y])
  const right = steps.map(({ x, y, half }): Point => [x + half + random(0, half * 0.09), y])
  const outline = `${curve(left)}L${right
    .toReversed()
    .map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('L')}Z`
  const bed = definitions.linear(
    [0, 620],
    [0, HEIGHT],
    [
      [0, '#5d706a'],
      [0.35, '#3a4e4e'],
      [1, '#131f24'],
    ],
  )
  const rows = 30
  const stones = Array.from({ length: rows }, (_, row) => {
    const [near, far] = [way(((row + 0.94) / rows) ** 1.05), way((row / rows) ** 1.05)]
    const count = 4 + (row % 2)
    const cuts = Array.from({ length: count + 1 }, (_, place) => {
      const jitter = place === 0 || place === count ? 0 : random(-0.16, 0.16)
      return (2 * (place + jitter)) / count - 1
    })
    return cuts.slice(0, -1).map((from, place) => {
      const to = cuts[place + 1] ?? 1
      const gap = 0.025
      const height = near.y - far.y
      const [a, b] = [from + gap, to - gap]
      const corners: Point[] = [
        [far.x + a * far.half, far.y + height * 0.06],
        [far.x + ((a + b) / 2) * far.half, far.y + height * random(-0.05, 0.05)],
        [far.x + b * far.half, far.y + height * 0.08],
        [near.x + b * near.half, near.y - height * 0.08],
        [near.x + ((a + b) / 2) * near.half, near.y - height * random(0, 0.08)],
        [near.x + a * near.half, near.y - height * 0.1],
      ]
      const fade = row / rows
      const tone = random(0.85, 1.2) * (1.12 - fade * 0.66)
      const colour = `rgb(${Math.round(122 * tone)} ${Math.round(134 * tone)} ${Math.round(124 * tone)})`
      const lit = Math.max(0, 0.5 - Math.abs(from + 0.5) * 0.3) * (1 - fade * 0.5)
      return [
        shape(curve(corners, true), '#0b1519', {
          transform: `translate(0 ${(height * 0.12).toFixed(1)})`,
          opacity: 0.7,
        }),
        shape(curve(corners, true), colour),
        line(curve(corners.slice(0, 3)), '#f6edcf', 0.6 + fade * 2.2, { opacity: (lit + 0.12).toFixed(2) }),
        random() < 0.3
          ? ellipse(corners[1]?.[0] ?? 0, far.y + height * 0.5, (near.half / count) * 0.6, height * 0.2, '#e9efdc', {
              opacity: 0.16,
            })
          : '',
      ].join('')
    })
  }).flat()
  const lap = [left, right].flatMap((edge, side) =>
    edge.slice(2, 38).map(([x, y], index) => {
      const size = 6 + index * 1.5
      return ellipse(x + (side ? 1 : -1) * size * 0.4, y + 2, size * random(0.7, 1.3), 1 + index * 0.09, '#e8ecd6', {
        opacity: random(0.12, 0.42).toFixed(2),
      })
    }),
  )
  const sheen = definitions.linear(
    [0, 640],
    [0, 880],
    [
      [0, '#fff3cf', 0.34],
      [0.5, '#fff3cf', 0.1],
      [1, '#fff3cf', 0],
    ],
  )
  return group([
    shape(outline, '#0a191d', { transform: 'translate(6 12)', opacity: 0.6, filter: definitions.blur(7) }),
    shape(outline, bed),
    ...stones,
    group([rect(0, 600, 760, 300, sheen)], { clipPath: definitions.clip(outline) }),
    ...weed(left, 101),
    ...weed(right, 103),
    ...lap,
  ])
}

/** Bladder wrack along an edge. */
function weed(edge: readonly Point[], seed: number): string[] {
  const random = randomOf(seed)
  return edge.slice(14).flatMap(([x, y], index) => {
    const size = 3 + index * 0.9
    return Array.from({ length: 3 }, () =>
      ellipse(
        x + random(-1, 1) * size * 1.6,
        y + random(-0.4, 0.6) * size,
        size * random(0.6, 1.4),
        size * random(0.25, 0.5),
        random() < 0.5 ? '#22392c' : '#35492f',
        {
          opacity: random(0.55, 0.9).toFixed(2),
        },
      ),
    )
  })
}

/** Four people on their way to the door, seen from behind. */
function people(definitions: Definitions): string {
  const torchLight = definitions.radial([0, 0], 1, [
    [0, '#ffe9b0', 0.95],
    [0.16, '#ffc36b', 0.5],
    [0.5, '#ffb45a', 0.16],
    [1, '#ffb45a', 0],
  ])
  const torch = (x: number, y: number, size: number) =>
    [
      line(`M${x} ${y}L${x + size * 0.04} ${y - size * 0.2}`, '#1d1611', size * 0.035),
      group([ellipse(0, 0, 1, 1, torchLight)], {
        transform: `translate(${x} ${y - size * 0.26}) scale(${size * 0.8})`,
      }),
      shape(
        curve(
          [
            [x - size * 0.045, y - size * 0.2],
            [x - size * 0.03, y - size * 0.3],
            [x + size * 0.03, y - size * 0.4],
            [x + size * 0.06, y - size * 0.27],
            [x + size * 0.045, y - size * 0.19],
          ],
          true,
        ),
        '#ffb347',
      ),
      ellipse(x + size * 0.01, y - size * 0.245, size * 0.026, size * 0.05, '#fff2c4'),
    ].join('')
  const shadow = (x: number, y: number, size: number) =>
    ellipse(x + size * 0.22, y + size * 0.05, size * 0.36, size * 0.06, '#0a1418', {
      opacity: 0.55,
      filter: definitions.blur(3),
    })
  const cloak = (x: number, y: number, size: number, colour: string, dark: string, width = 1) => {
    const w = size * 0.17 * width
    const body: Point[] = [
      [x - w * 0.5, y - size * 0.8],
      [x - w * 0.95, y - size * 0.66],
      [x - w * 1.12, y - size * 0.3],
      [x - w * 1.3, y - size * 0.06],
      [x - w * 0.4, y - size * 0.03],
      [x + w * 0.3, y - size * 0.05],
      [x + w * 1.15, y - size * 0.02],
      [x + w * 1.1, y - size * 0.34],
      [x + w * 0.92, y - size * 0.68],
      [x + w * 0.45, y - size * 0.8],
    ]
    const folds = [-0.45, 0.05, 0.55].map((place) =>
      line(
        `M${x + w * place} ${y - size * 0.7}Q${x + w * place * 1.2} ${y - size * 0.4} ${x + w * place * 1.9} ${y - size * 0.06}`,
        dark,
        size * 0.018,
      ),
    )
    return [
      rect(x - w * 0.55, y - size * 0.14, w * 0.36, size * 0.14, '#1a1d1c', { rx: 2 }),
      rect(x + w * 0.15, y - size * 0.14, w * 0.36, size * 0.14, '#1a1d1c', { rx: 2 }),
      shape(curve(body, true), colour),
      ...folds,
      line(curve(body.slice(0, 4)), '#ffe7bd', size * 0.02, { opacity: 0.7 }),
    ].join('')
  }
  const head = (x: number, y: number, size: number, colour: string) =>
    ellipse(x, y - size * 0.88, size * 0.062, size * 0.082, colour) +
    line(
      `M${x - size * 0.06} ${y - size * 0.86}Q${x - size * 0.06} ${y - size * 0.95} ${x} ${y - size * 0.962}`,
      '#ffe7bd',
      size * 0.018,
      { opacity: 0.7 },
    )
  const sable = (x: number, y: number, size: number) =>
    [
      shadow(x, y, size),
      cloak(x, y, size, '#3b3247', '#241d2e', 0.92),
      shape(
        curve(
          [
            [x - size * 0.09, y - size * 0.76],
            [x - size * 0.085, y - size * 0.9],
            [x, y - size],
            [x + size * 0.085, y - size * 0.9],
            [x + size * 0.09, y - size * 0.76],
          ],
          true,
        ),
        '#43394f',
      ),
      line(`M${x + size * 0.14} ${y - size * 0.62}L${x + size * 0.26} ${y - size * 0.74}`, '#3b3247', size * 0.07),
      torch(x + size * 0.27, y - size * 0.68, size),
    ].join('')
  const mira = (x: number, y: number, size: number) =>
    [
      shadow(x, y, size),
      line(`M${x + size * 0.16} ${y - size * 0.4}L${x + size * 0.3} ${y - size * 0.02}`, '#2a2f31', size * 0.035),
      cloak(x, y, size, '#8a3a2c', '#5b2119', 1.02),
      head(x, y, size, '#a9532a'),
      line(
        curve([
          [x, y - size * 0.86],
          [x - size * 0.03, y - size * 0.74],
          [x + size * 0.01, y - size * 0.6],
        ]),
        '#8f4221',
        size * 0.05,
      ),
      ellipse(x - size * 0.15, y - size * 0.7, size * 0.07, size * 0.055, '#b9c2c2'),
    ].join('')
  const tobin = (x: number, y: number, size: number) =>
    [
      shadow(x, y, size),
      cloak(x, y, size, '#cdbd93', '#94835d', 1.3),
      head(x, y, size, '#4a2f22'),
      line(
        `M${x + size * 0.06} ${y - size * 0.6}H${x - size * 0.06}M${x} ${y - size * 0.68}V${y - size * 0.44}`,
        '#8a6a2c',
        size * 0.028,
      ),
      line(`M${x - size * 0.27} ${y}L${x - size * 0.25} ${y - size * 0.98}`, '#3a2c1f', size * 0.03),
      ellipse(x - size * 0.25, y - size, size * 0.05, size * 0.05, '#d8b45a'),
    ].join('')
  const corvin = (x: number, y: number, size: number) =>
    [
      shadow(x, y, size),
      cloak(x, y, size, '#2f6468', '#1b4145', 0.98),
      head(x, y, size, '#2d221c'),
      ellipse(x, y - size * 0.93, size * 0.13, size * 0.03, '#1f4a4e'),
      shape(
        curve(
          [
            [x - size * 0.07, y - size * 0.93],
            [x - size * 0.05, y - size],
            [x + size * 0.05, y - size],
            [x + size * 0.07, y - size * 0.93],
          ],
          true,
        ),
        '#27565a',
      ),
      line(
        curve([
          [x + size * 0.05, y - size * 0.96],
          [x + size * 0.14, y - size * 1.06],
          [x + size * 0.21, y - size * 1.02],
        ]),
        '#e9e2c6',
        size * 0.028,
      ),
      group(
        [
          ellipse(x + size * 0.02, y - size * 0.42, size * 0.11, size * 0.15, '#7a4b27'),
          ellipse(x + size * 0.02, y - size * 0.44, size * 0.035, size * 0.035, '#2a170b'),
          line(`M${x + size * 0.02} ${y - size * 0.56}V${y - size * 0.84}`, '#5a361b', size * 0.035),
        ],
        {
          transform: `rotate(24 ${x} ${y - size * 0.5})`,
        },
      ),
      torch(x - size * 0.24, y - size * 0.56, size),
      line(
        curve([
          [x - size * 0.13, y - size * 0.68],
          [x - size * 0.2, y - size * 0.56],
          [x - size * 0.235, y - size * 0.58],
        ]),
        '#265458',
        size * 0.055,
      ),
    ].join('')
  const [first, second, third, fourth] = [way(0.4), way(0.5), way(0.53), way(0.63)]
  const sizeAt = (y: number) => (y - HORIZON) * 0.4
  return [
    sable(first.x + 8, first.y, sizeAt(first.y)),
    mira(second.x - 26, second.y, sizeAt(second.y)),
    tobin(third.x + 34, third.y + 6, sizeAt(third.y)),
    corvin(fourth.x - 10, fourth.y + 4, sizeAt(fourth.y)),
  ].join('')
}

function foreground(definitions: Definitions): string {
  const random = randomOf(111)
  const rock = (points: readonly Point[], seed: number) => {
    const pick = randomOf(seed)
    const outline = curve(points, true)
    const top = Math.min(...points.map(([, y]) => y))
    const tone = definitions.linear(
      [0, top],
      [0, HEIGHT],
      [
        [0, '#2b3d40'],
        [0.4, '#182629'],
        [1, '#0a1215'],
      ],
    )
    return [
      shape(outline, tone),
      line(curve(points.slice(0, Math.ceil(points.length / 2))), '#dfe0c4', 3, { opacity: 0.5 }),
      ...Array.from({ length: 10 }, () => {
        const [x, y] = points[Math.floor(pick(0, points.length / 2))] ?? [0, 0]
        return ellipse(
          x + pick(-30, 50),
          y + pick(4, 50),
          pick(8, 34),
          pick(4, 11),
          pick() < 0.5 ? '#2c4a37' : '#45583a',
          { opacity: 0.75, clipPath: definitions.clip(outline) },
        )
      }),
    ].join('')
  }
  // The ribs of a boat that did not reach the shore.
  const ribs = [0, 1, 2, 3, 4, 5].map((index) => {
    const [x, y] = [74 + index * 52, 846 - index * 9]
    const height = 172 - Math.abs(index - 2) * 17
    const rib = curve([
      [x, y],
      [x - 26, y - height * 0.4],
      [x - 6, y - height * 0.8],
      [x + 26, y - height],
    ])
    return line(rib, '#131d1f', 15 - index) + line(rib, '#b9b899', 2.2, { opacity: 0.6, transform: 'translate(-5 -1)' })
  })
  const keel = curve([
    [10, 872],
    [150, 838],
    [300, 812],
    [402, 762],
    [430, 716],
  ])
  // A wheel cross of the old graveyard, leaning.
  const stone = definitions.linear(
    [1_330, 620],
    [1_450, 880],
    [
      [0, '#7f8f87'],
      [0.5, '#4b5f60'],
      [1, '#18282c'],
    ],
  )
  const cross = `M1362 900L1368 716H1318V672H1368L1370 618H1416L1418 672H1468V716H1418L1430 900Z`
  const grave = (x: number, y: number, width: number, height: number, turn: number) =>
    group(
      [
        shape(
          `M${x} ${y}V${y - height}Q${x} ${y - height - width * 0.6} ${x + width / 2} ${y - height - width * 0.6}Q${x + width} ${y - height - width * 0.6} ${x + width} ${y - height}V${y}Z`,
          '#33494c',
        ),
        line(
          `M${x} ${y - 4}V${y - height}Q${x} ${y - height - width * 0.6} ${x + width / 2} ${y - height - width * 0.6}`,
          '#d5d3b6',
          2,
          { opacity: 0.6 },
        ),
        line(
          `M${x + width * 0.25} ${y - height * 0.8}H${x + width * 0.75}M${x + width * 0.3} ${y - height * 0.6}H${x + width * 0.7}`,
          '#16262a',
          2,
        ),
      ],
      { transform: `rotate(${turn} ${x} ${y})` },
    )
  return [
    grave(1_180, 690, 34, 40, -8),
    grave(1_262, 706, 38, 30, 6),
    grave(1_236, 660, 22, 22, 3),
    ...[
      [1_196, 692],
      [1_282, 708],
      [1_247, 661],
    ].map(([x = 0, y = 0]) => ellipse(x, y, 44, 4, '#dbe3cf', { opacity: 0.4 })),
    line(keel, '#0f181a', 20),
    line(keel, '#a9aa8d', 2.4, { opacity: 0.55, transform: 'translate(-2 -8)' }),
    ...ribs,
    ...[
      [90, 858],
      [196, 842],
      [310, 826],
    ].map(([x = 0, y = 0]) => ellipse(x, y, 70, 4, '#d5ddc8', { opacity: 0.3 })),
    rock(
      [
        [-40, 900],
        [-30, 846],
        [40, 822],
        [120, 850],
        [190, 868],
        [230, 920],
        [-40, 960],
      ],
      121,
    ),
    group(
      [
        ellipse(1_393, 694, 66, 66, stone),
        ellipse(1_393, 694, 42, 42, '#3d5658'),
        shape(cross, stone),
        group(masonry(1_316, 616, 156, 290, 17, 131), { clipPath: definitions.clip(cross), opacity: 0.55 }),
        line('M1393 640V880M1334 694H1452', '#213539', 4, { opacity: 0.6 }),
        ellipse(1_393, 694, 14, 14, 'none', { stroke: '#213539', strokeWidth: 4, opacity: 0.7 }),
        line('M1363 890L1369 718M1319 714V673H1367L1371 620H1414', '#f4ecd0', 3, { opacity: 0.75 }),
        line('M1331 672A66 66 0 0 1 1370 632', '#f4ecd0', 3, { opacity: 0.6 }),
        ...ivy(1_398, 780, 60, 120, 133),
      ],
      { transform: 'rotate(5 1393 900)' },
    ),
    rock(
      [
        [1_180, 920],
        [1_216, 868],
        [1_290, 842],
        [1_360, 858],
        [1_450, 836],
        [1_540, 848],
        [1_660, 806],
        [1_680, 960],
        [1_180, 960],
      ],
      141,
    ),
    ...Array.from({ length: 40 }, () => {
      const [x, y] = random() < 0.5 ? [random(-10, 260), random(850, 900)] : [random(1_200, 1_600), random(856, 900)]
      return ellipse(x, y, random(2, 5), random(2, 4), '#8c9886', { opacity: random(0.2, 0.6).toFixed(2) })
    }),
    // Tufts of sea grass.
    ...Array.from({ length: 70 }, (_, index) => {
      const isRight = index % 2 === 0
      const x = isRight ? random(1_440, 1_600) : random(-10, 120)
      const y = isRight ? random(836, 900) : random(838, 900)
      const lean = random(-16, 26)
      return line(
        `M${x.toFixed(0)} ${y.toFixed(0)}q${(lean * 0.2).toFixed(0)} -22 ${lean.toFixed(0)} -${random(26, 58).toFixed(0)}`,
        random() < 0.5 ? '#16241f' : '#3a4a35',
        random(1.4, 2.8),
      )
    }),
  ].join('')
}

function gulls(): string {
  const gull = (x: number, y: number, size: number, opacity: number) =>
    line(
      `M${x - size} ${y - size * 0.2}Q${x - size * 0.45} ${y - size * 0.62} ${x} ${y}Q${x + size * 0.4} ${y - size * 0.66} ${x + size} ${y - size * 0.3}`,
      '#13242b',
      size * 0.13,
      { opacity },
    )
  return [
    gull(640, 96, 17, 0.9),
    gull(598, 134, 11, 0.7),
    gull(828, 74, 13, 0.8),
    gull(872, 112, 9, 0.6),
    gull(1_060, 300, 8, 0.6),
    gull(1_120, 280, 11, 0.7),
  ].join('')
}

function vignette(definitions: Definitions): string {
  const edge = definitions.radial([820, 430], 1_000, [
    [0, '#06131a', 0],
    [0.6, '#06131a', 0],
    [1, '#06131a', 0.72],
  ])
  return rect(0, 0, WIDTH, HEIGHT, edge)
}
