// cyrb53 by bryc (public domain), and a quick way through text that was hashed before from elsewhere.

const A = 2654435761
const B = 1597334677

/** Takes text in. Two numbers of 32 bits are all that it knows of the text so far. */
export class Cyrb53 {
  a = 0xdeadbeef | 0
  b = 0x41c6ce57 | 0

  add(text: string): void {
    let { a, b } = this
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, A)
      b = Math.imul(b ^ code, B)
    }
    this.a = a
    this.b = b
  }

  /** 14 hex digits (53 bits). */
  get digits(): string {
    let { a, b } = this
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0')
  }
}

/** The low bits that a code of ASCII can change. */
const LOW_BITS = 0x7f
const LOW_STATES = LOW_BITS + 1
/** In codes. The steps through a shorter text take no longer than a look-up. */
const MIN_LENGTH = 64
/** The fewest codes for each one that is not ASCII. The constants of shorter sections would take too much memory. */
const MIN_SECTION = 32

/**
 * A text that is hashed often, each time after another text.
 *
 * A step of the hash is `(a ^ code) * K`. A code of ASCII changes only the seven low bits before the multiplication, so the rest of `a` is
 * merely multiplied: the text turns `a` into `a * K ** length + constant`, and the constant depends on the seven low bits of `a` alone. Each
 * of the 128 constants is worked out when it is needed first. Another code, such as “’”, begins a new section with its own constants.
 */
export class HashedText {
  readonly #codes: Uint16Array
  #constants: SectionConstants | null = null
  #isKnown = false

  constructor(text: string) {
    this.#codes = new Uint16Array(text.length)
    for (let i = 0; i < text.length; i++) this.#codes[i] = text.charCodeAt(i)
  }

  /** The same as `hash.add(text)`, at the same cost each time, and without constants in memory. */
  stepThrough(hash: Cyrb53): void {
    const codes = this.#codes
    let { a, b } = hash
    // Twice as quick as to iterate over the array.
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0
      a = Math.imul(a ^ code, A)
      b = Math.imul(b ^ code, B)
    }
    hash.a = a
    hash.b = b
  }

  /** The same as `hash.add(text)`, at nearly no cost after the first 128 times or so. */
  jumpThrough(hash: Cyrb53): void {
    // Much text is hashed only once.
    if (this.#codes.length < MIN_LENGTH || !this.#isKnown) {
      this.#isKnown = true
      return this.stepThrough(hash)
    }
    this.#constants ??= new SectionConstants(this.#codes)
    if (!this.#constants.addTo(hash)) this.stepThrough(hash)
  }
}

/** The places in a section's block: its first code (0 for the first section, which may begin with any), the powers, the constants. */
const BLOCK = { first: 0, powerA: 1, powerB: 2, constantsA: 3, constantsB: 3 + LOW_STATES, length: 3 + 2 * LOW_STATES }

/** The constants of a text's sections. All are in one array, because a look into memory takes longer than many steps of the hash. */
class SectionConstants {
  readonly #codes: Uint16Array
  /** Where each section begins. */
  readonly #starts: readonly number[]
  /** Null where too many of the codes are not ASCII. */
  readonly #blocks: Int32Array | null

  constructor(codes: Uint16Array) {
    const starts = [0]
    for (const [at, code] of codes.entries()) if (code > LOW_BITS) starts.push(at)
    const areFew = (starts.length - 1) * MIN_SECTION <= codes.length
    this.#codes = codes
    this.#starts = starts
    this.#blocks = areFew ? new Int32Array(starts.length * BLOCK.length) : null
    for (const [section, start] of starts.entries()) {
      const length = (starts[section + 1] ?? codes.length) - start
      const fields = [section === 0 ? 0 : (codes[start] ?? 0), power(A, length), power(B, length)]
      this.#blocks?.set(fields, section * BLOCK.length)
    }
  }

  /** False, and the hash is as it was, where there are no constants. */
  addTo(hash: Cyrb53): boolean {
    const blocks = this.#blocks
    if (!blocks) return false
    const [lowA, lowB] = [hash.a & LOW_BITS, hash.b & LOW_BITS]
    // A constant may be 0, once in four thousand million times. It is worked out each time then.
    if (!blocks[BLOCK.constantsA + lowA] || !blocks[BLOCK.constantsB + lowB]) this.#workOut(blocks, lowA, lowB)
    let { a, b } = hash
    for (let block = 0; block < blocks.length; block += BLOCK.length) {
      const first = blocks[block] ?? 0
      a = Math.imul(a ^ first, blocks[block + BLOCK.powerA] ?? 0) + (blocks[block + BLOCK.constantsA + lowA] ?? 0)
      b = Math.imul(b ^ first, blocks[block + BLOCK.powerB] ?? 0) + (blocks[block + BLOCK.constantsB + lowB] ?? 0)
    }
    hash.a = a | 0
    hash.b = b | 0
    return true
  }

  /** Both in one loop: the two multiplications of a step do not wait for each other. */
  #workOut(blocks: Int32Array, lowA: number, lowB: number): void {
    const codes = this.#codes
    let [a, b] = [lowA, lowB]
    for (const [section, start] of this.#starts.entries()) {
      const block = section * BLOCK.length
      const first = blocks[block] ?? 0
      const wholeA = Math.imul(a ^ first, blocks[block + BLOCK.powerA] ?? 0)
      const wholeB = Math.imul(b ^ first, blocks[block + BLOCK.powerB] ?? 0)
      const end = this.#starts[section + 1] ?? codes.length
      for (let i = start; i < end; i++) {
        const code = codes[i] ?? 0
        a = Math.imul(a ^ code, A)
        b = Math.imul(b ^ code, B)
      }
      blocks[block + BLOCK.constantsA + lowA] = a - wholeA
      blocks[block + BLOCK.constantsB + lowB] = b - wholeB
    }
  }
}

/** `factor ** exponent` in 32 bits. */
function power(factor: number, exponent: number): number {
  let [result, square] = [1, factor]
  for (let left = exponent; left > 0; left >>>= 1) {
    if (left & 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}
