import type { Fog } from './fog.ts'

/**
 * The bits that a stroke changes: runs of bytes to combine with the fog's bytes by exclusive or. It is its own inverse, so the same change
 * undoes and redoes the stroke.
 */
export type FogChange = readonly ByteRun[]
type ByteRun = { readonly at: number; readonly xor: Uint8Array }

/** Unchanged bytes that are cheaper to repeat than to begin another run. */
const SHORT_GAP = 3

/** Reveals or hides the blocks of a shape. Null where nothing changes. The shape is a fog of the same size. */
export function strokeOf(fog: Fog, shape: Fog, isReveal: boolean): FogChange | null {
  return changeBetween(fog.bits, (at) => {
    const [now, inShape] = [fog.bits[at] ?? 0, shape.bits[at] ?? 0]
    return isReveal ? now | inShape : now & ~inShape & 0xff
  })
}

/** The change that makes the first fog the second. Null where they are equal. */
export const differenceOf = (before: Fog, after: Fog): FogChange | null =>
  changeBetween(before.bits, (at) => after.bits[at] ?? 0)

function changeBetween(before: Uint8Array, byteAfter: (at: number) => number): FogChange | null {
  const runs: { at: number; bytes: number[] }[] = []
  before.forEach((byte, at) => {
    const changed = byte ^ byteAfter(at)
    if (changed === 0) return
    const last = runs.at(-1)
    const gap = last ? at - (last.at + last.bytes.length) : Infinity
    if (!last || gap > SHORT_GAP) return void runs.push({ at, bytes: [changed] })
    for (let skipped = 0; skipped < gap; skipped++) last.bytes.push(0)
    last.bytes.push(changed)
  })
  return runs.length === 0 ? null : runs.map(({ at, bytes }) => ({ at, xor: Uint8Array.from(bytes) }))
}

/** The fog after a change, or before it. */
export function changed(fog: Fog, change: FogChange): Fog {
  const bits = Uint8Array.from(fog.bits)
  for (const { at, xor } of change)
    xor.forEach((byte, place) => {
      bits[at + place] = (bits[at + place] ?? 0) ^ byte
    })
  return { ...fog, bits }
}

/** As Base64: for each run, the bytes since the run before (varint), its length (varint), and its bytes. */
export function writeChange(change: FogChange): string {
  const bytes: number[] = []
  let end = 0
  for (const { at, xor } of change) {
    bytes.push(...varint(at - end), ...varint(xor.length), ...xor)
    end = at + xor.length
  }
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** Reads a written change for this fog. Throws a RangeError where the text is damaged or reaches over the fog's blocks. */
export function readChange(text: string, fog: Fog): FogChange {
  const bytes = bytesOf(text)
  const runs: ByteRun[] = []
  let [place, end] = [0, 0]
  const number = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[place++]
      if (byte === undefined || value > fog.bits.length) throw damaged()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (place < bytes.length) {
    const at = end + number()
    const length = number()
    const xor = bytes.slice(place, place + length)
    if (length === 0 || xor.length < length || at + length > fog.bits.length) throw damaged()
    place += length
    end = at + length
    runs.push({ at, xor })
  }
  if (runs.some((run) => touchesPadding(run, fog))) throw damaged()
  return runs
}

const damaged = () => new RangeError('this is no change of this fog')

function bytesOf(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    throw damaged()
  }
}

/** Bits after the last block of a row belong to no block, and stay 0. */
function touchesPadding({ at, xor }: ByteRun, { columns, stride }: Fog): boolean {
  const blocksInLast = columns & 7
  if (blocksInLast === 0) return false
  return xor.some((byte, place) => (at + place) % stride === stride - 1 && byte >> blocksInLast !== 0)
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left]
    bytes.push((left % 128) + 128)
  }
}
