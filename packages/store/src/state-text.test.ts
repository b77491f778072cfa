import { type CampaignState, emptyState, frozen } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StateText } from './state-text.ts'

const textOf = (state: object, before: StateText | null = null): string =>
  Buffer.from(new StateText(state, before).bytes).toString()

const beat = (text: string) => ({ id: 'a', text, done: false, visible: true })

/** Lists of the same few items, in any order, and fields that come and go. */
const states = (() => {
  const items = ['Grix', 'Åsa', '“Old Tom”', 'x'.repeat(80)].map((text) => frozen(beat(text)))
  const item = fc.constantFrom(...items, null, 3, 'plain')
  const list = fc.array(item, { maxLength: 5 })
  const state = fc.record({ a: list, b: fc.string(), c: fc.option(item), d: list, é: item }, { requiredKeys: ['b'] })
  return fc.array(state.map(frozen), { minLength: 1, maxLength: 6 })
})()

describe('the text of a state', () => {
  it.each([
    emptyState,
    frozen({ ...emptyState, beats: [beat('“Ring” the bell\n')] }),
    { a: undefined, list: [undefined, null, 1, [2], { b: undefined }], 10: 'ten', z: null, é: 'é' },
    {},
  ])('reads as what JSON.stringify makes of it: %j', (state) => {
    const texts = [textOf(state), textOf(state, new StateText(state))].map((text) => JSON.stringify(JSON.parse(text)))
    expect(texts).toEqual([JSON.stringify(state), JSON.stringify(state)])
  })

  it('takes the memory of its bytes and no more, because a node keeps thousands of small ones', () => {
    const first = new StateText(emptyState)
    expect(first.bytes.buffer.byteLength).toBe(first.bytes.length)
    const next = new StateText({ ...emptyState, scene: 'A road' }, first)
    expect(next.bytes.buffer.byteLength).toBe(next.bytes.length)
  })

  it('takes over the memory of the text before it, where all that differs has the same room', () => {
    const state = (hp: number, name: string) => ({ ...emptyState, scene: name, beats: [beat(String(hp)), beat('x')] })
    const first = new StateText(state(10, 'A road'))
    const memory = first.bytes
    const second = new StateText(state(9, 'A hall'), first)
    expect(second.bytes).toBe(memory)
    expect(Buffer.from(memory).toString()).toBe(textOf(state(9, 'A hall')))
    const longer = new StateText(state(8, 'A hall'.repeat(20)), second)
    expect(longer.bytes).not.toBe(memory)
    expect(Buffer.from(longer.bytes).toString()).toBe(textOf(state(8, 'A hall'.repeat(20))))
  })

  it('has the same bytes after the text of any other state', () => {
    fc.assert(
      fc.property(states, (given) => {
        let before: StateText | null = null
        for (const state of given) {
          const text = new StateText(state, before)
          expect(Buffer.from(text.bytes).toString()).toBe(textOf(state))
          expect(JSON.parse(textOf(state))).toEqual(JSON.parse(JSON.stringify(state)))
          before = text
        }
      }),
    )
  })

  it('stays the same around a number that gets longer, and around a letter that takes more bytes', () => {
    const state = (text: string): CampaignState => ({ ...emptyState, beats: [beat(text), beat('“Ring” the bell')] })
    const before = new StateText(state('9')).bytes
    const at = Buffer.from(before).indexOf('"9"')
    expect(at).toBeGreaterThan(0)
    for (const longer of ['10', '龍']) {
      const after = new StateText(state(longer)).bytes
      expect(after.length).toBe(before.length)
      expect(after.slice(0, at)).toEqual(before.slice(0, at))
      expect(after.slice(at + 64)).toEqual(before.slice(at + 64))
    }
  })
})
