// Parses a JSON text with one very long array, such as the entries of a campaign. In one call the parse would take a second or more and
// block every other client, so this code cuts the array out and parses a few items at a time.
import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { TablecastError } from '@tablecast/contracts'

/** The bytes that are scanned or parsed in one turn of the event loop: a few milliseconds of work. */
const SCAN_BYTES = 262_144
const SLICE_BYTES = 65_536
const SLICE_ITEMS = 250
/** The longest item, which is parsed in one call. */
export const MAX_ITEM_BYTES = 262_144

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

type Range = readonly [from: number, to: number]

/** The items of the array. Each iteration parses them again, so that none stays in memory. */
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

  /** Yields a few items at a time, and leaves the event loop to others in between. Throws BAD_REQUEST for invalid JSON. */
  async *slices(): AsyncGenerator<unknown[]> {
    for (const [from, to] of this.#slices) {
      yield parsed(this.#bytes.toString('utf8', from, to))
      await turn()
    }
  }
}

/**
 * Cuts the array at this path (object keys, from the outermost) out of the text. `rest` is the text with `[]` in its place. `items` is
 * null when there is no array at the path. Throws BAD_REQUEST for an item that is too long. Most invalid JSON is found only by parsing
 * `rest` and `items`.
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

/** Scans the bytes once, in several calls, and keeps its state between them. */
class Cutter {
  readonly #bytes: Buffer
  readonly #path: readonly string[]
  #depth = 0
  #isInString = false
  #isEscaped = false
  #stringFrom = 0
  /** The last string that ended. It is a key if a colon follows. */
  #text: Range | null = null
  /** The number of keys of the path that lead to the current object. */
  #matched = 0
  /** The next value belongs to the next key of the path. */
  #isNextValueOnPath = false
  /** Set within the array: the starts of the array, of the current item and of the current slice. */
  #open: { from: number; item: number; slice: number; items: number; slices: Range[] } | null = null
  found: { from: number; to: number; slices: readonly Range[] } | null = null

  constructor(bytes: Buffer, path: readonly string[]) {
    this.#bytes = bytes
    this.#path = path
  }

  scan(from: number, to: number): void {
    for (let position = from; position < to; position++) {
      const byte = this.#bytes[position] ?? 0
      if (this.#isInString) this.#inString(byte, position)
      else if (byte === QUOTE) {
        this.#isInString = true
        this.#stringFrom = position + 1
      } else if (byte === COMMA) this.#comma(position)
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#opened(byte, position)
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#closed(byte, position)
      else if (byte === COLON) this.#colon()
    }
  }

  #inString(byte: number, position: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) {
      this.#isInString = false
      this.#text = [this.#stringFrom, position]
    }
  }

  #colon(): void {
    const wanted = this.#path[this.#matched]
    if (this.#open || this.#depth !== this.#matched + 1 || wanted === undefined || !this.#text) return
    this.#isNextValueOnPath = this.#bytes.toString('utf8', ...this.#text) === wanted
  }

  #opened(byte: number, position: number): void {
    this.#depth += 1
    if (!this.#isNextValueOnPath || this.#open) return
    this.#isNextValueOnPath = false
    if (byte === OPEN_OBJECT) this.#matched += 1
    else if (this.#matched === this.#path.length - 1) {
      // Parsers differ in which of two equal keys they take.
      if (this.found) throw malformed()
      this.#open = { from: position, item: position + 1, slice: position + 1, items: 0, slices: [] }
      this.#matched += 1
    }
  }

  #comma(position: number): void {
    this.#isNextValueOnPath = false
    const open = this.#open
    if (!open || this.#depth !== this.#path.length + 1) return
    this.#endItem(open, position)
    if (position - open.slice < SLICE_BYTES && open.items < SLICE_ITEMS) return
    open.slices.push([open.slice, position])
    open.slice = position + 1
    open.items = 0
  }

  #closed(byte: number, position: number): void {
    this.#isNextValueOnPath = false
    const open = this.#open
    if (open && this.#depth === this.#path.length + 1) {
      if (byte !== CLOSE_LIST) throw malformed()
      this.#endItem(open, position)
      const isBlank = this.#bytes.toString('utf8', open.slice, position).trim() === ''
      // A comma before the closing bracket is not valid JSON, and the parse of the slices would not find it.
      if (isBlank && open.slices.length > 0) throw malformed()
      if (!isBlank) open.slices.push([open.slice, position])
      this.found = { from: open.from, to: position + 1, slices: open.slices }
      this.#open = null
    }
    this.#depth -= 1
    // This bracket closed the innermost object of the path.
    if (!this.#open && this.#depth < this.#matched + 1 && this.#matched > 0) this.#matched -= 1
  }

  #endItem(open: { item: number; items: number }, position: number): void {
    if (position - open.item > MAX_ITEM_BYTES)
      throw new TablecastError(
        'BAD_REQUEST',
        `An entry is too long: each may have at most ${MAX_ITEM_BYTES.toLocaleString('en')} bytes.`,
      )
    open.item = position + 1
    open.items += 1
  }
}

const malformed = () => new TablecastError('BAD_REQUEST', 'This is no valid JSON.')

function parsed(text: string): unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[]
  } catch {
    throw malformed()
  }
}
