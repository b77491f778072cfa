import { emptyState, frozen } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { stateText } from './state-text.ts'

describe('the text of a state', () => {
  it.each([
    emptyState,
    frozen({ ...emptyState, beats: [{ id: 'a', text: '“Ring” the bell\n', done: false, visible: true }] }),
    { a: undefined, list: [undefined, null, 1, [2], { b: undefined }], 10: 'ten', z: null, é: 'é' },
    {},
  ])('reads as what JSON.stringify makes of it: %j', (state) => {
    // Twice: the second text comes from what is remembered.
    const texts = [stateText(state), stateText(state)].map((text) => JSON.stringify(JSON.parse(text)))
    expect(texts).toEqual([JSON.stringify(state), JSON.stringify(state)])
  })

  it('stays the same around a number that gets longer', () => {
    const beat = (text: string) => ({ id: 'a', text, done: false, visible: true })
    const before = stateText({ ...emptyState, beats: [beat('9'), beat('“Ring” the bell')] })
    const after = stateText({ ...emptyState, beats: [beat('10'), beat('“Ring” the bell')] })
    const at = before.indexOf('"9"')
    expect(at).toBeGreaterThan(0)
    expect(after.length).toBe(before.length)
    expect(after.slice(0, at)).toBe(before.slice(0, at))
    expect(after.slice(at + 64)).toBe(before.slice(at + 64))
  })
})
