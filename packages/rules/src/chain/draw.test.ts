import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawsOf, hashOfSeed, seedFromText, seedToText, sideOf } from './draw.ts'

const seed = hexToBytes('00'.repeat(31) + '01')
const WORDS = 2 ** 32
const text = utf8ToBytes

/** The first four bytes of the HMAC, the highest first. */
const wordOf = (message: string) => Number.parseInt(bytesToHex(hmac(sha256, seed, text(message))).slice(0, 8), 16)

/** The side of the die at that index of a roll. */
function drawAt(by: Uint8Array, place: { counter: number; nonce: string }, index: number, sides: number): number {
  const draw = drawsOf(by, place)
  for (let before = 0; before < index; before++) draw(6)
  return draw(sides)
}

describe('the functions below the dice', () => {
  it('give the values of RFC 4231 and FIPS 180-4', () => {
    expect(bytesToHex(sha256(text('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(bytesToHex(hmac(sha256, new Uint8Array(20).fill(0x0b), text('Hi There')))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
    expect(bytesToHex(hmac(sha256, text('Jefe'), text('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('commit to a seed by the hash of its bytes', () => {
    expect(hashOfSeed(seed)).toBe(bytesToHex(sha256(seed)))
    expect(seedFromText(seedToText(seed))).toEqual(seed)
    expect(() => seedFromText('ab')).toThrow(RangeError)
    expect(() => seedFromText('no hexadecimal')).toThrow()
  })
})

describe('a draw', () => {
  it('is the HMAC of counter, nonce, index and attempt, as docs/dice.md writes it', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        fc.nat(20),
        fc.integer({ min: 1, max: 1_000_000 }),
        (counter, nonce, index, sides) => {
          const word = wordOf(`${counter}:${nonce}:${index}:0`)
          fc.pre(word < 2 ** 32 - (2 ** 32 % sides))
          expect(drawAt(seed, { counter, nonce }, index, sides)).toBe((word % sides) + 1)
        },
      ),
    )
  })

  it('passes over the numbers that would make some sides likelier', () => {
    // A third of all words lies beyond the only multiple of the sides.
    const sides = Math.floor((2 ** 32 * 2) / 3)
    let passedOver = 0
    for (let counter = 0; counter < 300; counter++) {
      const place = { counter, nonce: 'n' }
      let attempt = 0
      const word = () => wordOf(`${counter}:n:0:${attempt}`)
      for (; word() >= sides; attempt++) passedOver++
      expect(drawAt(seed, place, 0, sides)).toBe(word() + 1)
    }
    expect(passedOver).toBeGreaterThan(90)
    expect(passedOver).toBeLessThan(220)
  })

  it('is another one for another counter, nonce, index or seed', () => {
    const of = (counter: number, nonce: string, index: number) => drawAt(seed, { counter, nonce }, index, 1_000_000)
    const all = [of(0, 'a', 0), of(1, 'a', 0), of(0, 'b', 0), of(0, 'a', 1), of(0, 'a1', 0), of(10, 'a', 0)]
    expect(new Set([...all, drawAt(hexToBytes('02'.repeat(32)), { counter: 0, nonce: 'a' }, 0, 1_000_000)]).size).toBe(
      7,
    )
  })

  it('shows each side of 100,000 dice of each kind as often as chance allows at 1 %', () => {
    // Every word is a number below 2^32, so one roll of words serves all kinds of dice.
    const words: number[] = []
    for (let counter = 0; counter < 100; counter++) {
      const draw = drawsOf(chiSeed, { counter, nonce: 'chi' })
      for (let index = 0; index < 1_000; index++) words.push(draw(WORDS) - 1)
    }
    for (const [sides, most] of highest) {
      const counts = new Map<number, number>()
      for (const word of words) {
        const side = sideOf(word, sides)
        if (side !== null) counts.set(side, (counts.get(side) ?? 0) + 1)
      }
      const expected = words.length / sides
      const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      expect(counts.size, `d${sides}`).toBe(sides)
      expect(chiSquare, `d${sides}`).toBeLessThan(most)
    }
  })
})

const chiSeed = hexToBytes('01'.repeat(32))

/** The value that a chi-square with `sides - 1` degrees of freedom exceeds once in a hundred times. */
const highest = [
  [4, 11.345],
  [6, 16.812],
  [8, 18.475],
  [10, 21.666],
  [12, 24.725],
  [20, 36.191],
  [100, 134.642],
] as const
