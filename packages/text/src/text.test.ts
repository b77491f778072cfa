import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Line,
  confusableSkeleton,
  normalizeLine,
  normalizeText,
  NonblankLine,
  NonblankProse,
  Prose,
  StoredLine,
} from './text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const schemas = {
  line: Line(80),
  name: NonblankLine(80),
  prose: Prose(80),
  message: NonblankProse(80),
  stored: StoredLine(80),
}

describe('text', () => {
  it('loses NUL, control characters, overrides of direction and halves of letters, in any input', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(schemas)), anyText, (schema, text) => {
        const { data } = schema.safeParse(text)
        if (data === undefined) return
        expect(data).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u)
        expect(data.isWellFormed()).toBe(true)
        expect(schema.parse(data)).toBe(data)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never becomes longer, and mending it twice is mending it once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normalizeText(text).length).toBeLessThanOrEqual(text.length)
        expect(normalizeText(normalizeText(text))).toBe(normalizeText(text))
        expect(normalizeLine(normalizeLine(text))).toBe(normalizeLine(text))
      }),
    )
  })

  it.each([
    ['a\0b', 'ab'],
    ['  Mira \t Ashdown ', 'Mira   Ashdown'],
    ['two\r\nlines', 'two lines'],
    ['e\u0301', 'é'],
    ['half \ud83d', 'half \ufffd'],
    ['\u202eevil', 'evil'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
    ['مرحبا', 'مرحبا'],
  ])('%j in one line is %j', (text, expected) => expect(normalizeLine(text)).toBe(expected))

  it('keeps its lines and indents where lines are kept', () => {
    expect(Prose(80).parse('  one\r\n\ttwo\n')).toBe('  one\n\ttwo\n')
  })

  it.each(['', '   ', '\u200b', '\u200d\u2060', '\u3164', '\u2800', '\0', '\u00ad\ufe0f', '\u{e0001}'])(
    'is no name without a visible character: %j',
    (text) => {
      expect(NonblankLine(60).safeParse(text).success).toBe(false)
      expect(NonblankProse(60).safeParse(text).success).toBe(false)
    },
  )

  it('that was stored before the rule opens all the same', () => {
    expect(StoredLine(60).parse('\u200b')).toBe('?')
    expect(StoredLine(60).parse('a\0')).toBe('a')
    expect(StoredLine(60).safeParse('  ').success).toBe(false)
  })

  it.each([
    ['Olga', 'OLGA'],
    ['Olga', 'Оlgа'],
    ['Olga', 'Ol\u200bga'],
    ['Olga', '0lga'],
    ['Zoë', 'Zoe'],
    ['Will', 'WiII'],
  ])('%s looks like %s', (one, other) => expect(confusableSkeleton(one)).toBe(confusableSkeleton(other)))

  it('names that differ look different', () => expect(confusableSkeleton('Olga')).not.toBe(confusableSkeleton('Helga')))
})
