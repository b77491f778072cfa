import { describe, expect, it } from 'vitest'
import { matchCommand } from './match-command.ts'

const library = ['Campaigns', 'library create import archive rename Table'] as const
const scene = ['Write the scene', 'place World'] as const

describe('The palette', () => {
  it('finds a command by the beginnings of its words, in any order and case', () => {
    expect(matchCommand('write', ...scene)).toBe(1)
    expect(matchCommand('sc WRI', ...scene)).toBe(0.8)
    expect(matchCommand('scene pl', ...scene)).toBe(0.5)
    expect(matchCommand('', ...scene)).toBe(1)
  })

  it('finds nothing by letters inside a word, or by half of what was typed', () => {
    expect(matchCommand('scene', ...library)).toBe(0)
    expect(matchCommand('brary', ...library)).toBe(0)
    expect(matchCommand('import scene', ...library)).toBe(0)
  })

  it('puts the label before the other words', () => {
    expect(matchCommand('campaigns', ...library)).toBeGreaterThan(matchCommand('import', ...library))
  })
})
