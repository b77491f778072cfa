// The handout of the sample campaign: a ferryman's tide table on a worn sheet.
import { curve, Definitions, ellipse, group, line, picture, type Point, polygon, randomOf, rect, shape } from './svg.ts'

const WIDTH = 1_500
const HEIGHT = 2_000
const INK = '#2d1f14'
const RED = '#8c2a1c'

type Align = 'start' | 'middle' | 'end'

const words = (
  text: string,
  x: number,
  y: number,
  size: number,
  look: { fill?: string; align?: Align; italic?: boolean; spacing?: number; turn?: number } = {},
): string =>
  `<text x="${x}" y="${y}" font-family="IM FELL English" font-size="${size}" fill="${look.fill ?? INK}" text-anchor="${look.align ?? 'start'}"${look.italic ? ' font-style="italic"' : ''}${look.spacing ? ` letter-spacing="${look.spacing}"` : ''}${look.turn ? ` transform="rotate(${look.turn} ${x} ${y})"` : ''}>${text}</text>`

/** `moon`: its lit part, from 0 (new) to 1 (full) and back to 2. */
const days = [
  { day: 'Moonday', moon: 0.62, low: '8 and a half', clear: '7 till 10', high: '3 less a quarter', height: 'xi' },
  { day: 'Tidesday', moon: 0.74, low: '9 and a quarter', clear: '8 till 11', high: '3 and a half', height: 'xii' },
  { day: 'Wellsday', moon: 0.85, low: '10', clear: '8 and a half till 11', high: '4 and a quarter', height: 'xiv' },
  { day: 'Saint Orla', moon: 1, low: '11 and a half', clear: '10 till Noon', high: '6', height: 'xvii' },
  { day: 'Fireday', moon: 1.14, low: 'Noon', clear: '11 till 1', high: '6 and a quarter', height: 'xvi' },
  { day: 'Netsday', moon: 1.26, low: '1 less a quarter', clear: '11 and a half till 2', high: '7', height: 'xiv' },
  { day: 'Restday', moon: 1.38, low: '1 and a half', clear: 'Noon till 3', high: '7 and a half', height: 'xii' },
]

export function tideTable(): string {
  const definitions = new Definitions()
  const sheet = tornEdge()
  const clip = definitions.clip(sheet)
  const paper = definitions.radial([700, 880], 1_350, [
    [0, '#f3e4bd'],
    [0.55, '#e7d09c'],
    [0.85, '#cda968'],
    [1, '#8c6433'],
  ])
  const fibre = definitions.filter(
    '<feTurbulence type="fractalNoise" baseFrequency="0.006 0.009" numOctaves="4" seed="3"/>' +
      '<feColorMatrix type="matrix" values="0 0 0 0 0.42  0 0 0 0 0.27  0 0 0 0 0.10  0 0 0 2.4 -1.1"/>',
  )
  return picture([WIDTH, HEIGHT], [WIDTH, HEIGHT], definitions, [
    table(definitions),
    shape(sheet, '#000', { transform: 'translate(14 22)', opacity: 0.6, filter: definitions.blur(18) }),
    shape(sheet, paper),
    group(
      [
        rect(0, 0, WIDTH, HEIGHT, '#fff', { filter: fibre, opacity: 0.38 }),
        ...stains(definitions),
        line(sheet, '#5b3b18', 34, { opacity: 0.5, filter: definitions.blur(16) }),
        // Where it was folded.
        rect(60, 996, 1_380, 3, '#6f4d22', { opacity: 0.35 }),
        rect(60, 1_000, 1_380, 5, '#fff6d8', { opacity: 0.4 }),
        rect(746, 40, 3, 1_920, '#6f4d22', { opacity: 0.3 }),
        rect(750, 40, 4, 1_920, '#fff6d8', { opacity: 0.35 }),
      ],
      { clipPath: clip },
    ),
    border(),
    heading(),
    section(definitions),
    grid(),
    advice(),
    wax(definitions),
  ])
}

function table(definitions: Definitions): string {
  const random = randomOf(2)
  const planks = Array.from({ length: 5 }, (_, index) => {
    const y = index * 400
    const tone = definitions.linear(
      [0, y],
      [0, y + 400],
      [
        [0, '#2b3a3a'],
        [0.08, '#223030'],
        [0.94, '#182423'],
        [1, '#0a1211'],
      ],
    )
    return [
      rect(0, y, WIDTH, 400, tone),
      ...Array.from({ length: 9 }, () => {
        const line_ = y + random(20, 380)
        return line(
          curve([
            [0, line_],
            [400, line_ + random(-12, 12)],
            [900, line_ + random(-14, 14)],
            [1_500, line_ + random(-10, 10)],
          ]),
          random() < 0.5 ? '#0b1413' : '#3c4f4d',
          random(1, 3),
          { opacity: 0.4 },
        )
      }),
    ].join('')
  })
  return planks.join('')
}

function tornEdge(): string {
  const random = randomOf(6)
  const points: Point[] = []
  const step = 26
  for (let x = 66; x < 1_434; x += step) points.push([x, 52 + random(-7, 7) + (random() < 0.05 ? random(8, 24) : 0)])
  for (let y = 56; y < 1_944; y += step) points.push([1_440 + random(-7, 7) - (random() < 0.06 ? random(8, 30) : 0), y])
  for (let x = 1_434; x > 66; x -= step) points.push([x, 1_946 + random(-8, 8) - (random() < 0.06 ? random(8, 30) : 0)])
  for (let y = 1_940; y > 56; y -= step) points.push([60 + random(-7, 7) + (random() < 0.06 ? random(8, 24) : 0), y])
  return polygon(points)
}

function stains(definitions: Definitions): string[] {
  const ring = (x: number, y: number, radius: number, opacity: number) =>
    ellipse(x, y, radius, radius * 0.97, 'none', {
      stroke: '#6b431a',
      strokeWidth: 12,
      opacity,
      filter: definitions.blur(3),
    }) + ellipse(x, y, radius - 8, radius - 10, '#8a5a25', { opacity: opacity * 0.35, filter: definitions.blur(6) })
  const sea = (points: readonly Point[]) =>
    shape(curve(points, true), '#7d8a68', { opacity: 0.2, filter: definitions.blur(10) }) +
    line(curve(points, true), '#6b5a30', 5, { opacity: 0.3, filter: definitions.blur(2.4) })
  return [
    ring(1_236, 420, 116, 0.34),
    sea([
      [40, 1_560],
      [190, 1_520],
      [330, 1_600],
      [390, 1_760],
      [320, 1_880],
      [380, 2_000],
      [20, 2_000],
    ]),
    sea([
      [1_460, 1_240],
      [1_330, 1_290],
      [1_290, 1_420],
      [1_390, 1_520],
      [1_480, 1_500],
    ]),
  ]
}

function border(): string {
  const wave = (y: number) => {
    let d = `M150 ${y}`
    for (let x = 150; x < 1_350; x += 40) d += `q10 -20 20 0t20 0`
    return d
  }
  return [
    rect(118, 110, 1_264, 1_780, 'none', { stroke: INK, strokeWidth: 5, opacity: 0.85 }),
    rect(132, 124, 1_236, 1_752, 'none', { stroke: INK, strokeWidth: 1.8, opacity: 0.8 }),
    line(wave(320), INK, 2.6, { opacity: 0.85 }),
    line(wave(331), INK, 1.6, { opacity: 0.6 }),
    ...[
      [118, 110],
      [1_382, 110],
      [118, 1_890],
      [1_382, 1_890],
    ].map(
      ([x = 0, y = 0]) =>
        ellipse(x, y, 20, 20, '#e4cd9a') +
        ellipse(x, y, 17, 17, 'none', { stroke: INK, strokeWidth: 3 }) +
        line(
          `M${x - 17} ${y}H${x + 17}M${x} ${y - 17}V${y + 17}M${x - 12} ${y - 12}L${x + 12} ${y + 12}M${x + 12} ${y - 12}L${x - 12} ${y + 12}`,
          INK,
          1.8,
        ),
    ),
  ].join('')
}

const heading = (): string =>
  [
    words('The Tides at Saint Orla', 750, 236, 104, { align: 'middle', spacing: 1 }),
    words('as the ferrymen of the causeway reckon them, in the week of the Saint', 750, 292, 38, {
      align: 'middle',
      italic: true,
    }),
  ].join('')

/** The chapel cut through, with the heights to which the water rises. */
function section(definitions: Definitions): string {
  const [left, right, foot] = [190, 1_310, 690]
  const hatch = (x: number, y: number, width: number, height: number, gap = 9) => {
    let d = ''
    for (let across = 0; across < width + height; across += gap) {
      const [x1, y1] = [x + Math.max(0, across - height), y + Math.min(across, height)]
      const [x2, y2] = [x + Math.min(across, width), y + Math.max(0, across - width)]
      d += `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`
    }
    return line(d, INK, 1.5, { opacity: 0.7 })
  }
  const swell = (y: number) => {
    let d = `M${left} ${y}`
    for (let x = left; x < right; x += 56) d += `q14 -9 28 0t28 0`
    return d
  }
  const ground: Point[] = [
    [left, 706],
    [330, 700],
    [470, 694],
    [560, 676],
    [620, foot],
    [1_010, foot],
    [1_060, 700],
    [1_180, 726],
    [right, 740],
  ]
  const water = definitions.linear(
    [0, 470],
    [0, 720],
    [
      [0, '#3f6a68', 0.1],
      [1, '#2c5558', 0.42],
    ],
  )
  const tower = 'M640 690V440L674 374L708 440V690Z'
  const body = 'M708 690V560L830 470L952 560V690Z'
  const lancet = (x: number) => `M${x - 11} 668V604Q${x - 9} 584 ${x} 574Q${x + 9} 584 ${x + 11} 604V668Z`
  return [
    shape(`M${left} 512H${right}V740${polygon(ground.toReversed()).replace('M', 'L')}`, water),
    shape(`${curve(ground)}L${right} 752H${left}Z`, '#b88f52', { opacity: 0.5 }),
    line(curve(ground), INK, 4),
    group([hatch(left, 700, right - left, 52, 12)], {
      clipPath: definitions.clip(`${curve(ground)}L${right} 752H${left}Z`),
    }),
    // The stones of the causeway.
    ...Array.from({ length: 9 }, (_, index) =>
      shape(
        curve(
          [
            [250 + index * 42, 702 - index * 2.6],
            [264 + index * 42, 690 - index * 2.6],
            [284 + index * 42, 692 - index * 2.6],
            [288 + index * 42, 704 - index * 2.6],
          ],
          true,
        ),
        '#e8d4a6',
        { stroke: INK, strokeWidth: 2 },
      ),
    ),
    shape(tower, '#ecdcb4', { stroke: INK, strokeWidth: 4 }),
    group([hatch(680, 440, 28, 250, 7)], { clipPath: definitions.clip(tower) }),
    line('M640 440H708M640 520H708', INK, 3),
    shape('M660 500V468Q674 448 688 468V500Z', '#3a2a1b'),
    shape('M666 494Q668 474 674 472Q680 474 682 494Z', '#e0c689'),
    line('M674 374V342M662 354H686', INK, 4),
    shape(body, '#f0e2bd', { stroke: INK, strokeWidth: 4 }),
    line('M696 566L830 466L964 566', INK, 5),
    group([hatch(708, 470, 244, 90, 8)], { clipPath: definitions.clip('M708 560L830 470L952 560Z'), opacity: 0.7 }),
    ellipse(830, 534, 20, 20, '#f0e2bd', { stroke: INK, strokeWidth: 3 }),
    line('M830 514V554M810 534H850M816 520L844 548M844 520L816 548', INK, 2),
    ...[742, 786, 874, 918].map((x) => shape(lancet(x), '#3f5a4a', { stroke: INK, strokeWidth: 2.5, opacity: 0.85 })),
    shape('M812 690V640Q814 612 830 598Q846 612 848 640V690Z', '#33241a', { stroke: INK, strokeWidth: 3 }),
    // The three marks.
    line(swell(512), RED, 3.4),
    line(swell(608), '#2c5558', 3),
    line(swell(690), '#2c5558', 2.4, { opacity: 0.8 }),
    words('High water of the Saint', 1_306, 498, 30, { align: 'end', italic: true, fill: RED }),
    words('High water', 1_306, 598, 30, { align: 'end', italic: true }),
    words('Low water', 1_306, 682, 30, { align: 'end', italic: true }),
    words('Causeway', 214, 668, 30, { italic: true }),
    line('M330 676Q360 690 376 690', INK, 2),
    boat(450, 506),
    sun(286, 424),
  ].join('')
}

const boat = (x: number, y: number): string =>
  [
    shape(
      `M${x - 46} ${y - 12}Q${x} ${y + 26} ${x + 52} ${y - 16}L${x + 40} ${y + 8}Q${x} ${y + 28} ${x - 34} ${y + 8}Z`,
      '#e8d4a6',
      { stroke: INK, strokeWidth: 3 },
    ),
    line(`M${x} ${y + 4}V${y - 84}`, INK, 3.4),
    shape(`M${x + 4} ${y - 82}Q${x + 50} ${y - 50} ${x + 40} ${y - 18}L${x + 4} ${y - 14}Z`, '#f3e6c2', {
      stroke: INK,
      strokeWidth: 2.6,
    }),
    line(
      `M${x + 12} ${y - 66}Q${x + 36} ${y - 48} ${x + 34} ${y - 24}M${x + 10} ${y - 46}Q${x + 24} ${y - 36} ${x + 24} ${y - 22}`,
      INK,
      1.4,
    ),
  ].join('')

function sun(x: number, y: number): string {
  const rays = Array.from({ length: 16 }, (_, index) => {
    const turn = (index * Math.PI) / 8
    const [from, to] = [34, index % 2 ? 48 : 60]
    return `M${(x + Math.cos(turn) * from).toFixed(1)} ${(y + Math.sin(turn) * from).toFixed(1)}L${(x + Math.cos(turn) * to).toFixed(1)} ${(y + Math.sin(turn) * to).toFixed(1)}`
  })
  return [
    ellipse(x, y, 27, 27, '#e9c979', { stroke: INK, strokeWidth: 3 }),
    line(rays.join(''), INK, 2.6),
    line(`M${x - 11} ${y - 4}q4 -4 8 0M${x + 3} ${y - 4}q4 -4 8 0M${x} ${y - 2}v8M${x - 9} ${y + 11}q9 7 18 0`, INK, 2),
  ].join('')
}

/** The disc, with its lit side to the right while it grows. */
function moon(x: number, y: number, phase: number): string {
  const radius = 25
  const lit = phase <= 1 ? phase : 2 - phase
  const bulge = radius * (2 * lit - 1)
  const side = phase <= 1 ? 1 : 0
  const terminator = `A${Math.abs(bulge).toFixed(1)} ${radius} 0 0 ${bulge > 0 === (side === 1) ? 1 : 0} ${x} ${y - radius}`
  const light =
    lit === 1
      ? `M${x} ${y - radius}A${radius} ${radius} 0 1 1 ${x - 0.01} ${y - radius}Z`
      : `M${x} ${y - radius}A${radius} ${radius} 0 0 ${side} ${x} ${y + radius}${terminator}Z`
  return [
    ellipse(x, y, radius, radius, '#4a382a', { stroke: INK, strokeWidth: 2.6 }),
    shape(light, '#f6ecca'),
    ellipse(x + (side ? 6 : -6), y - 6, 4, 4, '#d8c593'),
    ellipse(x + (side ? 9 : -9), y + 8, 2.6, 2.6, '#d8c593'),
  ].join('')
}

const columns = { day: 204, moon: 440, low: 506, clear: 736, high: 996, height: 1_252 }

function grid(): string {
  const top = 830
  const row = 86
  const rows = days.flatMap(({ day, moon: phase, low, clear, high, height }, index) => {
    const y = top + 52 + index * row
    const isFeast = day === 'Saint Orla'
    const fill = isFeast ? RED : INK
    return [
      words(day, columns.day, y, 42, { fill }),
      moon(columns.moon, y - 13, phase),
      words(low, columns.low, y, 34, { fill }),
      words(clear, columns.clear, y, 34, { fill }),
      words(high, columns.high, y, 34, { fill }),
      words(height, columns.height + 52, y, 34, { fill, align: 'end' }),
      line(`M196 ${y + 26}H1304`, INK, 1.4, { opacity: 0.5 }),
    ]
  })
  const y = top + 52 + 3 * row
  return [
    line(`M186 ${top - 66}H1314M186 ${top - 58}H1314`, INK, 2.4),
    words('Day', columns.day, top - 14, 34, { italic: true }),
    words('Moon', columns.moon, top - 14, 34, { italic: true, align: 'middle' }),
    words('Low water', columns.low, top - 14, 34, { italic: true }),
    words('Causeway dry', columns.clear, top - 14, 34, { italic: true }),
    words('High water', columns.high, top - 14, 34, { italic: true }),
    words('Feet', columns.height + 52, top - 14, 34, { italic: true, align: 'end' }),
    line(`M186 ${top + 4}H1314`, INK, 3),
    ...rows,
    // Somebody's later hand, in red.
    line(
      curve([
        [176, y - 12],
        [210, y - 54],
        [520, y - 62],
        [900, y - 58],
        [1_240, y - 56],
        [1_336, y - 22],
        [1_312, y + 24],
        [980, y + 34],
        [500, y + 32],
        [206, y + 26],
        [170, y - 4],
        [230, y - 50],
      ]),
      '#a5301f',
      5,
      { opacity: 0.85 },
    ),
    words('today! it turns at noon', 890, top + 52 + 7 * row + 6, 46, { italic: true, fill: '#a5301f', turn: -3 }),
    line(
      curve([
        [1_262, top + 24 + 7 * row],
        [1_340, top + 6.2 * row],
        [1_352, y + 110],
        [1_334, y + 14],
      ]),
      '#a5301f',
      4,
      { opacity: 0.85 },
    ),
    line(`M1318 ${y + 34}L1331 ${y + 12}L1350 ${y + 32}`, '#a5301f', 4, { opacity: 0.85 }),
  ].join('')
}

const advice = (): string => {
  const from = 1_586
  return [
    words('Advice to those who cross', 214, from, 48),
    line(`M214 ${from + 16}H714`, INK, 2),
    ...[
      'Set out when the third stone is dry. Turn back when it is wet.',
      'Past low water, the sea climbs a hand a minute.',
      'Take no light from the font, nor look long into still water.',
      'Count your company at the door, going in and coming out.',
    ].map(
      (text, index) =>
        words(text, 236, from + 72 + index * 54, 36, { italic: index === 3 }) +
        ellipse(220, from + 61 + index * 54, 5, 5, INK),
    ),
  ].join('')
}

function wax(definitions: Definitions): string {
  const [x, y] = [1_226, 1_716]
  const random = randomOf(9)
  const edge = Array.from({ length: 18 }, (_, index): Point => {
    const turn = (index * Math.PI) / 9
    const radius = 92 + random(-9, 10)
    return [x + Math.cos(turn) * radius, y + Math.sin(turn) * radius]
  })
  const red = definitions.radial([x - 30, y - 34], 130, [
    [0, '#d8553f'],
    [0.5, '#a32a20'],
    [1, '#5c120f'],
  ])
  const shell = Array.from({ length: 7 }, (_, index) => {
    const turn = ((index - 3) * Math.PI) / 9
    return `M${x} ${y + 40}L${(x + Math.sin(turn) * 52).toFixed(1)} ${(y + 40 - Math.cos(turn) * 74).toFixed(1)}`
  })
  const outline = curve(
    [
      [x - 8, y + 46],
      [x - 54, y + 4],
      [x - 44, y - 26],
      [x - 20, y - 38],
      [x, y - 40],
      [x + 20, y - 38],
      [x + 44, y - 26],
      [x + 54, y + 4],
      [x + 8, y + 46],
    ],
    true,
  )
  return [
    shape(curve(edge, true), '#000', { opacity: 0.4, transform: 'translate(6 9)', filter: definitions.blur(6) }),
    shape(curve(edge, true), red),
    ellipse(x, y, 70, 70, 'none', { stroke: '#5c120f', strokeWidth: 5, opacity: 0.7 }),
    ellipse(x + 2, y + 3, 70, 70, 'none', { stroke: '#f08a72', strokeWidth: 2, opacity: 0.6 }),
    shape(outline, '#8e2018'),
    line(shell.join(''), '#5c120f', 4),
    line(shell.join(''), '#ef907a', 1.6, { transform: 'translate(2 2)', opacity: 0.7 }),
    line(outline, '#5c120f', 3),
    line(curve(edge.slice(9, 15)), '#ffb9a6', 5, { opacity: 0.6, filter: definitions.blur(1.5) }),
  ].join('')
}
