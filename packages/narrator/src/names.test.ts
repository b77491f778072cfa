import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findNamed, splitName } from './names.ts'

const named = (name: string) => ({ id: name, name })
const nameOf = ({ name }: { name: string }) => name

/** As it is meant, with every beginning tried. */
function longestThatNames(items: ReturnType<typeof named>[], text: string): [string, string] | null {
  const words = text.trim().split(/\s+/)
  for (let count = words.length; count > 0; count--)
    try {
      const { id } = findNamed(items, nameOf, words.slice(0, count).join(' '), 'character')
      return [id, words.slice(count).join(' ')]
    } catch {
      continue
    }
  return null
}

describe('a name at the beginning of a text', () => {
  it('is the longest that names something, whatever there is', () => {
    const word = fc.constantFrom('a', 'A', 'aa', 'b', 'ab', 'İ', '7')
    const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((some) => some.join(' '))
    fc.assert(
      fc.property(fc.array(words, { maxLength: 4 }), fc.array(word, { minLength: 1, maxLength: 8 }), (names, said) => {
        const items = [...new Set(names)].map(named)
        const text = said.join('  ')
        const expected = longestThatNames(items, text)
        if (!expected) expect(() => splitName(items, nameOf, text, 'character')).toThrow(/character/)
        else {
          const [{ id }, rest] = splitName(items, nameOf, text, 'character')
          expect([id, rest]).toEqual(expected)
        }
      }),
    )
  })

  it('is found with work that does not grow with the text', () => {
    const items = Array.from({ length: 100 }, (_, index) => named(`${'Aa '.repeat(17)}${index}`))
    const lookedAt = (text: string) => {
      let names = 0
      const counted = (item: { name: string }) => {
        names++
        return item.name
      }
      expect(() => splitName(items, counted, text, 'character')).toThrow(/character/)
      return names
    }
    expect(lookedAt('a '.repeat(1_990))).toBeLessThanOrEqual(lookedAt('a '.repeat(60)))
  })
})
