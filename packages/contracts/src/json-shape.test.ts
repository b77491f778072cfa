import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonBounds, jsonExcess, mustBeBounded, parseJson } from './json-shape.ts'

/** The same answer as the scanner's, found by walking the parsed value. */
function shapeOf(value: unknown): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 0 }
  const inside = Object.values(value).map(shapeOf)
  const depth = 1 + Math.max(0, ...inside.map((one) => one.depth))
  const separators = Math.max(0, inside.length - 1)
  return { depth, values: 1 + separators + inside.reduce((sum, one) => sum + one.values, 0) }
}

describe('the shape of a JSON text', () => {
  it('equals the depth and the number of values of the parsed JSON, whatever its strings hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.boolean(), (value, isSpread) => {
        const text = JSON.stringify(value, null, isSpread ? 2 : 0)
        // `-0` and what fast-check makes of it are the same to JSON.
        const { depth, values } = shapeOf(JSON.parse(text))
        expect(jsonExcess(text, { maxDepth: depth, maxValues: values })).toBeNull()
        if (depth > 0) {
          expect(jsonExcess(text, { maxDepth: depth - 1, maxValues: values })?.kind).toBe('depth')
          expect(jsonExcess(text, { maxDepth: depth, maxValues: values - 1 })?.kind).toBe('values')
        }
      }),
    )
  })

  it('can be measured in any text, whether it is JSON or not', () => {
    const atoms = ['[', ']', '{', '}', ',', ':', '"', '\\', '\\"', ' ', '1', 'é', '\u0000', '\ud800']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...atoms)), (parts) => {
        const opened = parts.filter((part) => part === '[' || part === '{').length
        const excess = jsonExcess(parts.join(''), { maxDepth: opened, maxValues: parts.length })
        expect(excess).toBeNull()
      }),
    )
  })

  it('is refused where parsing it, or walking the parsed value, would take long', () => {
    expect(() => mustBeBounded('['.repeat(30_000))).toThrow(`at most ${jsonBounds.maxDepth} levels`)
    expect(() => mustBeBounded('{"a":'.repeat(10_000))).toThrow(`at most ${jsonBounds.maxDepth} levels`)
    expect(() => mustBeBounded(`[${'0,'.repeat(jsonBounds.maxValues)}0]`)).toThrow('at most 50,000')
    expect(() => mustBeBounded(`${'['.repeat(64)}${']'.repeat(64)}`)).not.toThrow()
    expect(() => mustBeBounded('"[[[[["', { maxDepth: 0, maxValues: 0 })).not.toThrow()
    expect(() => parseJson('{"a":')).toThrow('This is no valid JSON.')
  })
})
