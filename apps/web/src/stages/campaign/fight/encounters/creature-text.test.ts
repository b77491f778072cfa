import { expect, it } from 'vitest'
import { creaturesInWords, readCreatures } from './creature-text.ts'

it('reads counts and names as a person types them', () => {
  expect(readCreatures('6 goblin, Hobgoblin')).toEqual([
    { name: 'goblin', count: 6 },
    { name: 'Hobgoblin', count: 1 },
  ])
  expect(readCreatures('6 × Goblin; 2x wolf,3 x bat')).toEqual([
    { name: 'Goblin', count: 6 },
    { name: 'wolf', count: 2 },
    { name: 'bat', count: 3 },
  ])
  expect(readCreatures('1 xorn, 2 Xorn')).toEqual([
    { name: 'xorn', count: 1 },
    { name: 'Xorn', count: 2 },
  ])
  expect(readCreatures(' , ')).toEqual([])
  expect(readCreatures('999 rats')).toEqual([{ name: 'rats', count: 50 }])
})

it('says creatures with their counts', () => {
  expect(
    creaturesInWords([
      { name: 'Goblin', count: 6 },
      { name: 'Hobgoblin', count: 1 },
    ]),
  ).toBe('6 × Goblin, Hobgoblin')
})
