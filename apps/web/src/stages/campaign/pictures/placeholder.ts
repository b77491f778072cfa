// The look of a picture before it has loaded: a blur of about 25 bytes, which came with the state.
import { thumbHashToDataURL } from 'thumbhash'

/** Small pictures as addresses, each drawn once. */
const drawn = new Map<string, string | null>()
const MAX_DRAWN = 1_000

/** The blur as a `data:` address; null for one that can not be drawn. */
export function placeholderOf(thumbhash: string): string | null {
  const known = drawn.get(thumbhash)
  if (known !== undefined) return known
  if (drawn.size >= MAX_DRAWN) drawn.clear()
  const address = drawBlur(thumbhash)
  drawn.set(thumbhash, address)
  return address
}

function drawBlur(thumbhash: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0))
    return bytes.length < MIN_BYTES ? null : thumbHashToDataURL(bytes)
  } catch {
    return null
  }
}

const MIN_BYTES = 5
