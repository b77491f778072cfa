import { expect, it } from 'vitest'
import { asList, fitsARow, inOneLine, type TypeText } from './type-text.ts'

const fields = (...parts: string[]): TypeText => ({ kind: 'fields', parts })
const variants = (...parts: string[]): TypeText => ({ kind: 'variants', parts })

it('writes the fields of an object and the variants of a union in one line', () => {
  expect(inOneLine(fields('id', 'seq: number'))).toBe('{id, seq: number}')
  expect(inOneLine(variants('"dm"', '"player"', 'null'))).toBe('"dm" | "player" | null')
})

it('puts a type of 160 characters into a row, and a longer one into a list', () => {
  expect(fitsARow(variants('x'.repeat(160)))).toBe(true)
  expect(fitsARow(variants('x'.repeat(161)))).toBe(false)
})

it('gives each field a line of its own', () =>
  expect(asList('Roll', fields('notation', 'total: number'))).toBe('**`Roll`**\n\n- `notation`\n- `total: number`'))

it('breaks a long variant between its fields, not within one', () => {
  const names = Array.from({ length: 10 }, (_one, index) => `field${index}: number | null`)
  const lines = asList('Event', variants(inOneLine(fields(...names)), '{id}')).split('\n')
  expect(lines.slice(0, 2)).toEqual(['**`Event`**, one of:', ''])
  expect(lines.at(-1)).toBe('- `{id}`')
  const broken = lines.slice(2, -1)
  expect(broken.length).toBeGreaterThan(1)
  for (const line of broken) expect(line.length).toBeLessThanOrEqual(110)
  for (const line of broken.slice(0, -1)) expect(line).toMatch(/[,|]$/)
  expect(broken.map((line) => line.trim()).join(' ')).toBe(`- \`${inOneLine(fields(...names))}\``)
})
