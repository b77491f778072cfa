import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOneForm, turnLines } from './turn-lines.ts'

const inTurn = (...turns: (string | undefined)[]) => turns.map((turn, id) => ({ id, ...(turn ? { turn } : {}) }))
const idsOf = (...turns: (string | undefined)[]) => turnLines(inTurn(...turns)).map((line) => line.map(({ id }) => id))

it('entries of one turn are one line, and words in between begin another', () => {
  expect(idsOf('a', 'a', 'b', undefined, 'b', 'b')).toEqual([[0, 1], [2], [3], [4, 5]])
})

it('entries outside of a turn are never joined', () => {
  expect(idsOf(undefined, undefined)).toEqual([[0], [1]])
})

it('every entry stands once, in its place', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', undefined)), (turns) => {
      expect(idsOf(...turns).flat()).toEqual(turns.map((_, id) => id))
    }),
  )
})

const forDms = { id: 'dm', at: '1', audience: 'dm' as const, rolls: [], withdrawn: false, hasPlayersForm: true }
const dice = { notation: '1d6', output: '1d6: [4] = 4', total: 4, label: '' }
const forPlayers = { ...forDms, id: 'players', audience: 'all' as const, rolls: [dice], hasPlayersForm: false }

it('a line in two forms is one for a DM, with the dice that stand in the form for players', () => {
  expect(inOneForm([forDms, forPlayers, { ...forPlayers, id: 'another' }])).toEqual([
    { ...forDms, rolls: [dice] },
    { ...forPlayers, id: 'another' },
  ])
})

it('each form stands by itself where one of them was taken back, or is alone', () => {
  for (const entries of [
    [forDms, { ...forPlayers, withdrawn: true }],
    [forDms, { ...forDms, id: 'secret', hasPlayersForm: false }],
    [forDms, { ...forPlayers, at: '2' }],
    [{ ...forDms, hasPlayersForm: false }, forPlayers],
    [forPlayers, forDms],
  ])
    expect(inOneForm(entries)).toEqual(entries)
})
