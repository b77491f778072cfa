// The numbers of a chain of dice, from a seed that is committed to before the first roll. docs/dice.md explains it to people.
//
// A draw is HMAC-SHA-256. Its key is the seed, 32 bytes. Its message is ASCII text: `counter:nonce:index:attempt`.
//
//   counter  the number of the roll in its chain, from 0
//   nonce    chosen by the person who rolls: letters, digits, `_` and `-`, so that `:` only separates
//   index    the number of the die in the roll, from 0, in the order in which the dice are thrown
//   attempt  0, and one more after each number that is passed over
//
// All three numbers are decimal without leading zeros. The first four bytes are a number, the highest byte first. Numbers from the
// largest multiple of `sides` below 2^32 on are passed over, so that each side is as likely as the others. The rest is the remainder
// by `sides`, plus 1.
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Draw } from '../notation/index.ts'

export const SEED_BYTES = 32
const WORDS = 2 ** 32

/** The place of a roll in its chain. */
export type RollPlace = { counter: number; nonce: string }

/** The dice of one roll, one after the other. A die has 1 to 2^32 sides. */
export function drawsOf(seed: Uint8Array, { counter, nonce }: RollPlace): Draw {
  // The state after the key, which takes half of the time of each draw.
  const keyed = hmac.create(sha256, seed)
  let index = 0
  return (sides) => {
    const place = `${counter}:${nonce}:${index++}`
    for (let attempt = 0; ; attempt++) {
      const side = sideOf(
        firstWord(
          keyed
            .clone()
            .update(utf8ToBytes(`${place}:${attempt}`))
            .digest(),
        ),
        sides,
      )
      if (side !== null) return side
    }
  }
}

/** Null for a word that is passed over. */
export function sideOf(word: number, sides: number): number | null {
  return word < WORDS - (WORDS % sides) ? (word % sides) + 1 : null
}

/** The commitment to a seed: SHA-256 of its bytes, in hexadecimal. */
export const hashOfSeed = (seed: Uint8Array): string => bytesToHex(sha256(seed))

export const seedToText = (seed: Uint8Array): string => bytesToHex(seed)

/** Throws for a text that is not 64 hexadecimal digits. */
export function seedFromText(text: string): Uint8Array {
  const seed = hexToBytes(text)
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes`)
  return seed
}

const firstWord = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
