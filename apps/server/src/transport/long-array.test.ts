import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutLongArray, type LongArray, MAX_ITEM_BYTES } from './long-array.ts'

const path = ['document', 'entries']
const cut = (text: string, where: readonly string[] = path) => cutLongArray(Buffer.from(text), where)

async function all(items: LongArray | null): Promise<unknown[] | null> {
  if (!items) return null
  const slices: unknown[][] = []
  for await (const slice of items.slices()) slices.push(slice)
  return slices.flat()
}

describe('A long array in a JSON text', () => {
  it('is cut out of the text, with any values in it and around it', async () => {
    const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })
    const inside = fc.array(value, { maxLength: 8 })
    const fields = fc.dictionary(fc.constantFrom('a', 'document', 'entries', '"', 'é'), value, { maxKeys: 3 })
    await fc.assert(
      fc.asyncProperty(inside, fields, fields, fc.boolean(), async (entries, before, after, isSpread) => {
        const { document: _document, ...outer } = before
        const { entries: _entries, ...inner } = after
        const whole = { ...outer, document: { ...inner, entries, z: [1] }, z: { entries: [2] } }
        const text = JSON.stringify(whole, null, isSpread ? 3 : 0)
        const { rest, items } = await cut(text)
        const parsed = JSON.parse(text) as { document: { entries: unknown[] } }
        expect(await all(items)).toEqual(parsed.document.entries)
        expect(JSON.parse(rest)).toEqual({ ...parsed, document: { ...parsed.document, entries: [] } })
      }),
    )
  })

  it('yields its items in slices of limited size, also at the second iteration', async () => {
    const entries = Array.from({ length: 3_000 }, (_, n) => ({ n, text: 'x'.repeat(n % 700) }))
    const { items } = await cut(JSON.stringify({ 0: { document: { entries } } }), ['0', ...path])
    for (let round = 0; round < 2; round++) {
      let largest = 0
      const seen: unknown[] = []
      for await (const slice of items?.slices() ?? []) {
        largest = Math.max(largest, JSON.stringify(slice).length)
        seen.push(...slice)
      }
      expect(seen).toEqual(entries)
      expect(largest).toBeLessThan(70_000)
    }
    expect(items?.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is null when there is no array at the path', async () => {
    for (const text of [
      '',
      '[]',
      '{',
      '{"document":[]}',
      '{"document":{"entries":{}}}',
      '{"entries":[1]}',
      '"document"',
    ])
      expect(await cut(text)).toEqual({ rest: text, items: null })
    expect((await cut('{"other":{"document":{"entries":[1]}}}')).items).toBeNull()
    expect((await cut('{"document":[{"entries":[1]}]}')).items).toBeNull()
  })

  it('is refused when the text is invalid JSON, or has the array twice', async () => {
    const broken = ['1,', ',1', '1,,2', '1 2', '{"a":1]', '[1}', '{]', '1}', '"a', ',']
    for (const inside of broken) {
      const reading = cut(`{"document":{"entries":[${inside}]}}`).then(async ({ rest, items }) => {
        JSON.parse(rest)
        return await all(items)
      })
      await expect(reading, inside).rejects.toThrow(/JSON/)
    }
    await expect(cut('{"document":{"entries":[1],"entries":[2]}}')).rejects.toThrow('no valid JSON')
    await expect(cut('{"document":{"entries":[1]},"document":{"entries":[2]}}')).rejects.toThrow('no valid JSON')
  })

  it('is refused when one item is longer than MAX_ITEM_BYTES', async () => {
    const fits = JSON.stringify('x'.repeat(MAX_ITEM_BYTES - 2))
    expect(await all((await cut(`{"document":{"entries":[${fits}]}}`)).items)).toHaveLength(1)
    await expect(cut(`{"document":{"entries":[1,${fits.replace('x', 'xx')},2]}}`)).rejects.toThrow('too long')
  })
})
