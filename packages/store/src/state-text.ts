/**
 * Each part takes a multiple of this number of bytes, filled with spaces, which JSON allows between its parts. So a change of some hit points
 * moves nothing behind them, and SQLite writes the one page that differs, where it wrote all pages of the text.
 */
const STEP = 64

/**
 * The text of a state in UTF-8. Reads as what `JSON.stringify` writes.
 *
 * `before`: the text of an earlier state, whose parts are frozen now. It is of no use afterwards, because its memory is taken over where all
 * that differs fits into its place: the next change of some hit points costs no memory, however long the text is. Else the bytes of the parts
 * that both states share are copied from it, many at a time: no shared part is looked at, and no letter of it is encoded again.
 */
export class StateText {
  readonly bytes: Uint8Array
  /** The items of the lists and the other fields, each of which is written by itself. */
  readonly #values: unknown[] = []
  /** The text between a value and the one before it. */
  readonly #leads: string[] = []
  /** The text after the last value. */
  readonly #tail: string
  /** The places of the values in `bytes`. */
  #begins: number[] = []
  #ends: number[] = []

  constructor(state: object, before: StateText | null = null) {
    this.#tail = this.#divide(state)
    const areInPlace = before && before.#values.length === this.#values.length
    if (areInPlace && this.#writeOver(before)) {
      this.bytes = before.bytes
    } else {
      const pieces = areInPlace ? this.#writeInPlace(before) : this.#write(before)
      this.bytes = joined([...pieces, Buffer.from(this.#tail)])
    }
  }

  /** Returns the text after the last value. */
  #divide(state: object): string {
    let lead = '{'
    for (const [field, value] of Object.entries(state)) {
      if (value === undefined) continue
      lead += `${JSON.stringify(field)}:`
      if (Array.isArray(value)) {
        lead += '['
        for (const item of value) {
          this.#values.push(item)
          this.#leads.push(lead)
          lead = ','
        }
        lead = value.length === 0 ? `${lead}],` : '],'
      } else {
        this.#values.push(value)
        this.#leads.push(lead)
        lead = ','
      }
    }
    return lead === '{' ? '{}' : `${lead.slice(0, -1)}}`
  }

  /** False, and nothing is written, where a value would take more or less room than before, or stand in another field. */
  #writeOver(before: StateText): boolean {
    if (this.#tail !== before.#tail) return false
    const changed: [begin: number, text: Buffer][] = []
    for (let at = 0; at < this.#values.length; at++) {
      if (this.#leads[at] !== before.#leads[at]) return false
      if (this.#values[at] === before.#values[at]) continue
      const text = Buffer.from(JSON.stringify(this.#values[at] ?? null))
      const [begin, end] = [before.#begins[at] ?? 0, before.#ends[at] ?? 0]
      if (padded(text.length) !== end - begin) return false
      changed.push([begin, text])
    }
    for (const [begin, text] of changed) {
      before.bytes.set(text, begin)
      before.bytes.fill(SPACE, begin + text.length, begin + padded(text.length))
    }
    this.#begins = before.#begins
    this.#ends = before.#ends
    return true
  }

  /** Beside a text with the same number of values: usually all but one are the same. */
  #writeInPlace(before: StateText): Uint8Array[] {
    const pieces: Uint8Array[] = []
    /** The end in the earlier text, and how much of it is copied. */
    let [oldEnd, copied] = [0, 0]
    let end = 0
    for (let at = 0; at < this.#values.length; at++) {
      const start = oldEnd
      oldEnd = before.#ends[at] ?? 0
      if (this.#values[at] === before.#values[at] && this.#leads[at] === before.#leads[at]) {
        this.#begins.push(end + (before.#begins[at] ?? 0) - start)
        end += oldEnd - start
      } else {
        pieces.push(before.bytes.subarray(copied, start))
        copied = oldEnd
        end = this.#encode(at, end, pieces)
      }
      this.#ends.push(end)
    }
    pieces.push(before.bytes.subarray(copied, oldEnd))
    return pieces
  }

  /** Beside a text whose values came, went or moved, or beside none. */
  #write(before: StateText | null): Uint8Array[] {
    const places = new Map(before ? before.#values.map((value, at) => [value, at]) : [])
    const pieces: Uint8Array[] = []
    let end = 0
    for (const [at, value] of this.#values.entries()) {
      const place = typeof value === 'object' ? places.get(value) : undefined
      if (before && place !== undefined) {
        const lead = Buffer.from(this.#leads[at] ?? '')
        const known = before.bytes.subarray(before.#begins[place], before.#ends[place])
        pieces.push(lead, known)
        this.#begins.push(end + lead.length)
        end += lead.length + known.length
      } else end = this.#encode(at, end, pieces)
      this.#ends.push(end)
    }
    return pieces
  }

  /** Returns where the value ends. */
  #encode(at: number, start: number, pieces: Uint8Array[]): number {
    const [lead, text] = [Buffer.from(this.#leads[at] ?? ''), Buffer.from(JSON.stringify(this.#values[at] ?? null))]
    const missing = padded(text.length) - text.length
    pieces.push(lead, text, SPACES.subarray(0, missing))
    this.#begins.push(start + lead.length)
    return start + lead.length + text.length + missing
  }
}

const padded = (length: number): number => Math.ceil(length / STEP) * STEP

const SPACE = 0x20
const SPACES = Buffer.alloc(STEP, SPACE)

/** In memory of its own, because it is kept. `Buffer.concat` puts a short text into a block of 64 kB with other buffers, and keeps all of it. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(pieces.reduce((length, piece) => length + piece.length, 0))
  let end = 0
  for (const piece of pieces) {
    whole.set(piece, end)
    end += piece.length
  }
  return whole
}
