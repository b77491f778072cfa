import { describe, expect, it } from 'vitest'
import { fight, hit, monster, next, pc, run } from '../testing/operated-fights.ts'
import { undoChanges } from './changes.ts'

describe('an undo in the middle', () => {
  const start = fight([monster('a', 20), pc('b', 10)], 'a')

  it('takes back what one hit took, within bounds, and leaves later hits', () => {
    const first = run(start, [hit('a', 7)])
    const later = run(first.state, [hit('a', 5)], [{ type: 'heal', targets: ['a'], amount: 10 }])
    const { state, conflicts } = undoChanges(later.state, first.changes)
    expect([state.characters[0]?.hp.current, conflicts]).toEqual([20, []])
  })

  it('lets a fighter up again who is no longer at 0, also after a later hit', () => {
    const first = run(start, [hit('b', 10)])
    const later = run(first.state, [hit('b', 3)])
    const { state } = undoChanges(later.state, first.changes)
    expect(state.characters[1]).toMatchObject({ hp: { current: 10 }, downed: null })
  })

  it('names the turn when a later operation wrote it, and takes it back only when asked', () => {
    const first = run(start, next('a', 1))
    const later = run(first.state, next('b', 1))
    expect(undoChanges(later.state, first.changes)).toEqual({ state: later.state, conflicts: ['turn'] })
    expect(undoChanges(later.state, first.changes, { force: true }).state.turn.current).toBe('a')
  })

  it('takes a condition back without the ones that came later', () => {
    const add = (condition: string) => [{ type: 'addCondition', targets: ['a'], condition }] as [unknown]
    const first = run(start, add('prone'))
    const later = run(first.state, add('poisoned'))
    expect(undoChanges(later.state, first.changes).state.characters[0]?.conditions).toEqual(['poisoned'])
  })
})
