// The portraits of the sample campaign's four characters.
import { ear, type Face, face, neck, windowBehind } from './face.ts'
import { curve, Definitions, ellipse, group, line, picture, type Point, polygon, randomOf, shape } from './svg.ts'

const framed = (definitions: Definitions, content: readonly string[]): string => {
  const edge = definitions.radial([310, 290], 470, [
    [0, '#05070a', 0],
    [0.66, '#05070a', 0.04],
    [1, '#05070a', 0.66],
  ])
  return picture([640, 640], [640, 640], definitions, [...content, `<rect width="640" height="640" fill="${edge}"/>`])
}

/** Locks of hair between two edges: each a curve from a root to a tip, light where the light falls. */
function locks(
  roots: readonly Point[],
  tips: readonly Point[],
  count: number,
  tones: readonly string[],
  width: number,
  seed: number,
): string[] {
  const random = randomOf(seed)
  const along = (points: readonly Point[], part: number): Point => {
    const place = part * (points.length - 1)
    const [a, b] = [points[Math.floor(place)] ?? [0, 0], points[Math.ceil(place)] ?? [0, 0]]
    const rest = place - Math.floor(place)
    return [a[0] + (b[0] - a[0]) * rest, a[1] + (b[1] - a[1]) * rest]
  }
  return Array.from({ length: count }, (_, index) => {
    const part = (index + random(-0.3, 0.3)) / (count - 1)
    const [from, to] = [
      along(roots, Math.min(1, Math.max(0, part))),
      along(tips, Math.min(1, Math.max(0, part + random(-0.04, 0.04)))),
    ]
    const middle: Point = [(from[0] + to[0]) / 2 + random(-7, 7), (from[1] + to[1]) / 2 + random(-7, 7)]
    return line(
      curve([from, middle, to]),
      tones[Math.floor(random(0, tones.length))] ?? '',
      width * random(0.5, 1.25),
      { opacity: random(0.45, 0.9).toFixed(2) },
    )
  })
}

export function mira(): string {
  const definitions = new Definitions()
  const look: Face = {
    middle: [314, 282],
    turn: -0.55,
    cheeks: 0.95,
    jaw: 0.93,
    skin: { light: '#f7d3b2', base: '#e6ae86', shade: '#c07f5b', deep: '#7f4433', blush: '#d5694f' },
    iris: '#5f8f6a',
    hair: '#8a3d1d',
    open: 0.98,
    brows: { lift: 0, inner: -4, weight: 9 },
    lips: { upper: '#a8503f', lower: '#c76d58', corner: 1 },
    rim: '#ffb066',
  }
  const { drawn, outline, features } = face(definitions, look)
  const [fx, fy] = features
  const random = randomOf(5)
  const hairTone = definitions.linear(
    [200, 130],
    [440, 420],
    [
      [0, '#c8682f'],
      [0.45, '#a34a20'],
      [1, '#5a2212'],
    ],
  )
  const tones = ['#e08a48', '#c8682f', '#8a3b1a', '#6d2b14', '#b4561f']
  const steel = definitions.linear(
    [90, 470],
    [250, 640],
    [
      [0, '#eef3f1'],
      [0.3, '#a9b7bb'],
      [0.55, '#5f7079'],
      [0.75, '#98a8ac'],
      [1, '#37464f'],
    ],
  )
  const cloth = definitions.linear(
    [120, 450],
    [540, 640],
    [
      [0, '#34506b'],
      [0.5, '#25394f'],
      [1, '#141f2e'],
    ],
  )
  const cloak = definitions.linear(
    [380, 440],
    [640, 640],
    [
      [0, '#a83a2b'],
      [0.5, '#7b2620'],
      [1, '#3d1114'],
    ],
  )
  const backHair: Point[] = [
    [314, 114],
    [250, 128],
    [212, 182],
    [202, 254],
    [210, 330],
    [226, 392],
    [262, 424],
    [380, 430],
    [420, 400],
    [432, 330],
    [428, 240],
    [412, 176],
    [374, 128],
  ]
  const fringeLeft: Point[] = [
    [304, 120],
    [256, 130],
    [220, 178],
    [207, 250],
    [212, 322],
    [226, 344],
    [228, 280],
    [244, 228],
    [272, 190],
    [300, 158],
  ]
  const fringeRight: Point[] = [
    [296, 120],
    [352, 120],
    [400, 158],
    [424, 222],
    [428, 300],
    [420, 360],
    [406, 306],
    [388, 246],
    [354, 202],
    [316, 172],
    [294, 152],
  ]
  const braid = Array.from({ length: 8 }, (_, index) => {
    const x = 424 + Math.sin(index * 0.5) * 8 - index * 2
    const y = 380 + index * 31
    const size = 29 - index * 1.4
    return [
      shape(
        curve(
          [
            [x, y - size * 0.7],
            [x - size, y - size * 0.5],
            [x - size * 0.9, y + size * 0.3],
            [x + 2, y + size * 0.8],
          ],
          true,
        ),
        index % 2 ? '#b2541f' : '#a0481e',
      ),
      shape(
        curve(
          [
            [x, y - size * 0.7],
            [x + size, y - size * 0.5],
            [x + size * 0.9, y + size * 0.3],
            [x - 2, y + size * 0.8],
          ],
          true,
        ),
        '#742d15',
      ),
      line(
        curve([
          [x - size * 0.8, y - size * 0.3],
          [x - size * 0.4, y + size * 0.2],
          [x, y + size * 0.6],
        ]),
        '#e7965a',
        2.4,
        { opacity: 0.8 },
      ),
      line(
        curve([
          [x + size * 0.75, y - size * 0.3],
          [x + size * 0.4, y + size * 0.2],
          [x, y + size * 0.6],
        ]),
        '#4f1c0d',
        2.4,
        { opacity: 0.8 },
      ),
    ].join('')
  })
  const freckles = Array.from({ length: 30 }, () => {
    const side = random() < 0.5 ? -1 : 1
    return ellipse(fx + side * random(10, 62), fy + random(20, 46), random(0.9, 1.9), random(0.9, 1.7), '#8f4a30', {
      opacity: random(0.3, 0.65).toFixed(2),
    })
  })
  return framed(definitions, [
    windowBehind(definitions, { air: '#4a2c28', glass: '#d77d46', light: '#ffd897', dark: '#2b1719' }),
    shape(curve(backHair, true), '#4f1d10'),
    neck(definitions, look, 46, 240),
    // Cloak, gambeson, gorget and the pauldron.
    shape('M30 660C50 560 120 492 220 462L410 462C520 490 600 560 620 660Z', cloth),
    ...[0, 1, 2, 3, 4, 5].map((index) =>
      line(`M${236 + index * 32} 470Q${230 + index * 36} 560 ${222 + index * 40} 650`, '#101a28', 3, { opacity: 0.7 }),
    ),
    ...[0, 1, 2].map((index) =>
      line(`M150 ${530 + index * 44}Q320 ${560 + index * 44} 500 ${530 + index * 44}`, '#101a28', 2, { opacity: 0.45 }),
    ),
    shape(
      'M236 440Q314 496 396 440L412 482Q314 540 220 482Z',
      definitions.linear(
        [220, 440],
        [410, 520],
        [
          [0, '#dfe6e6'],
          [0.4, '#93a3a9'],
          [1, '#3e4d57'],
        ],
      ),
    ),
    line('M222 482Q314 538 410 482', '#1d2830', 3),
    line('M240 447Q314 498 392 447', '#fff', 2.4, { opacity: 0.7 }),
    shape('M396 462C520 470 620 540 650 660H470C480 590 450 520 396 462Z', cloak),
    ...[0, 1, 2, 3].map((index) =>
      line(
        curve([
          [430 + index * 26, 478 + index * 12],
          [490 + index * 24, 560],
          [500 + index * 32, 650],
        ]),
        '#35100f',
        4,
        { opacity: 0.6 },
      ),
    ),
    line('M398 464C520 472 600 536 640 640', '#ffb18a', 2.4, { opacity: 0.5 }),
    ...[2, 1, 0].map((index) =>
      [
        shape(
          curve(
            [
              [80 - index * 6, 640 + index * 26],
              [70, 560 + index * 30],
              [112, 490 + index * 26],
              [186, 466 + index * 24],
              [236, 490 + index * 26],
              [250, 560 + index * 26],
              [240, 660],
            ],
            true,
          ),
          steel,
        ),
        line(
          curve([
            [72, 566 + index * 30],
            [112, 491 + index * 26],
            [186, 467 + index * 24],
            [236, 491 + index * 26],
          ]),
          '#ffffff',
          2.6,
          { opacity: 0.75 },
        ),
      ].join(''),
    ),
    ...[
      [122, 520],
      [206, 504],
      [112, 566],
      [222, 560],
    ].map(
      ([x = 0, y = 0]) => ellipse(x, y, 4.4, 4.4, '#2d3a42') + ellipse(x - 1, y - 1.4, 2, 2, '#fff', { opacity: 0.8 }),
    ),
    ear(definitions, look, 1),
    drawn,
    group(freckles, { clipPath: definitions.clip(outline) }),
    // An old cut through the brow.
    line(`M${fx + 52} ${fy - 42}L${fx + 57} ${fy - 18}`, '#f6d9c2', 2.6, { opacity: 0.75 }),
    shape(curve(fringeRight, true), hairTone),
    shape(curve(fringeLeft, true), hairTone),
    ...locks(
      [
        [302, 124],
        [264, 130],
        [230, 166],
      ],
      [
        [224, 330],
        [214, 300],
        [211, 240],
      ],
      20,
      tones,
      5,
      7,
    ),
    ...locks(
      [
        [300, 124],
        [352, 124],
        [394, 156],
        [418, 214],
      ],
      [
        [392, 262],
        [410, 310],
        [418, 334],
        [424, 350],
      ],
      30,
      tones,
      5,
      9,
    ),
    line(
      curve([
        [262, 132],
        [228, 176],
        [214, 240],
      ]),
      '#ffc890',
      4,
      { opacity: 0.55, filter: definitions.blur(1.5) },
    ),
    ...braid,
    ...locks(
      [
        [392, 300],
        [424, 300],
      ],
      [
        [410, 400],
        [440, 400],
      ],
      8,
      tones,
      6,
      12,
    ),
    shape(
      curve(
        [
          [404, 370],
          [446, 368],
          [444, 384],
          [408, 386],
        ],
        true,
      ),
      '#caa24e',
    ),
  ])
}

export function tobin(): string {
  const definitions = new Definitions()
  const look: Face = {
    middle: [322, 276],
    turn: 0.35,
    cheeks: 1.07,
    jaw: 1.16,
    skin: { light: '#a86f47', base: '#7f4e31', shade: '#5b3422', deep: '#2f1912', blush: '#8d3f2a' },
    iris: '#5a371d',
    hair: '#2e2724',
    open: 0.86,
    brows: { lift: 0, inner: 0, weight: 11 },
    lips: { upper: '#5d2e25', lower: '#86493b', corner: 2 },
    rim: '#ffd98c',
  }
  const { drawn, outline, features } = face(definitions, look)
  const [fx, fy] = features
  const clip = definitions.clip(outline)
  const random = randomOf(15)
  const tones = ['#8e857b', '#6a625b', '#b7ada0', '#4b443f', '#a0968a']
  const beard: Point[] = [
    [fx - 100, fy + 10],
    [fx - 92, fy + 60],
    [fx - 80, fy + 112],
    [fx - 46, fy + 158],
    [fx, fy + 172],
    [fx + 42, fy + 160],
    [fx + 76, fy + 116],
    [fx + 86, fy + 60],
    [fx + 90, fy + 10],
    [fx + 80, fy + 46],
    [fx + 56, fy + 66],
    [fx + 30, fy + 62],
    [fx, fy + 58],
    [fx - 32, fy + 62],
    [fx - 62, fy + 66],
    [fx - 88, fy + 46],
  ]
  const mail = Array.from({ length: 12 }, (_, row) =>
    Array.from({ length: 30 }, (_, column) => {
      const [x, y] = [30 + column * 20 + (row % 2) * 10, 470 + row * 15]
      return line(`M${x - 9} ${y}A9 9 0 0 0 ${x + 9} ${y}`, '#c6cdca', 3, {
        opacity: (0.28 + random(0, 0.3)).toFixed(2),
      })
    }).join(''),
  )
  const shoulders = 'M14 660C30 556 104 486 214 456L432 456C540 486 612 556 628 660Z'
  const tabard = 'M196 470L250 462Q322 540 396 462L450 470L476 660H168Z'
  const ivory = definitions.linear(
    [180, 460],
    [470, 660],
    [
      [0, '#fbf1d6'],
      [0.5, '#dfcba0'],
      [1, '#8d774f'],
    ],
  )
  const gold = definitions.linear(
    [270, 520],
    [380, 640],
    [
      [0, '#ffe9a8'],
      [0.45, '#d9a93f'],
      [1, '#7c5417'],
    ],
  )
  const scallop = Array.from({ length: 9 }, (_, index) => {
    const turn = ((index - 4) * Math.PI) / 10.5
    return line(
      `M322 628L${(322 + Math.sin(turn) * 54).toFixed(1)} ${(628 - Math.cos(turn) * 66).toFixed(1)}`,
      '#7a5116',
      2.6,
      { opacity: 0.75 },
    )
  })
  return framed(definitions, [
    windowBehind(definitions, { air: '#3d3a2a', glass: '#d8b35c', light: '#fff2c2', dark: '#29241b' }),
    ...Array.from({ length: 16 }, (_, index) => {
      const turn = (index * Math.PI) / 8
      const ray = (reach: number, more: number): Point => [
        322 + Math.cos(turn + more) * reach,
        250 + Math.sin(turn + more) * reach,
      ]
      return shape(polygon([ray(150, -0.06), ray(index % 2 ? 220 : 250, 0), ray(150, 0.06)]), '#ffe7a3', {
        opacity: 0.42,
      })
    }),
    ellipse(322, 250, 158, 158, 'none', { stroke: '#ffe7a3', strokeWidth: 5, opacity: 0.6 }),
    neck(definitions, look, 66, 230),
    shape(
      shoulders,
      definitions.linear(
        [0, 460],
        [640, 640],
        [
          [0, '#7c8887'],
          [0.5, '#4b5759'],
          [1, '#20292c'],
        ],
      ),
    ),
    group(mail, { clipPath: definitions.clip(shoulders) }),
    shape(
      'M216 452Q322 520 430 452L444 490Q322 560 204 490Z',
      definitions.linear(
        [204, 450],
        [444, 520],
        [
          [0, '#98a3a2'],
          [0.5, '#5d6a6b'],
          [1, '#273133'],
        ],
      ),
    ),
    group(mail, {
      clipPath: definitions.clip('M216 452Q322 520 430 452L444 490Q322 560 204 490Z'),
      transform: 'translate(4 -14)',
    }),
    shape(tabard, ivory),
    line('M196 470L250 462Q322 540 396 462L450 470', '#c2942f', 8),
    line('M198 468L250 460Q322 538 396 460L448 468', '#ffe9ad', 2.4, { opacity: 0.8 }),
    line('M190 660L206 474M456 660L442 474', '#c2942f', 6),
    ...[0, 1, 2].map((index) =>
      line(
        curve([
          [226 + index * 14, 520 + index * 10],
          [222 + index * 8, 590],
          [214 + index * 10, 650],
        ]),
        '#8d774f',
        4,
        { opacity: 0.45 },
      ),
    ),
    ...[0, 1].map((index) =>
      line(
        curve([
          [420 - index * 16, 520],
          [428 - index * 10, 590],
          [436 - index * 8, 650],
        ]),
        '#6f5a36',
        4,
        { opacity: 0.5 },
      ),
    ),
    // The shell of Saint Orla.
    line('M262 466Q300 560 322 570Q344 560 384 466', '#5a3d18', 4),
    shape(
      'M322 634L306 628C276 616 260 592 264 572C274 576 276 566 286 564C292 570 298 556 308 558C314 564 318 554 322 554C326 554 330 564 336 558C346 556 352 570 358 564C368 566 370 576 380 572C384 592 368 616 338 628Z',
      gold,
    ),
    ...scallop,
    line('M266 574C274 577 277 567 286 566C292 571 298 558 308 560C314 565 318 556 322 556', '#fff6cf', 3, {
      opacity: 0.9,
    }),
    ear(definitions, look, -1),
    ear(definitions, look, 1),
    drawn,
    // The shaven crown, and the lines of sixty winters.
    group(
      [
        ellipse(282, 176, 46, 22, '#d7a276', { opacity: 0.45, filter: definitions.blur(9) }),
        ...[0, 1, 2].map((index) =>
          line(
            curve([
              [fx - 46 + index * 4, fy - 62 - index * 15],
              [fx - 4, fy - 67 - index * 15],
              [fx + 42 - index * 4, fy - 62 - index * 15],
            ]),
            '#2f1912',
            2.2,
            { opacity: 0.4 },
          ),
        ),
        line(
          curve([
            [fx - 68, fy + 4],
            [fx - 78, fy - 2],
          ]),
          '#2f1912',
          2,
          { opacity: 0.6 },
        ),
        line(
          curve([
            [fx - 68, fy + 8],
            [fx - 79, fy + 9],
          ]),
          '#2f1912',
          2,
          { opacity: 0.6 },
        ),
      ],
      { clipPath: clip },
    ),
    shape(
      curve(beard, true),
      definitions.linear(
        [fx - 90, fy],
        [fx + 80, fy + 160],
        [
          [0, '#a79c90'],
          [0.5, '#706860'],
          [1, '#37312e'],
        ],
      ),
    ),
    ...locks(
      [
        [fx - 94, fy + 34],
        [fx - 70, fy + 70],
        [fx - 20, fy + 74],
        [fx + 26, fy + 74],
        [fx + 70, fy + 68],
        [fx + 86, fy + 34],
      ],
      [
        [fx - 84, fy + 96],
        [fx - 52, fy + 148],
        [fx - 14, fy + 168],
        [fx + 20, fy + 166],
        [fx + 54, fy + 142],
        [fx + 80, fy + 96],
      ],
      70,
      tones,
      3.4,
      17,
    ),
    // Mouth and moustache over the beard.
    shape(
      curve(
        [
          [fx - 26, fy + 84],
          [fx - 8, fy + 79],
          [fx, fy + 81],
          [fx + 8, fy + 79],
          [fx + 26, fy + 84],
          [fx + 12, fy + 95],
          [fx, fy + 97],
          [fx - 12, fy + 95],
        ],
        true,
      ),
      '#7c4336',
    ),
    line(
      curve([
        [fx - 28, fy + 84],
        [fx, fy + 86],
        [fx + 28, fy + 84],
      ]),
      '#2a0f0d',
      2.4,
    ),
    ...locks(
      [
        [fx - 2, fy + 62],
        [fx - 18, fy + 62],
        [fx - 30, fy + 66],
      ],
      [
        [fx - 18, fy + 84],
        [fx - 36, fy + 92],
        [fx - 52, fy + 96],
      ],
      16,
      tones,
      4,
      19,
    ),
    ...locks(
      [
        [fx + 2, fy + 62],
        [fx + 18, fy + 62],
        [fx + 30, fy + 66],
      ],
      [
        [fx + 18, fy + 84],
        [fx + 36, fy + 92],
        [fx + 52, fy + 96],
      ],
      16,
      tones.slice(1),
      4,
      21,
    ),
  ])
}

export function sable(): string {
  const definitions = new Definitions()
  const look: Face = {
    middle: [318, 300],
    turn: -0.3,
    cheeks: 0.9,
    jaw: 0.84,
    skin: { light: '#e9cdb9', base: '#c79f8c', shade: '#8f6c6c', deep: '#45304a', blush: '#b0615f' },
    iris: '#b9a24a',
    hair: '#17131c',
    open: 0.9,
    brows: { lift: 0, inner: -5, weight: 8 },
    lips: { upper: '#7d3f46', lower: '#a35f60', corner: -1.5 },
    rim: '#b78cff',
  }
  const { drawn, outline, features } = face(definitions, look)
  const [fx, fy] = features
  const hoodOuter: Point[] = [
    [322, 60],
    [250, 84],
    [186, 150],
    [152, 250],
    [146, 360],
    [170, 450],
    [120, 520],
    [60, 660],
    [600, 660],
    [530, 520],
    [470, 450],
    [496, 350],
    [486, 240],
    [452, 146],
    [394, 84],
  ]
  const hoodInner: Point[] = [
    [320, 132],
    [262, 150],
    [220, 206],
    [206, 290],
    [212, 380],
    [248, 446],
    [318, 476],
    [392, 446],
    [430, 380],
    [436, 290],
    [420, 206],
    [378, 150],
  ]
  const plum = definitions.linear(
    [150, 80],
    [540, 640],
    [
      [0, '#6d5790'],
      [0.35, '#4b3a68'],
      [0.7, '#2b2140'],
      [1, '#130e20'],
    ],
  )
  const inside = definitions.radial([318, 300], 190, [
    [0, '#2b2038'],
    [1, '#0c0813'],
  ])
  const scarf = definitions.linear(
    [200, 420],
    [440, 560],
    [
      [0, '#3f6a70'],
      [0.5, '#27474f'],
      [1, '#122429'],
    ],
  )
  const tones = ['#241d2c', '#17131c', '#3a3046', '#0e0b12']
  return framed(definitions, [
    windowBehind(definitions, { air: '#241f3b', glass: '#6f5aa8', light: '#cdbcf5', dark: '#161226' }),
    shape(curve(hoodOuter, true), plum),
    // Folds of the hood.
    ...(
      [
        [
          [292, 78],
          [220, 140],
          [186, 250],
          [190, 380],
          [214, 452],
        ],
        [
          [262, 92],
          [196, 170],
          [168, 280],
          [170, 390],
        ],
        [
          [352, 78],
          [420, 140],
          [460, 250],
          [460, 360],
          [440, 440],
        ],
        [
          [392, 96],
          [446, 170],
          [476, 280],
          [474, 380],
        ],
      ] satisfies Point[][]
    ).map((fold, index) =>
      line(curve(fold), index < 2 ? '#8d76b4' : '#120d1e', 7, {
        opacity: index < 2 ? 0.34 : 0.5,
        filter: definitions.blur(3),
      }),
    ),
    line(
      curve([
        [318, 62],
        [248, 86],
        [186, 152],
        [154, 250],
        [148, 350],
      ]),
      '#c4aef0',
      4,
      { opacity: 0.6 },
    ),
    shape(curve(hoodInner, true), inside),
    neck(definitions, look, 44, 200),
    group(
      [
        drawn,
        ellipse(318, 160, 150, 62, '#0c0813', { opacity: 0.82, filter: definitions.blur(18) }),
        ellipse(440, 320, 56, 170, '#0c0813', { opacity: 0.75, filter: definitions.blur(18) }),
      ],
      {
        clipPath: definitions.clip(curve(hoodInner, true)),
      },
    ),
    // A scratch on the cheek, and paint under the eyes against the glare of the sea.
    group([line(`M${fx - 60} ${fy + 30}L${fx - 30} ${fy + 40}`, '#8b2f35', 2.6, { opacity: 0.8 })], {
      clipPath: definitions.clip(outline),
    }),
    // Hair that escapes from the hood.
    group(
      [
        ...locks(
          [
            [318, 138],
            [272, 150],
            [238, 190],
          ],
          [
            [262, 300],
            [234, 330],
            [222, 350],
          ],
          16,
          tones,
          7,
          25,
        ),
        ...locks(
          [
            [320, 138],
            [366, 150],
            [404, 190],
          ],
          [
            [372, 236],
            [402, 300],
            [424, 350],
          ],
          18,
          tones,
          7,
          27,
        ),
        line(
          curve([
            [292, 150],
            [258, 206],
            [246, 300],
            [254, 372],
          ]),
          '#17131c',
          7,
        ),
        line(
          curve([
            [286, 152],
            [250, 210],
            [238, 300],
          ]),
          '#5d4d75',
          2.4,
          { opacity: 0.8 },
        ),
      ],
      { clipPath: definitions.clip(curve(hoodInner, true)) },
    ),
    // The scarf, pulled down from the mouth.
    shape(
      curve(
        [
          [206, 420],
          [250, 436],
          [318, 452],
          [390, 434],
          [436, 416],
          [452, 470],
          [420, 520],
          [330, 548],
          [236, 522],
          [194, 474],
        ],
        true,
      ),
      scarf,
    ),
    ...(
      [
        [
          [208, 432],
          [262, 466],
          [330, 474],
          [400, 456],
          [438, 428],
        ],
        [
          [202, 456],
          [262, 494],
          [334, 502],
          [404, 482],
          [446, 450],
        ],
        [
          [206, 486],
          [266, 522],
          [336, 526],
          [406, 508],
          [444, 474],
        ],
      ] satisfies Point[][]
    ).map(
      (fold) =>
        line(curve(fold), '#0d1c20', 5, { opacity: 0.6 }) +
        line(curve(fold.map(([x, y]): Point => [x, y - 5])), '#74a2a3', 2, { opacity: 0.6 }),
    ),
    shape(
      polygon([
        [372, 520],
        [420, 506],
        [452, 600],
        [436, 618],
        [420, 604],
        [404, 622],
        [392, 604],
      ]),
      scarf,
    ),
    // The collar's edge and its clasp: two dice of bone.
    line(
      curve([
        [176, 452],
        [196, 520],
        [250, 580],
        [330, 604],
        [410, 582],
        [464, 520],
        [470, 452],
      ]),
      '#120d1e',
      9,
      { opacity: 0.7 },
    ),
    line(
      curve([
        [172, 452],
        [192, 520],
        [248, 584],
        [330, 608],
      ]),
      '#8d76b4',
      3,
      { opacity: 0.5 },
    ),
    ...(
      [
        [292, 596, -14],
        [344, 600, 11],
      ] as const
    ).map(([x, y, turn]) =>
      group(
        [
          shape(
            `M${x - 18} ${y - 18}h36v36h-36Z`,
            definitions.linear(
              [x - 18, y - 18],
              [x + 18, y + 18],
              [
                [0, '#fbf3df'],
                [1, '#b8a583'],
              ],
            ),
          ),
          line(`M${x - 18} ${y + 18}V${y - 18}H${x + 18}`, '#fff', 2.4, { opacity: 0.8 }),
          ...[
            [-9, -9],
            [9, 9],
            [0, 0],
            [9, -9],
            [-9, 9],
          ]
            .slice(0, turn < 0 ? 5 : 3)
            .map(([dx = 0, dy = 0]) => ellipse(x + dx, y + dy, 3.2, 3.2, '#2a2130')),
        ],
        { transform: `rotate(${turn} ${x} ${y})` },
      ),
    ),
  ])
}

export function corvin(): string {
  const definitions = new Definitions()
  const look: Face = {
    middle: [326, 308],
    turn: 0.5,
    cheeks: 0.93,
    jaw: 0.9,
    skin: { light: '#f3d2ae', base: '#dba77e', shade: '#a8714f', deep: '#5c3429', blush: '#c2624b' },
    iris: '#3f7f8f',
    hair: '#2b1b14',
    open: 1.2,
    brows: { lift: 5, inner: 7, weight: 8 },
    lips: { upper: '#94493d', lower: '#b8685a', corner: -2.5 },
    rim: '#7ff0d0',
  }
  const { drawn, outline, features } = face(definitions, look)
  const [fx, fy] = features
  const tones = ['#5b3a26', '#3d261a', '#2b1b14', '#1c110c', '#704a2f']
  const hairTone = definitions.linear(
    [200, 200],
    [450, 460],
    [
      [0, '#5b3a26'],
      [0.5, '#38231a'],
      [1, '#150c09'],
    ],
  )
  const felt = definitions.linear(
    [150, 90],
    [520, 260],
    [
      [0, '#3d8a8a'],
      [0.5, '#23595f'],
      [1, '#0f2c33'],
    ],
  )
  const doublet = definitions.linear(
    [80, 470],
    [560, 650],
    [
      [0, '#2f7474'],
      [0.5, '#1d4b52'],
      [1, '#0c2328'],
    ],
  )
  const back: Point[] = [
    [326, 190],
    [250, 200],
    [212, 270],
    [196, 350],
    [204, 420],
    [186, 458],
    [236, 470],
    [300, 440],
    [380, 440],
    [428, 470],
    [462, 452],
    [440, 410],
    [448, 340],
    [436, 262],
    [396, 200],
  ]
  const left: Point[] = [
    [236, 214],
    [218, 262],
    [208, 330],
    [212, 384],
    [196, 424],
    [172, 440],
    [206, 462],
    [240, 440],
    [248, 396],
    [236, 340],
    [242, 280],
    [262, 236],
  ]
  const right: Point[] = [
    [414, 214],
    [432, 262],
    [440, 330],
    [434, 384],
    [450, 424],
    [476, 438],
    [442, 462],
    [412, 440],
    [404, 396],
    [414, 340],
    [410, 290],
    [396, 240],
  ]
  const ruff = Array.from({ length: 15 }, (_, index) => {
    const part = index / 14
    const x = 206 + part * 242
    const y = 452 + Math.sin(part * Math.PI) * 46
    return [
      ellipse(x, y, 21, 28, ['#fbf6e6', '#f4efdf', '#e6e3d2', '#cfd2c4', '#a9b1a8'][Math.floor(part * 4.99)] ?? '', {
        transform: `rotate(${((0.5 - part) * 60).toFixed(0)} ${x.toFixed(0)} ${y.toFixed(0)})`,
      }),
      line(
        `M${x.toFixed(0)} ${(y - 22).toFixed(0)}Q${(x + 6).toFixed(0)} ${y.toFixed(0)} ${x.toFixed(0)} ${(y + 22).toFixed(0)}`,
        '#8f9a92',
        3,
        { opacity: 0.7 },
      ),
    ].join('')
  })
  const plume = Array.from({ length: 34 }, (_, index) => {
    const part = index / 33
    const [x, y] = [420 + part * 150, 120 + part * part * 130 - part * 60]
    const size = 52 * Math.sin(0.35 + part * 2.5)
    return (
      line(
        curve([
          [x, y],
          [x - 12 + part * 8, y - size * 0.6],
          [x + 14 + part * 22, y - size],
        ]),
        index % 3 ? '#f3ead2' : '#cfc6a8',
        6,
        { opacity: 0.85 },
      ) +
      line(
        curve([
          [x, y],
          [x - 6, y + size * 0.5],
          [x + 20 + part * 8, y + size * 0.8],
        ]),
        index % 3 ? '#d9cfb2' : '#a9a184',
        6,
        { opacity: 0.85 },
      )
    )
  })
  return framed(definitions, [
    windowBehind(definitions, { air: '#123338', glass: '#3f9a8f', light: '#c6f5df', dark: '#0d2429' }),
    // The neck of a lute over the shoulder.
    group(
      [
        shape(
          'M96 640L128 640L128 250L112 238L96 250Z',
          definitions.linear(
            [96, 0],
            [128, 0],
            [
              [0, '#a9693a'],
              [1, '#5b3318'],
            ],
          ),
        ),
        ...[0, 1, 2, 3].map((index) => line(`M${102 + index * 7} 640V250`, '#f5e6c4', 1.4, { opacity: 0.8 })),
        ...[0, 1, 2, 3, 4, 5].map((index) => line(`M96 ${300 + index * 52}H128`, '#e2cfa0', 3, { opacity: 0.8 })),
        shape(
          'M94 250L130 250L146 170L88 162Z',
          definitions.linear(
            [90, 160],
            [140, 250],
            [
              [0, '#8a5229'],
              [1, '#4a2812'],
            ],
          ),
        ),
        ...[0, 1, 2].flatMap((index) => [
          ellipse(80, 182 + index * 24, 11, 6, '#d9b878'),
          ellipse(150, 188 + index * 22, 11, 6, '#a98446'),
        ]),
      ],
      { transform: 'rotate(-13 112 640)' },
    ),
    shape(curve(back, true), '#170d09'),
    neck(definitions, look, 48, 210),
    shape('M20 670C44 566 112 500 216 470L436 470C540 500 604 566 624 670Z', doublet),
    ...[0, 1, 2, 3, 4].map((index) =>
      [
        line(
          curve([
            [120 + index * 14, 560 - index * 12],
            [150 + index * 12, 610],
            [156 + index * 16, 660],
          ]),
          '#6cb3aa',
          3,
          { opacity: 0.4 },
        ),
        line(
          curve([
            [540 - index * 16, 560 - index * 12],
            [516 - index * 12, 610],
            [506 - index * 14, 660],
          ]),
          '#07191d',
          5,
          { opacity: 0.6 },
        ),
      ].join(''),
    ),
    line('M328 500V660', '#07191d', 4),
    ...[0, 1, 2].map(
      (index) => ellipse(328, 546 + index * 42, 8, 8, '#d9b45a') + ellipse(326, 543 + index * 42, 3, 3, '#fff6d4'),
    ),
    ...ruff,
    ear(definitions, look, -1),
    drawn,
    group([ellipse(320, 190, 150, 40, '#2b1712', { opacity: 0.75, filter: definitions.blur(12) })], {
      clipPath: definitions.clip(outline),
    }),
    // A bead of sweat, a moustache and a pointed beard.
    shape(
      curve(
        [
          [fx - 66, fy - 44],
          [fx - 71, fy - 30],
          [fx - 66, fy - 24],
          [fx - 61, fy - 30],
        ],
        true,
      ),
      '#eefcff',
      { opacity: 0.75 },
    ),
    shape(
      curve(
        [
          [fx, fy + 65],
          [fx - 14, fy + 62],
          [fx - 30, fy + 70],
          [fx - 46, fy + 66],
          [fx - 32, fy + 76],
          [fx - 12, fy + 72],
          [fx, fy + 69],
          [fx + 12, fy + 72],
          [fx + 30, fy + 76],
          [fx + 44, fy + 66],
          [fx + 28, fy + 70],
          [fx + 14, fy + 62],
        ],
        true,
      ),
      '#2b1b14',
    ),
    shape(
      curve(
        [
          [fx - 13, fy + 102],
          [fx, fy + 100],
          [fx + 13, fy + 102],
          [fx + 19, fy + 122],
          [fx + 10, fy + 146],
          [fx + 2, fy + 158],
          [fx - 7, fy + 146],
          [fx - 17, fy + 122],
        ],
        true,
      ),
      '#2b1b14',
    ),
    ...locks(
      [
        [fx - 10, fy + 104],
        [fx + 10, fy + 104],
      ],
      [
        [fx - 8, fy + 142],
        [fx + 8, fy + 142],
      ],
      9,
      tones,
      3,
      39,
    ),
    line(
      curve([
        [fx - 8, fy + 106],
        [fx - 4, fy + 126],
        [fx + 1, fy + 146],
      ]),
      '#704a2f',
      2.4,
    ),
    shape(curve(left, true), hairTone),
    shape(curve(right, true), '#1f130d'),
    ...locks(
      [
        [238, 220],
        [262, 236],
      ],
      [
        [188, 440],
        [232, 444],
      ],
      18,
      tones,
      5,
      35,
    ),
    ...locks(
      [
        [398, 236],
        [420, 224],
      ],
      [
        [418, 444],
        [458, 440],
      ],
      16,
      tones.slice(1),
      5,
      37,
    ),
    // The hat.
    shape(
      curve(
        [
          [126, 222],
          [180, 186],
          [250, 176],
          [330, 176],
          [420, 178],
          [500, 196],
          [540, 232],
          [470, 232],
          [400, 216],
          [320, 210],
          [240, 214],
          [176, 232],
        ],
        true,
      ),
      felt,
    ),
    shape(
      curve(
        [
          [222, 190],
          [226, 130],
          [256, 92],
          [310, 82],
          [372, 84],
          [420, 104],
          [436, 150],
          [432, 194],
          [330, 204],
        ],
        true,
      ),
      felt,
    ),
    shape(
      curve(
        [
          [222, 172],
          [330, 184],
          [434, 174],
          [433, 196],
          [330, 207],
          [222, 194],
        ],
        true,
      ),
      '#7a4b22',
    ),
    line(
      curve([
        [222, 174],
        [330, 186],
        [434, 176],
      ]),
      '#dfae66',
      2.4,
      { opacity: 0.8 },
    ),
    line(
      curve([
        [128, 220],
        [182, 186],
        [250, 178],
      ]),
      '#a9e6dc',
      3,
      { opacity: 0.7 },
    ),
    line(
      curve([
        [228, 130],
        [258, 94],
        [310, 84],
      ]),
      '#a9e6dc',
      4,
      { opacity: 0.6 },
    ),
    ...plume,
    line(
      curve([
        [416, 168],
        [450, 116],
        [510, 112],
        [572, 190],
      ]),
      '#8c8468',
      3,
    ),
    ellipse(418, 168, 13, 13, '#d9b45a'),
    ellipse(414, 164, 4, 4, '#fff6d4'),
  ])
}
