import { expect, it } from 'vitest'
import { wrapped } from './wrapped.ts'

it('wraps prose at 110 characters, and leaves tables, headings, pictures and code whole', () => {
  const row = `| ${'cell '.repeat(40)}|`
  const heading = `## ${'word '.repeat(30)}`
  const code = `\`${'a b '.repeat(10)}\``
  const prose = `${'word '.repeat(21)}${code} end`
  const result = wrapped([heading, '', prose, '', row].join('\n')).split('\n')
  expect(result).toEqual([heading, '', 'word '.repeat(21).trimEnd(), `${code} end`, '', row])
  expect(wrapped(result.join('\n'))).toBe(result.join('\n'))
})
