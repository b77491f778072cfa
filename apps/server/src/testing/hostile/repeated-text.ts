// Texts that repeat a part. They show costs that grow faster than the length.
import fc from 'fast-check'

/** Repeats a part up to a length, which shows costs that grow faster than the length. */
export const filled = (part: string, length: number) =>
  part.repeat(Math.max(1, Math.floor(length / Math.max(1, part.length))))

/** Repeats a part once, 40 times, or up to `maxLength`. */
export const repeated = (part: fc.Arbitrary<string>, maxLength: number, tails: readonly string[] = ['']) =>
  fc
    .record({ part, times: fc.constantFrom(1, 40, Infinity, Infinity), tail: fc.constantFrom(...tails) })
    .map(({ part: one, times, tail }) => {
      const room = Math.max(0, maxLength - tail.length)
      return (times === Infinity ? filled(one, room) : one.repeat(times)) + tail
    })
