// A head that is turned a little, in light from the left: what all portraits have in common. The view box is 640 × 640.
import { curve, type Definitions, ellipse, group, line, mirrored, type Point, polygon, shape } from './svg.ts'

export type Face = {
  /** The middle of the head. The crown is 130 above it, the chin 132 below. */
  middle: Point
  /** From -1 (looking to the left of the picture) to 1. */
  turn: number
  /** Widths of cheek and jaw, 1 for the usual one. */
  cheeks: number
  jaw: number
  skin: { light: string; base: string; shade: string; deep: string; blush: string }
  iris: string
  hair: string
  /** How far the lids are open, and how the inner ends of the brows are raised (worry) or lowered (resolve). */
  open: number
  brows: { lift: number; inner: number; weight: number }
  lips: { upper: string; lower: string; corner: number }
  /** The light from behind on the dark side. */
  rim: string
}

/** The face without hair. `outline`: for clips of what lies on the skin. */
export function face(definitions: Definitions, look: Face): { drawn: string; outline: string; features: Point } {
  const [x, y] = look.middle
  const { skin, turn } = look
  const half: Point[] = [
    [x + 14, y - 138],
    [x + 58, y - 122],
    [x + 86 * look.cheeks, y - 74],
    [x + 92 * look.cheeks, y - 14],
    [x + 86 * look.cheeks, y + 34],
    [x + 68 * look.jaw, y + 86],
    [x + 36 * look.jaw, y + 122],
    [x + 12, y + 132],
  ]
  const outline = curve(mirrored(x, half), true)
  const clip = definitions.clip(outline)
  // Nose and mouth move with the turn; so do the eyes, of which the far one grows narrower.
  const fx = x + turn * 17
  const base = definitions.linear(
    [x - 90, y - 60],
    [x + 96, y + 60],
    [
      [0, skin.light],
      [0.42, skin.base],
      [0.78, skin.shade],
      [1, skin.deep],
    ],
  )
  const eyeY = y - 2
  const side = [
    [fx + 6, y - 140],
    [fx + 26, y - 60],
    [fx + 12, y - 22],
    [fx + 9, y + 18],
    [fx + 22, y + 44],
    [fx + 8, y + 60],
    [fx + 26, y + 80],
    [fx + 10, y + 100],
    [fx + 4, y + 140],
    [x + 140, y + 140],
    [x + 140, y - 140],
  ] as const
  const drawn = [
    shape(outline, base),
    group(
      [
        shape(curve(side, true), skin.deep, { opacity: 0.42, filter: definitions.blur(7) }),
        ellipse(fx - 46, y + 44, 30, 22, skin.blush, { opacity: 0.4, filter: definitions.blur(10) }),
        ellipse(fx + 50, y + 46, 26, 20, skin.blush, { opacity: 0.26, filter: definitions.blur(10) }),
        // Under the brows, beside the nose, under the lip, under the cheekbones.
        ellipse(fx - 38, eyeY - 10, 32, 17, skin.deep, { opacity: 0.42, filter: definitions.blur(6) }),
        ellipse(fx + 40, eyeY - 10, 32, 17, skin.deep, { opacity: 0.55, filter: definitions.blur(6) }),
        ellipse(fx, y + 101, 26, 6, skin.deep, { opacity: 0.45, filter: definitions.blur(4) }),
        shape(
          curve(
            [
              [x - 92, y + 20],
              [x - 56, y + 62],
              [x - 42, y + 104],
              [x - 84, y + 110],
            ],
            true,
          ),
          skin.shade,
          { opacity: 0.55, filter: definitions.blur(9) },
        ),
        ellipse(fx - 40, y - 66, 44, 30, skin.light, { opacity: 0.65, filter: definitions.blur(12) }),
        ellipse(fx - 50, y + 22, 24, 11, skin.light, { opacity: 0.6, filter: definitions.blur(7) }),
        ellipse(fx - 4, y + 120, 16, 7, skin.light, { opacity: 0.4, filter: definitions.blur(5) }),
        line(curve(mirrored(x, half).slice(1, 7)), look.rim, 9, { opacity: 0.6, filter: definitions.blur(3.4) }),
      ],
      { clipPath: clip },
    ),
    nose(definitions, fx, y, look),
    mouth(fx, y, look),
    eye(definitions, fx - 40 - turn * 2, eyeY, -1, 1 + Math.max(0, -turn) * -0.14, look),
    eye(definitions, fx + 40 - turn * 2, eyeY, 1, 1 - Math.max(0, turn) * 0.14, look),
    brow(fx - 41, eyeY - 25, -1, look),
    brow(fx + 41, eyeY - 25, 1, look),
  ].join('')
  return { drawn, outline, features: [fx, y] }
}

function nose(definitions: Definitions, x: number, y: number, { skin }: Face): string {
  return [
    shape(
      curve(
        [
          [x + 3, y - 22],
          [x + 9, y + 14],
          [x + 21, y + 40],
          [x + 12, y + 51],
          [x + 1, y + 50],
          [x + 3, y + 10],
        ],
        true,
      ),
      skin.deep,
      {
        opacity: 0.6,
        filter: definitions.blur(2.4),
      },
    ),
    line(
      curve([
        [x - 2, y - 20],
        [x - 1, y + 10],
        [x - 3, y + 34],
      ]),
      skin.light,
      6,
      { opacity: 0.75, filter: definitions.blur(2.2) },
    ),
    ellipse(x - 3, y + 37, 7, 6, skin.light, { opacity: 0.7, filter: definitions.blur(2) }),
    shape(
      curve(
        [
          [x - 19, y + 46],
          [x - 11, y + 51],
          [x, y + 55],
          [x + 12, y + 51],
          [x + 20, y + 45],
          [x + 12, y + 56],
          [x, y + 59],
          [x - 11, y + 56],
        ],
        true,
      ),
      skin.deep,
      { opacity: 0.75 },
    ),
    line(
      curve([
        [x - 20, y + 47],
        [x - 22, y + 39],
        [x - 16, y + 33],
      ]),
      skin.deep,
      2.2,
      { opacity: 0.5 },
    ),
    line(
      curve([
        [x + 21, y + 47],
        [x + 24, y + 39],
        [x + 18, y + 32],
      ]),
      skin.deep,
      2.2,
      { opacity: 0.6 },
    ),
    ellipse(x - 9, y + 52, 4.4, 2.2, '#1a0d0a', { opacity: 0.5 }),
    ellipse(x + 10, y + 52, 4.4, 2.2, '#1a0d0a', { opacity: 0.55 }),
  ].join('')
}

function mouth(x: number, y: number, { lips, skin }: Face): string {
  const m = y + 81
  const c = lips.corner
  const upper: Point[] = [
    [x - 31, m - c],
    [x - 14, m - 8],
    [x - 5, m - 9.5],
    [x, m - 7.5],
    [x + 5, m - 9.5],
    [x + 13, m - 8],
    [x + 29, m - c],
    [x + 10, m + 1.5],
    [x, m + 2.5],
    [x - 11, m + 1.5],
  ]
  const lower: Point[] = [
    [x - 29, m - c],
    [x - 11, m + 1],
    [x, m + 2],
    [x + 10, m + 1],
    [x + 27, m - c],
    [x + 14, m + 11],
    [x, m + 14],
    [x - 15, m + 11],
  ]
  return [
    shape(curve(lower, true), lips.lower),
    shape(curve(upper, true), lips.upper),
    ellipse(x - 7, m + 8, 9, 2.4, skin.light, { opacity: 0.5 }),
    line(
      curve([
        [x - 32, m - c],
        [x - 12, m + 1],
        [x, m + 2.4],
        [x + 11, m + 1],
        [x + 30, m - c],
      ]),
      '#2a0f0d',
      2.2,
      { opacity: 0.75 },
    ),
  ].join('')
}

function eye(
  definitions: Definitions,
  x: number,
  y: number,
  side: -1 | 1,
  scale: number,
  { iris, open, skin }: Face,
): string {
  const w = 24 * scale
  const up = 11.5 * open
  const low = 8 * open
  // `side` -1 is the left one of the picture: its inner corner is on the right.
  const inner: Point = [x - side * w, y + 4]
  const outer: Point = [x + side * (w + 1), y - 1.5]
  const upper: Point[] = [
    inner,
    [x - side * w * 0.45, y - up * 0.82],
    [x + side * 1, y - up],
    [x + side * w * 0.62, y - up * 0.72],
    outer,
  ]
  const lower: Point[] = [outer, [x + side * w * 0.45, y + low * 0.86], [x - side * w * 0.2, y + low], inner]
  const opening = `${curve(upper)}${curve(lower).replace(/^M[^C]+/, '')}Z`
  const clip = definitions.clip(opening)
  const glow = definitions.radial([x - 1, y + 3], 11, [
    [0, iris],
    [0.6, iris],
    [1, '#10161a'],
  ])
  return [
    shape(opening, '#efe8dd'),
    group(
      [
        ellipse(x, y - 0.5, 10.6, 10.8, glow),
        ellipse(x, y - 0.5, 4.7, 4.9, '#07090b'),
        ellipse(x - 3.8, y - 4.6, 2.9, 2.9, '#fff'),
        ellipse(x + 4, y + 3.4, 1.7, 1.3, '#fff', { opacity: 0.5 }),
        // The shadow of the lid.
        line(curve(upper), '#2b1c1a', 8, { opacity: 0.3 }),
        ellipse(x + 15, y, 8, 12, skin.deep, { opacity: 0.25 }),
      ],
      { clipPath: clip },
    ),
    line(curve(upper), '#1c1010', 3.6),
    line(curve([[x + side * w * 0.62, y - up * 0.72], outer, [x + side * (w + 6), y - 4.5]]), '#1c1010', 3),
    line(curve(lower), '#3a211c', 1.5, { opacity: 0.55 }),
    line(curve(upper.map(([px, py]): Point => [px, py - 7])), skin.deep, 2.2, { opacity: 0.8 }),
    line(
      curve([
        [x - side * w * 0.8, y + 14],
        [x, y + 17],
        [x + side * w * 0.8, y + 12],
      ]),
      skin.deep,
      2,
      { opacity: 0.35 },
    ),
  ].join('')
}

function brow(x: number, y: number, side: -1 | 1, { hair, brows }: Face): string {
  const { lift, inner, weight } = brows
  const top = y - lift
  const points: Point[] = [
    [x - side * 29, top - inner + 3],
    [x - side * 8, top - 5],
    [x + side * 15, top - 8],
    [x + side * 33, top + 4],
    [x + side * 15, top - 8 + weight * 0.75],
    [x - side * 8, top - 5 + weight * 1.1],
    [x - side * 28, top - inner + 3 + weight],
  ]
  return shape(curve(points, true), hair, { opacity: 0.92 })
}

/** Neck and the shadow under the chin, to lie beneath the face. */
export function neck(definitions: Definitions, look: Face, width: number, down: number): string {
  const [x, y] = look.middle
  const shape_ = polygon([
    [x - width, y + 70],
    [x + width, y + 70],
    [x + width + 8, y + down],
    [x - width - 8, y + down],
  ])
  const tone = definitions.linear(
    [x - width, 0],
    [x + width, 0],
    [
      [0, look.skin.base],
      [0.5, look.skin.shade],
      [1, look.skin.deep],
    ],
  )
  return [
    shape(shape_, tone),
    group([ellipse(x + 8, y + 112, width + 26, 48, look.skin.deep, { opacity: 0.85, filter: definitions.blur(9) })], {
      clipPath: definitions.clip(shape_),
    }),
  ].join('')
}

export function ear(definitions: Definitions, look: Face, side: -1 | 1): string {
  const [x, y] = look.middle
  const ex = x + side * 92 * look.cheeks
  const tone = side < 0 ? look.skin.base : look.skin.deep
  return [
    shape(
      curve(
        [
          [ex - side * 6, y - 22],
          [ex + side * 10, y - 30],
          [ex + side * 16, y - 12],
          [ex + side * 11, y + 16],
          [ex + side * 2, y + 36],
          [ex - side * 8, y + 26],
        ],
        true,
      ),
      tone,
    ),
    line(
      curve([
        [ex + side * 2, y - 18],
        [ex + side * 9, y - 14],
        [ex + side * 5, y + 8],
        [ex, y + 18],
      ]),
      look.skin.deep,
      3,
      { opacity: 0.7, filter: definitions.blur(0.7) },
    ),
  ].join('')
}

/** The window of stained glass that stands behind every portrait. */
export function windowBehind(
  definitions: Definitions,
  colours: { air: string; glass: string; light: string; dark: string },
): string {
  const arch = 'M96 700V300C96 150 200 60 320 8C440 60 544 150 544 300V700Z'
  const clip = definitions.clip(arch)
  const air = definitions.linear(
    [0, 0],
    [640, 640],
    [
      [0, colours.air],
      [1, colours.dark],
    ],
  )
  const light = definitions.radial([250, 230], 380, [
    [0, colours.light],
    [0.45, colours.glass],
    [1, colours.dark],
  ])
  const panes: string[] = []
  for (let row = 0; row < 9; row++)
    for (let column = 0; column < 8; column++) {
      const [cx, cy] = [68 + column * 72 + (row % 2) * 36, 20 + row * 62]
      const bright = ((row * 7 + column * 5) % 6) / 6
      panes.push(
        shape(
          polygon([
            [cx, cy - 62],
            [cx + 36, cy],
            [cx, cy + 62],
            [cx - 36, cy],
          ]),
          bright > 0.5 ? '#fff' : colours.dark,
          { opacity: (0.03 + bright * 0.08).toFixed(3) },
        ),
        line(
          polygon([
            [cx, cy - 62],
            [cx + 36, cy],
            [cx, cy + 62],
            [cx - 36, cy],
          ]),
          colours.dark,
          2.4,
          { opacity: 0.34 },
        ),
      )
    }
  return [
    `<rect width="640" height="640" fill="${air}"/>`,
    group(
      [
        shape(arch, light),
        ...panes,
        line('M320 0V640', colours.dark, 5, { opacity: 0.4 }),
        line('M96 300H544', colours.dark, 5, { opacity: 0.35 }),
      ],
      { clipPath: clip },
    ),
    line(arch, colours.dark, 18, { opacity: 0.75 }),
    line(arch, colours.light, 3, { opacity: 0.55, transform: 'translate(-4 -3)' }),
  ].join('')
}
