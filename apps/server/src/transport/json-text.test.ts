import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNestedDeeper, MAX_JSON_DEPTH } from '@tablecast/contracts'
import { jsonPart } from './json-text.ts'

/** JSON texts with the unusual numbers, spaces, escapes and repeated keys that other programs write. */
const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')
const number = fc.constantFrom('0', '-0', '1.0', '1e2', '1E+2', '-1.50', '9007199254740993', '0.1', '1e400')
const escaped = fc.string({ unit: 'binary-ascii' }).map((text) => {
  const codes = Array.from({ length: text.length }, (_, n) => text.charCodeAt(n).toString(16).padStart(4, '0'))
  return `"${codes.map((code) => `\\u${code}`).join('')}"`
})
const string = fc.oneof(
  fc.string().map((text) => JSON.stringify(text)),
  escaped,
  fc.constantFrom('"\\\\"', '"\\""', '"a\\\\\\"b"', '"{[,:]}"'),
)
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    string,
    fc.constantFrom('true', 'false', 'null', '[]', '{}'),
    fc
      .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
      .map((all) => `[${all.map((parts) => parts.join('')).join(',')}]`),
    fc
      .array(fc.tuple(space, string, space, tie('value'), space), { maxLength: 4 })
      .map((all) => `{${all.map(([a, key, b, one, c]) => `${a}${key}${b}:${b}${one}${c}`).join(',')}}`),
  ),
}))

describe('A part of a JSON text', () => {
  it('is exactly the text at its path, with any text around it', () => {
    fc.assert(
      fc.property(value, value, value, space, (before, wanted, after, gap) => {
        const text = `${gap}{${gap}"type" :"publish",${gap}"x":${before},"message"${gap}:{"id":"1","payload":${gap}${wanted}${gap}},"y":${after}}${gap}`
        JSON.parse(text)
        expect(jsonPart(text, ['message', 'payload'])).toBe(wanted)
        expect(jsonPart(text, ['y'])).toBe(after)
        const list = `[${before}, ${wanted}${gap},${after}]`
        expect([0, 1, 2, 3].map((index) => jsonPart(list, [index]))).toEqual([before, wanted, after, null])
      }),
      { numRuns: 500 },
    )
  })

  it('is the last value of a key that is repeated, also when the key has escapes', () => {
    const keys = ['a', 'b', '\\u0061', 'c', '']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 6 }), (written) => {
        const text = `{${written.map((key, index) => `"${key}":[${index}.0]`).join(',')}}`
        for (const key of ['a', 'b', 'c', '', 'none']) {
          const last = written.findLastIndex((one) => (one === '\\u0061' ? 'a' : one) === key)
          expect([text, key, jsonPart(text, [key])]).toEqual([text, key, last === -1 ? null : `[${last}.0]`])
        }
      }),
    )
  })

  it('is null where the path leads nowhere, also through a value of another kind', () => {
    for (const [text, path] of [
      ['{"a":1}', ['b']],
      ['{"a":1}', ['a', 'b']],
      ['{"a":[1]}', ['a', 'b']],
      ['{"a":{"0":1}}', ['a', 0]],
      ['[]', [0]],
      ['7', ['a']],
      ['"text"', [0]],
    ] as const)
      expect([text, jsonPart(text, path)]).toEqual([text, null])
    expect(jsonPart('\uFEFF {"a": 1.0 }', ['a'])).toBe('1.0')
    expect(jsonPart(' 1e2 ', [])).toBe('1e2')
  })
})

describe('The depth of a JSON text', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  it('counts brackets of arrays and objects, and not those in strings', () => {
    for (const depth of [1, 5, MAX_JSON_DEPTH, 20_000]) {
      const objects = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)
      for (const text of [nested(depth), objects]) {
        expect(isNestedDeeper(text, depth)).toBe(false)
        expect(isNestedDeeper(text, depth - 1)).toBe(true)
      }
    }
    expect(isNestedDeeper(JSON.stringify(nested(5_000)))).toBe(false)
    expect(isNestedDeeper(`[${nested(3).repeat(1_000).replaceAll('][', '],[')}]`, 4)).toBe(false)
    expect(isNestedDeeper(`["\\"",${nested(MAX_JSON_DEPTH)}]`)).toBe(true)
  })
})
