import { commands, emptyState } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { completionsFor } from './completion.ts'
import { moved } from './reorder.ts'

const state = { ...emptyState, threats: [{ id: 't', name: 'Flood', detail: '', visible: true }] }
const texts = (typed: string) => completionsFor(typed, state).map(({ text }) => text)

describe('completion', () => {
  it('completion offers commands, and then their arguments', () => {
    expect(texts('/thr')).toEqual(['/threat '])
    expect(texts('/threat re')).toEqual(['/threat reveal '])
    expect(texts('/threat reveal f')).toEqual(['/threat reveal Flood '])
    expect(texts('/threat add f')).toEqual([])
  })

  it('completion lists every command after a slash, group by group, each with its example', () => {
    const listed = completionsFor('/', state)
    expect(listed.map(({ text }) => text.trim()).toSorted()).toEqual(commands.map(({ name }) => name).toSorted())
    const groups = listed.map(({ group }) => group)
    expect(groups.filter((group, place) => group !== groups[place - 1])).toEqual(['Fight', 'Dice', 'Story', 'Table'])
    for (const { text, example } of listed) expect(example?.startsWith(text.trim())).toBe(true)
  })

  it('completion finds a command by a word of its description where no name begins with the text', () => {
    expect(texts('/hurt')).toContain('/damage ')
    expect(texts('/xyzzy')).toEqual([])
  })

  it('completion offers nothing for prose', () => {
    expect(texts('the /hp of')).toEqual([])
  })
})

describe('reordering', () => {
  it('reordering moves one item and keeps the others in order', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    const list = ['a', 'b']
    expect(moved(list, 1, 2)).toBe(list)
  })
})
