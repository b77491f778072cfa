import { describe, expect, it } from 'vitest'
import { plainWords } from './plain-words.ts'

describe('the words of a caption', () => {
  it('have none of the marks of Markdown', () => {
    expect(plainWords('## The *bell* rings,\n\n> **loud** and `clear`')).toBe('The bell rings, loud and clear')
    expect(plainWords('See [the map](https://example.org) first.')).toBe('See the map first.')
    expect(plainWords('- a lantern\n- a rope')).toBe('a lantern a rope')
  })

  it('keep a star or a line that stands alone', () => {
    expect(plainWords('2 * 3 is 6')).toBe('2 * 3 is 6')
  })

  it('of a long text are its end, from a whole sentence on', () => {
    const text = `${'The sea is cold. '.repeat(30)}The bell rings.`
    const words = plainWords(text, 60)
    expect(words.length).toBeLessThanOrEqual(60)
    expect(words).toMatch(/^The sea is cold\..*The bell rings\.$/)
  })

  it('of one long sentence begin with a whole word', () => {
    expect(plainWords(`${'bell '.repeat(50)}end`, 21)).toBe('… bell bell bell end')
  })
})
