import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { linearSetext } from './setext-underline.ts'

const parse = (text: string) => fromMarkdown(text, { extensions: [linearSetext] })

describe('underlined headings', () => {
  it('become the same tree as without the extension, in any text', () => {
    const line = fc.constantFrom(
      'Words',
      '===',
      '---',
      '-',
      '=  ',
      '   ---',
      '    ===',
      '',
      '# A',
      '> quote',
      '> ===',
      '- item',
      '  ---',
      '[a]: b',
      '[a]: b "c',
      '```',
      '*e*',
      '- - -',
      '<div>',
      '\tcode',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = lines.join('\n')
        expect(parse(text)).toEqual(fromMarkdown(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('take time in proportion to their number', () => {
    const cpuOf = (count: number) => {
      const before = process.cpuUsage()
      expect(parse('A\n=\n\n'.repeat(count)).children).toHaveLength(count)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    cpuOf(500)
    // Sixteen times as many took 150 times as long without the extension.
    expect(cpuOf(8_000) / cpuOf(500)).toBeLessThan(64)
  }, 60_000)
})
