// The few words of SVG that the sample pictures are drawn with. Numbers are in the units of each picture's own view box.

export type Point = readonly [x: number, y: number]

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32): a picture is drawn the same way every time. */
export function randomOf(seed: number): (from?: number, to?: number) => number {
  let state = seed
  return (from = 0, to = 1) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * (to - from)
  }
}

const short = (value: number): string => String(Math.round(value * 10) / 10)
const at = ([x, y]: Point): string => `${short(x)} ${short(y)}`

/** The path through these points with straight lines, closed. */
export const polygon = (points: readonly Point[]): string => `M${points.map(at).join('L')}Z`

/** The path through these points with round corners (a Catmull-Rom spline). */
export function curve(points: readonly Point[], isClosed = false): string {
  const count = points.length
  const pick = (index: number): Point => {
    const place = isClosed ? (index + count) % count : Math.min(Math.max(index, 0), count - 1)
    return points[place] ?? [0, 0]
  }
  const parts = Array.from({ length: isClosed ? count : count - 1 }, (_, index) => {
    const [before, from, to, after] = [pick(index - 1), pick(index), pick(index + 1), pick(index + 2)]
    const first: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const second: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    return `C${at(first)} ${at(second)} ${at(to)}`
  })
  return `M${at(pick(0))}${parts.join('')}${isClosed ? 'Z' : ''}`
}

/** These points of a right half, and their mirror images around `axis`. */
export const mirrored = (axis: number, half: readonly Point[]): Point[] => [
  ...half,
  ...half.toReversed().map(([x, y]): Point => [2 * axis - x, y]),
]

type Look = Readonly<Record<string, string | number>>

/** `strokeWidth` becomes `stroke-width`. */
const attributes = (look: Look): string =>
  Object.entries(look)
    .map(([name, value]) => ` ${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="${value}"`)
    .join('')

export const shape = (d: string, fill: string, look: Look = {}): string =>
  `<path d="${d}" fill="${fill}"${attributes(look)}/>`

export const line = (d: string, stroke: string, strokeWidth: number, look: Look = {}): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${strokeWidth}" stroke-linecap="round" stroke-linejoin="round"${attributes(look)}/>`

export const ellipse = (cx: number, cy: number, rx: number, ry: number, fill: string, look: Look = {}): string =>
  `<ellipse cx="${short(cx)}" cy="${short(cy)}" rx="${short(rx)}" ry="${short(ry)}" fill="${fill}"${attributes(look)}/>`

export const rect = (x: number, y: number, width: number, height: number, fill: string, look: Look = {}): string =>
  `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${fill}"${attributes(look)}/>`

export const group = (content: readonly string[], look: Look = {}): string =>
  `<g${attributes(look)}>${content.join('')}</g>`

/** Places of a gradient: offset from 0 to 1, colour, and opacity where it is not 1. */
type Stop = readonly [offset: number, colour: string, opacity?: number]

/** Gradients, filters and clips of a picture, each returned as the reference that a fill, filter or clip takes. */
export class Definitions {
  readonly #parts: string[] = []

  #add(make: (id: string) => string): string {
    const id = `d${this.#parts.length}`
    this.#parts.push(make(id))
    return `url(#${id})`
  }

  /** From point to point, in the units of the view box. */
  linear(from: Point, to: Point, stops: readonly Stop[]): string {
    const place = `x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}"`
    return this.#add(
      (id) => `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" ${place}>${stopsOf(stops)}</linearGradient>`,
    )
  }

  radial([cx, cy]: Point, radius: number, stops: readonly Stop[]): string {
    return this.#add(
      (id) =>
        `<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="${cx}" cy="${cy}" r="${radius}">${stopsOf(stops)}</radialGradient>`,
    )
  }

  blur(x: number, y = x): string {
    return this.#add(
      (id) =>
        `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${x} ${y}"/></filter>`,
    )
  }

  /** Any other filter, by its steps. */
  filter(steps: string): string {
    return this.#add((id) => `<filter id="${id}" x="-5%" y="-5%" width="110%" height="110%">${steps}</filter>`)
  }

  clip(d: string): string {
    return this.#add((id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`)
  }

  mask(content: string): string {
    return this.#add(
      (id) =>
        `<mask id="${id}" maskUnits="userSpaceOnUse" x="-100" y="-100" width="5000" height="5000">${content}</mask>`,
    )
  }

  toString(): string {
    return `<defs>${this.#parts.join('')}</defs>`
  }
}

const stopsOf = (stops: readonly Stop[]): string =>
  stops
    .map(
      ([offset, colour, opacity = 1]) => `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
    )
    .join('')

/** `size`: in pixels. `units`: the width and height of the view box. */
export const picture = (
  size: readonly [width: number, height: number],
  units: readonly [width: number, height: number],
  definitions: Definitions,
  content: readonly string[],
): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${units[0]} ${units[1]}">${String(definitions)}${content.join('')}</svg>`
