import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentHash } from './content-hash.ts'
import { StatBlock } from './stat-block.ts'

const block = StatBlock.parse({
  id: 'ogre',
  name: 'Ogre',
  ac: 11,
  hp: 59,
  initiative: -1,
  abilities: { str: 19, dex: 8, con: 16, int: 5, wis: 7, cha: 7 },
  traits: [],
  actions: [],
})

describe('the content hash of a stat block', () => {
  it('does not depend on the order of the fields', async () => {
    const expected = await contentHash(block)
    expect(expected).toMatch(/^[0-9a-f]{64}$/)
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.entries(block), { minLength: Object.keys(block).length }),
        async (all) => {
          expect(await contentHash(StatBlock.parse(Object.fromEntries(all)))).toBe(expected)
          expect(await contentHash(Object.fromEntries(all) as StatBlock)).toBe(expected)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('differs when a figure differs', async () => {
    expect(await contentHash({ ...block, hp: 60 })).not.toBe(await contentHash(block))
  })
})

describe('a stat block', () => {
  it('has at most 64 kB', () => {
    const traits = Array.from({ length: 9 }, (_one, index) => ({ name: `Trait ${index}`, text: 'x'.repeat(8_000) }))
    expect(StatBlock.safeParse({ ...block, traits: traits.slice(0, 7) }).success).toBe(true)
    expect(StatBlock.safeParse({ ...block, traits }).success).toBe(false)
  })
})
