import { emptyState, frozen } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { stateText } from './state-text.ts'

describe('the text of a state', () => {
  it.each([
    emptyState,
    frozen({ ...emptyState, beats: [{ id: 'a', text: '“Ring” the bell\n', done: false, visible: true }] }),
    { a: undefined, list: [undefined, null, 1, [2], { b: undefined }], 10: 'ten', z: null, é: 'é' },
    {},
  ])('is what JSON.stringify makes of it: %j', (state) => {
    // Twice: the second text comes from what is remembered.
    expect([stateText(state), stateText(state)]).toEqual([JSON.stringify(state), JSON.stringify(state)])
  })
})
