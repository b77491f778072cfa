import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageParts } from './page-parts.ts'

describe('the parts of a page', () => {
  it('are the whole of it, in its order', () => {
    const line = fc.oneof(
      fc.constantFrom('', '', '```', '  indented', '- item', '> quote'),
      fc.string({ maxLength: 300 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const text = lines.join('\n')
        const words = (of: string) => of.split(/\s+/).filter(Boolean)
        expect(words(pageParts(text).join('\n\n'))).toEqual(words(text))
      }),
    )
  })

  it('end between paragraphs alone: not within a block of code, nor within the item of a list', () => {
    const paragraph = 'Rain falls on the ferry house. '.repeat(60).trim()
    expect(pageParts(`${paragraph}\n\n${paragraph}\n\n${paragraph}`)).toEqual([paragraph, paragraph, paragraph])
    const code = `\`\`\`\n${paragraph}\n\n${paragraph}\n\`\`\``
    expect(pageParts(`${code}\n\nAfter.`)).toEqual([code, 'After.'])
    const item = `- ${paragraph}\n\n  Still of the item.\n\n  Still.`
    expect(pageParts(`${item}\n\nAfter.`)).toEqual([item, 'After.'])
    expect(pageParts('')).toEqual([])
  })
})
