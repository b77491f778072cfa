// Hostile Markdown.
import fc from 'fast-check'
import { repeated } from './repeated-text.ts'

export function markdown(maxLength: number): fc.Arbitrary<string> {
  const blocks = [
    '- ',
    '* ',
    '+ ',
    '1. ',
    '999999999. ',
    '> ',
    '>',
    '# ',
    '###### ',
    '    ',
    '\t',
    '```\n',
    '~~~',
    '---\n',
    '| a | b |\n|---|---|\n',
    '- [ ] ',
    '[^1]: ',
    '<div>\n',
  ]
  const inline = [
    '*',
    '**',
    '_',
    '__',
    '~~',
    '`',
    '[',
    ']',
    '(',
    '![',
    '](',
    '[a](',
    '<',
    '<!--',
    '<a ',
    '&',
    '&amp',
    '\\',
    '![a][',
    '[a]: ',
    '[^',
    'http://',
    'www.',
    'a@',
    ':',
    '"',
    "'",
    '***a',
    '[](<',
  ]
  const atom = fc.constantFrom(...blocks, ...inline)
  const tails = ['', 'a', '\n\na', '*', ')', '>', '`']
  return fc.oneof(
    { weight: 3, arbitrary: repeated(fc.constantFrom(...blocks), maxLength, tails) },
    { weight: 3, arbitrary: repeated(fc.constantFrom(...inline), maxLength, tails) },
    {
      weight: 2,
      arbitrary: repeated(
        fc.array(atom, { minLength: 2, maxLength: 4 }).map((all) => all.join('')),
        maxLength,
        tails,
      ),
    },
    // Marks that open and close as often as they fit.
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          ['[', '](x)'],
          ['*a ', ' b*'],
          ['(', ')'],
          ['<a>', '</a>'],
          ['> ', '\n'],
          ['`', '``'],
          ['**', '__'],
        )
        .map(([open = '', close = '']) => {
          const times = Math.floor((maxLength - 1) / (open.length + close.length))
          return `${open.repeat(times)}a${close.repeat(times)}`
        }),
    },
    // A list that is one level deeper with each line.
    {
      weight: 1,
      arbitrary: fc.constantFrom('- ', '> ', '1. ').map((mark) => {
        const lines: string[] = []
        for (let length = 0, depth = 0; length < maxLength; depth++) {
          const line = `${mark === '> ' ? mark.repeat(depth + 1) : '  '.repeat(depth) + mark}a\n`
          lines.push(line)
          length += line.length
        }
        return lines.join('')
      }),
    },
    // Headings of a scenario, as many as fit.
    {
      weight: 1,
      arbitrary: repeated(
        fc.constantFrom('## Characters\n- Mira (pc): HP 9/9\n', '## Scene\n\na\n', '# A\n', '## Threats\n- a: b\n'),
        maxLength,
      ),
    },
  )
}
