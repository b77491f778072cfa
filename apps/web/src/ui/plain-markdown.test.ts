import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { readPlain } from './plain-markdown.ts'

/** The whole parser's tree, without positions in the text. */
const parsed = (text: string): unknown =>
  JSON.parse(
    JSON.stringify(fromMarkdown(text).children, (key, value: unknown) => (key === 'position' ? undefined : value)),
  )

const marks =
  '* ** *** _ ` # > - + = ~~~ 1. 12) [ ] ( ) : ! < & ; \\ “ ” ’ … — . , ? € 🎲 é http://a.example [[1d20+5]] word bell amp b'.split(
    ' ',
  )
const spaces = ['\n', '\n\n', ' ', '  ', '\t', '\u00A0']

describe('Markdown read without the parser', () => {
  it('reading Markdown without the parser gives the parser’s own tree', () => {
    const written = fc.array(fc.constantFrom(...marks, ...spaces), { maxLength: 14 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(written, (text) => {
        const tree = readPlain(text)
        if (tree) expect(tree).toEqual(parsed(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('reading any characters without the parser gives the parser’s own tree', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const tree = readPlain(text)
        if (tree) expect(tree).toEqual(parsed(text))
      }),
      { numRuns: 3_000 },
    )
  })

  for (const text of [
    '',
    'I take the last chair.',
    'The bell tolls.\nOnce.\n\nThen silence: *nothing* moves.',
    '**“Close the doors!”** she cries, and *everyone* runs…',
    'I brace the doors with a pew (1d20+4 = 17). [ready]',
    'Salt & iron, 3 < 4, a - b, #5.',
  ])
    it(`common Markdown is read without the parser: ${JSON.stringify(text)}`, () => {
      expect(readPlain(text)).toEqual(parsed(text))
    })

  for (const text of [
    '# Doors',
    '- one\n- two',
    '> said',
    '[map](https://a.example)',
    '<b>bold</b>',
    '`code`',
    '***both***',
    '*open',
  ])
    it(`Markdown beyond the common is left to the parser: ${JSON.stringify(text)}`, () => {
      expect(readPlain(text)).toBeNull()
    })
})
