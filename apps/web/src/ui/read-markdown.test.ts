import { fitsMarkdown } from '@tablecast/contracts'
import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import type { MarkdownNode } from './plain-markdown.ts'
import { readMarkdown } from './read-markdown.ts'

/** The depth of quotes and lists in the parser's tree. */
function containersIn(nodes: readonly MarkdownNode[]): number {
  const depths = nodes.map((node) => {
    const inner = 'children' in node ? containersIn(node.children) : 0
    return node.type === 'blockquote' || node.type === 'list' ? inner + 1 : inner
  })
  return Math.max(0, ...depths)
}

const fill = (text: string, length = 4_000) => text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** The real parser, with a count of its calls. */
function countingParser() {
  let parsed = 0
  const parse = ((text: string) => {
    parsed++
    return fromMarkdown(text)
  }) as typeof fromMarkdown
  return { parse, parsed: () => parsed }
}

describe('reading Markdown', () => {
  const marks = [
    '-',
    '- ',
    '* ',
    '+ ',
    '1. ',
    '2) ',
    '123456789. ',
    '> ',
    '>',
    ' ',
    '  ',
    '    ',
    '\t',
    'a',
    'a b',
    '#',
  ]
  const lines = fc
    .array(fc.tuple(fc.array(fc.constantFrom(...marks), { maxLength: 6 }), fc.constantFrom('\n', '\n\n', '\r\n', '\r')))
    .map((all) => all.map(([parts, end]) => parts.join('') + end).join(''))

  it('a text that is parsed is never nested deeper than the limit', () => {
    let deepest = 0
    for (const depth of [1, 2, 3, 5])
      fc.assert(
        fc.property(lines, (text) => {
          if (!fitsMarkdown(text, { characters: 20_000, depth, weight: 10_000 })) return
          const found = containersIn(fromMarkdown(text).children)
          deepest = Math.max(deepest, found)
          expect(found).toBeLessThanOrEqual(depth)
        }),
        { numRuns: 1_500 },
      )
    expect(deepest).toBe(5)
  })

  for (const [what, text] of Object.entries({
    'lists in a list': `${'- '.repeat(1_999)}a`,
    'quotes in a quote': fill('>'),
    'numbered lists in a list': fill('1. ', 3_900),
    'lists and quotes by turns': fill('> - '),
    'lists, one a line': Array.from({ length: 60 }, (_, place) => `${'  '.repeat(place)}- a`).join('\n'),
    'a deep list that goes on without a mark': `${'- '.repeat(12)}a\n${fill('b\n', 3_900)}`,
    'words set apart within each other': `${'*a '.repeat(600)}${'b*'.repeat(600)}`,
    'stars and strokes that close nothing': fill('*a_'),
    'pictures within a picture': `${'!['.repeat(600)}a${'](b)'.repeat(600)}`,
    'brackets that close nothing': fill('['),
    links: fill('[a](b)'),
    addresses: fill('[a]: b\n'),
    'references to an address': `[a]: b\n\n${fill('[a] ', 3_900)}`,
    headings: fill('# a\n'),
    'underlined headings': fill('a\n=\n'),
    'items of a list': fill('- a\n'),
    'quotes and lists, one after the other': fill('> a\n- a\n'),
    fences: fill('```\n'),
    tags: fill('<b>'),
    'code of one letter': fill('`a'),
    entities: fill('&amp;'),
    backslashes: fill('\\'),
    'exclamation marks before a bracket': `${fill('!')}[`,
    'more than a text may have': `# A title\n\n${fill('word ', 20_000)}`,
  }))
    it(`text that is too much for the parser is shown as written: ${what}`, () => {
      const { parse, parsed } = countingParser()
      expect(readMarkdown(text, parse)).toEqual({ kind: 'plain' })
      expect(readMarkdown(text, null)).toEqual({ kind: 'plain' })
      expect(parsed()).toBe(0)
    })

  it('text that is nested too deep inside a line is shown as written', () => {
    const nested = (levels: number) => `_${'*a '.repeat(levels)}${'b*'.repeat(levels)}_`
    expect(readMarkdown(nested(10), fromMarkdown).kind).toBe('tree')
    expect(readMarkdown(nested(80), fromMarkdown).kind).toBe('plain')
  })

  it('text at which the parser fails is shown as written', () => {
    const failing = (() => {
      throw new RangeError('Maximum call stack size exceeded')
    }) as unknown as typeof fromMarkdown
    expect(readMarkdown('# A title', failing)).toEqual({ kind: 'plain' })
  })

  it('every text becomes a small tree or is shown as written', () => {
    const pieces = [
      ...marks,
      '*',
      '**',
      '_',
      '`',
      '``',
      '[',
      '](b)',
      ']',
      '![',
      '[a]: b\n',
      '<b>',
      '<',
      '&',
      '\\',
      '\n\n',
      '"',
      '(',
    ]
    const written = fc
      .tuple(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 20_000 }))
      .map(([parts, length]) => fill(parts.join(''), length))
    let trees = 0
    fc.assert(
      fc.property(written, (text) => {
        const reading = readMarkdown(text, fromMarkdown)
        if (reading.kind !== 'tree') return
        trees++
        let nodes = 0
        const count = (node: MarkdownNode, depth: number) => {
          nodes++
          expect(depth).toBeLessThanOrEqual(40)
          if ('children' in node) for (const child of node.children) count(child, depth + 1)
        }
        for (const node of reading.nodes) count(node, 1)
        expect(nodes).toBeLessThanOrEqual(20_000)
      }),
      { numRuns: 500 },
    )
    expect(trees).toBeGreaterThan(50)
  })

  for (const text of [
    '# The drowned bell\n\n> “Close the doors!”\n\n1. Salt\n2. Iron\n   - a nail\n     - rusty\n',
    `${'The **bell** tolls, _once_, `twice`.\n\n'.repeat(40)}- end`,
    `- ${'a long line of words, as somebody tells it! '.repeat(80)}`,
    '> > > - - - six of them',
    '***\n\n* * *\n\n---\n\n[map](https://a.example)',
  ])
    it(`text that people write is formatted: ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(readMarkdown(text, fromMarkdown)).toEqual({ kind: 'tree', nodes: fromMarkdown(text).children })
    })
})
