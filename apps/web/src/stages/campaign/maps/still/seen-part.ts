// Decides which part of a map fills a screen that nobody touches. Pure.
import type { PlayerToken } from '@tablecast/contracts'
import type { Part } from '../view/map-view.ts'
import type { TableMap } from '../view/table-map.ts'

type Map = Pick<TableMap, 'width' | 'height' | 'grid'>
type Standing = Pick<PlayerToken, 'x' | 'y' | 'size'>

/** A part is at least this large, in cells: a single lit room keeps something around it. */
const MIN_CELLS = 6

/** Room around what players see, as a share of its longer side, and at least one cell. */
const MARGIN = 0.04

/** A part stays until it is this many times as long as it needs to be. */
const SLACK = 1.4

/** The revealed part and every token. The whole map where players see nothing. */
export function seenPart(map: Map, lit: Part | null, tokens: readonly Standing[]): Part {
  const ofTokens = tokens.map(({ x, y, size }): Part => {
    const side = (size * map.grid.size) / 2
    return { left: x - side, top: y - side, right: x + side, bottom: y + side }
  })
  const all = lit ? [lit, ...ofTokens] : ofTokens
  if (all.length === 0) return wholeOf(map)
  return {
    left: Math.min(...all.map(({ left }) => left)),
    top: Math.min(...all.map(({ top }) => top)),
    right: Math.max(...all.map(({ right }) => right)),
    bottom: Math.max(...all.map(({ bottom }) => bottom)),
  }
}

/** The part to show after one that is shown, which stays as long as it fits: the picture must not move at each step of a token. */
export function nextPart(map: Map, shown: Part | null, seen: Part): Part {
  const wanted = withRoom(map, seen)
  return shown && holds(shown, within(map, seen)) && !isTooLarge(shown, wanted) ? shown : wanted
}

function withRoom(map: Map, { left, top, right, bottom }: Part): Part {
  const { size } = map.grid
  const margin = Math.max(size, MARGIN * Math.max(right - left, bottom - top))
  const across = Math.max(margin, (MIN_CELLS * size - (right - left)) / 2)
  const down = Math.max(margin, (MIN_CELLS * size - (bottom - top)) / 2)
  return within(map, { left: left - across, top: top - down, right: right + across, bottom: bottom + down })
}

const holds = (outer: Part, inner: Part): boolean =>
  outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom

const isTooLarge = (shown: Part, wanted: Part): boolean =>
  shown.right - shown.left > SLACK * (wanted.right - wanted.left) ||
  shown.bottom - shown.top > SLACK * (wanted.bottom - wanted.top)

function within({ width, height }: Map, { left, top, right, bottom }: Part): Part {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  }
}

const wholeOf = ({ width, height }: Map): Part => ({ left: 0, top: 0, right: width, bottom: height })
