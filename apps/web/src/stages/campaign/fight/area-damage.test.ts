import { describe, expect, it } from 'vitest'
import { splitSave, typedOperation } from './area-damage.ts'

describe('The damage box', () => {
  it('takes a save out of the text, in any case and with or without “DC”', () => {
    expect(splitSave('8d6 fire dex 14')).toEqual({
      rest: '8d6 fire',
      save: { ability: 'dex', dc: 14, onSave: 'half' },
    })
    expect(splitSave('Con DC 15 none 20').save).toEqual({ ability: 'con', dc: 15, onSave: 'none' })
    expect(splitSave('2d6 cold wisdom dc12 half').save).toEqual({ ability: 'wis', dc: 12, onSave: 'half' })
  })

  it('finds no save where there is none', () => {
    for (const text of ['7', '-7', '2d6+3 fire', 'half', '5 concussive 3', 'dex'])
      expect(splitSave(text)).toEqual({ rest: text, save: null })
  })

  it('makes damage with the save of the text, or else with the chosen one', () => {
    const chosen = { ability: 'con', dc: 10, onSave: 'none' } as const
    const typed = typedOperation('8d6 fire dex 14', ['a', 'b'], null, chosen).operation
    expect(typed).toMatchObject({ type: 'damage', amount: '8d6', damageType: 'fire', save: { ability: 'dex', dc: 14 } })
    expect(typed).toMatchObject({ targets: [{ id: 'a' }, { id: 'b' }] })
    expect(typedOperation('9', ['a'], null, chosen).operation).toMatchObject({ amount: 9, save: chosen })
    expect(typedOperation('+9', ['a'], null, chosen).operation).toEqual({ type: 'heal', targets: ['a'], amount: 9 })
  })

  it('takes half of the damage before for `half`, also twice', () => {
    const first = typedOperation('11 fire', ['a'], null)
    const second = typedOperation('half', ['b'], first.entry)
    const third = typedOperation('half', ['c'], second.entry)
    for (const [id, { operation }] of [
      ['b', second],
      ['c', third],
    ] as const)
      expect(operation).toMatchObject({ type: 'damage', amount: 11, targets: [{ id, take: 'half' }] })
  })

  it('refuses text that it does not understand, with the reason', () => {
    expect(() => typedOperation('seven', ['a'], null)).toThrow(/seven/)
    expect(() => typedOperation('half', ['a'], null)).toThrow('There is no damage before')
  })
})
