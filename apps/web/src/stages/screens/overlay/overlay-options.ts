// The options of an overlay, from its address: `?show=turns,roll&side=right&size=120`.

const parts = ['turns', 'party', 'roll', 'story'] as const
type OverlayPart = (typeof parts)[number]

/** `side`: where the party stands. `size`: of the letters, in per cent. */
export type OverlayOptions = { shows: ReadonlySet<OverlayPart>; side: 'left' | 'right'; size: number }

const SIZE = { least: 50, usual: 100, most: 300 }

/** A value that makes no sense counts as none: a stream must not stop for a slip of the pen. */
export function readOverlayOptions(search: string): OverlayOptions {
  const given = new URLSearchParams(search)
  const asked = given.get('show')?.split(',') ?? parts
  const known = parts.filter((part) => asked.includes(part))
  const size = Number(given.get('size') ?? SIZE.usual)
  return {
    shows: new Set(known.length > 0 ? known : parts),
    side: given.get('side') === 'right' ? 'right' : 'left',
    size: Number.isFinite(size) ? Math.min(SIZE.most, Math.max(SIZE.least, size)) : SIZE.usual,
  }
}
