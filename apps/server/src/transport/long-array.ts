// A JSON text with one very long array in it, such as the entries of a campaign. As a whole it would take the server a second or more to
// parse, and hold up everybody; so the array is cut out, and parsed a few items at a time.
import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { TablecastError } from '@tablecast/contracts'

/** So many bytes are looked at, or parsed, before others have their turn: a few milliseconds of work. */
const SCAN_BYTES = 262_144
const SLICE_BYTES = 65_536
const SLICE_ITEMS = 250
/** Of one item, which is parsed in one go. */
export const MAX_ITEM_BYTES = 262_144

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

type Range = readonly [from: number, to: number]

/** The items of the array. They can be gone through several times; each time they are parsed again, and nothing is kept. */
export class LongArray {
  /** SHA-256 of the whole text. */
  readonly digest: string
  readonly #bytes: Buffer
  readonly #slices: readonly Range[]

  constructor(bytes: Buffer, slices: readonly Range[], digest: string) {
    this.#bytes = bytes
    this.#slices = slices
    this.digest = digest
  }

  /** A few at a time, with others having their turn in between. Throws BAD_REQUEST where it is no JSON. */
  async *slices(): AsyncGenerator<unknown[]> {
    for (const [from, to] of this.#slices) {
      yield parsed(this.#bytes.toString('utf8', from, to))
      await turn()
    }
  }
}

/**
 * Cuts the array at this path (keys of objects, from the outermost) out of the text: `rest` is the text with an empty one in its place. Null
 * for `items` when there is no array there. Throws BAD_REQUEST for an item that is too long. Whether all is JSON shows when it is parsed.
 */
export async function cutLongArray(
  bytes: Buffer,
  path: readonly string[],
): Promise<{ rest: string; items: LongArray | null }> {
  const cutter = new Cutter(bytes, path)
  const hash = createHash('sha256')
  for (let from = 0; from < bytes.length; from += SCAN_BYTES) {
    const to = Math.min(bytes.length, from + SCAN_BYTES)
    cutter.scan(from, to)
    hash.update(bytes.subarray(from, to))
    await turn()
  }
  const { found } = cutter
  if (!found) return { rest: bytes.toString(), items: null }
  const rest = `${bytes.toString('utf8', 0, found.from)}[]${bytes.toString('utf8', found.to)}`
  return { rest, items: new LongArray(bytes, found.slices, hash.digest('hex')) }
}

/** Goes once over the bytes, in pieces, and keeps its place between them. */
class Cutter {
  readonly #bytes: Buffer
  readonly #path: readonly string[]
  #depth = 0
  #isInString = false
  #isEscaped = false
  #stringFrom = 0
  /** The string before this place, which is a key where a colon follows. */
  #text: Range | null = null
  /** So many keys of the path lead to where this is; `#isHere`: the value that comes next is the one of the last of them. */
  #matched = 0
  #isHere = false
  /** While in the array: where it begins, and where the item and the slice do that are not over yet. */
  #open: { from: number; item: number; slice: number; items: number; slices: Range[] } | null = null
  found: { from: number; to: number; slices: readonly Range[] } | null = null

  constructor(bytes: Buffer, path: readonly string[]) {
    this.#bytes = bytes
    this.#path = path
  }

  scan(from: number, to: number): void {
    for (let place = from; place < to; place++) {
      const byte = this.#bytes[place] ?? 0
      if (this.#isInString) this.#inString(byte, place)
      else if (byte === QUOTE) {
        this.#isInString = true
        this.#stringFrom = place + 1
      } else if (byte === COMMA) this.#comma(place)
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#opened(byte, place)
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#closed(byte, place)
      else if (byte === COLON) this.#colon()
    }
  }

  #inString(byte: number, place: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) {
      this.#isInString = false
      this.#text = [this.#stringFrom, place]
    }
  }

  /** A key of an object on the path is the next of the path. */
  #colon(): void {
    const wanted = this.#path[this.#matched]
    if (this.#open || this.#depth !== this.#matched + 1 || wanted === undefined || !this.#text) return
    this.#isHere = this.#bytes.toString('utf8', ...this.#text) === wanted
  }

  #opened(byte: number, place: number): void {
    this.#depth += 1
    if (!this.#isHere || this.#open) return
    this.#isHere = false
    if (byte === OPEN_OBJECT) this.#matched += 1
    else if (this.#matched === this.#path.length - 1) {
      // Which of two would count depends on who reads it.
      if (this.found) throw malformed()
      this.#open = { from: place, item: place + 1, slice: place + 1, items: 0, slices: [] }
      this.#matched += 1
    }
  }

  #comma(place: number): void {
    this.#isHere = false
    const open = this.#open
    if (!open || this.#depth !== this.#path.length + 1) return
    this.#endItem(open, place)
    if (place - open.slice < SLICE_BYTES && open.items < SLICE_ITEMS) return
    open.slices.push([open.slice, place])
    open.slice = place + 1
    open.items = 0
  }

  #closed(byte: number, place: number): void {
    this.#isHere = false
    const open = this.#open
    if (open && this.#depth === this.#path.length + 1) {
      if (byte !== CLOSE_LIST) throw malformed()
      this.#endItem(open, place)
      const isBlank = this.#bytes.toString('utf8', open.slice, place).trim() === ''
      // Nothing after a comma is no JSON, and would not show when the slices are parsed.
      if (isBlank && open.slices.length > 0) throw malformed()
      if (!isBlank) open.slices.push([open.slice, place])
      this.found = { from: open.from, to: place + 1, slices: open.slices }
      this.#open = null
    }
    this.#depth -= 1
    // Out of the innermost object of the path.
    if (!this.#open && this.#depth < this.#matched + 1 && this.#matched > 0) this.#matched -= 1
  }

  #endItem(open: { item: number; items: number }, place: number): void {
    if (place - open.item > MAX_ITEM_BYTES)
      throw new TablecastError(
        'BAD_REQUEST',
        `an entry is too long: each may have at most ${MAX_ITEM_BYTES.toLocaleString('en')} bytes`,
      )
    open.item = place + 1
    open.items += 1
  }
}

const malformed = () => new TablecastError('BAD_REQUEST', 'this is no valid JSON')

function parsed(text: string): unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[]
  } catch {
    throw malformed()
  }
}
