import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../refusal.ts'
import { findAtStart, type Named } from './find.ts'
import { fold } from './fold.ts'
import { readList } from './list.ts'
import { numberedNames } from './numbered.ts'

const named = (...names: string[]): Named[] => names.map((name) => ({ id: name, name }))

describe('a name', () => {
  it('is the same in whatever case, accents, quotes, dashes and spaces it is typed', () => {
    for (const [typed, name] of [
      ['old tom', '“Old Tom”'],
      ['T’KARA', "T'Kara"],
      ['Tkara', 'T‘Kara'],
      ['zoe', 'Zoë'],
      ['Jorg Muller', 'Jørg  Müller'],
      ['strasse', 'Straße'],
      ['half-orc', 'Half‑Orc'],
      ['half orc', 'Half–Orc'],
      ['Ｇｏｂｌｉｎ １', 'Goblin 1'],
      ['goblin\u00a01', 'Goblin 1'],
      ['Gob\u00adlin', 'Goblin'],
    ] as const)
      expect(fold(typed)).toBe(fold(name))
    for (const [a, b] of [
      ['Goblin 1', 'Goblin 11'],
      ['Anna', 'Hanna'],
      ['', 'a'],
    ] as const)
      expect(fold(a)).not.toBe(fold(b))
  })

  it('folds the same again, also with nothing but plain letters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[A-Za-z0-9 ]*$/)), (name) => {
        expect(fold(fold(name))).toBe(fold(name))
        expect(fold(`“${name}”`)).toBe(fold(name))
      }),
    )
  })

  it('that is whole wins over a beginning, and a longer one over a shorter one', () => {
    const all = named('Goblin', 'Goblin 1', 'Goblin 10', 'Goblin King')
    expect(findAtStart(all, 'goblin 1 -7')).toEqual({ ids: ['Goblin 1'], rest: '-7' })
    expect(findAtStart(all, 'goblin -7')).toEqual({ ids: ['Goblin'], rest: '-7' })
    expect(findAtStart(all, 'goblin king half')).toEqual({ ids: ['Goblin King'], rest: 'half' })
    expect(findAtStart(named('Goblin 1', 'Goblin King'), 'goblin k half')).toEqual({
      ids: ['Goblin King'],
      rest: 'half',
    })
  })

  it('that two share is reported with both, and never guessed', () => {
    const twins: Named[] = [
      { id: 'a', name: 'Goblin' },
      { id: 'b', name: 'GOBLIN' },
    ]
    for (const [all, text] of [
      [twins, 'goblin'],
      [named('Mira', 'Mirabel'), 'mir'],
    ] as const) {
      const refusal = (() => {
        try {
          return findAtStart(all, text)
        } catch (error) {
          return error
        }
      })()
      expect(refusal).toBeInstanceOf(Refusal)
      expect(refusal).toMatchObject({ code: 'several', options: all.map(({ name }) => name) })
    }
  })

  it('of anybody is found whole, whatever else there is', () => {
    const name = fc.stringMatching(/^[A-Z][a-zé'-]{1,8}(?: [A-Z][a-z]{1,5})?(?: [0-9]{1,2})?$/)
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: fold, minLength: 1, maxLength: 8 }), fc.nat(), (all, pick) => {
        const wanted = all[pick % all.length] ?? ''
        expect(findAtStart(named(...all), `"${wanted.toUpperCase()}" =5`)).toEqual({ ids: [wanted], rest: '=5' })
      }),
    )
  })

  it('in a list has its own note, and stands once', () => {
    const all = named('Goblin 1', 'Goblin 2', 'Goblin 3', 'Voss, Mayor')
    expect(readList(all, 'Goblin 1-2 half, "Voss, Mayor", goblin 3')).toEqual([
      { id: 'Goblin 1', note: 'half' },
      { id: 'Goblin 2', note: 'half' },
      { id: 'Voss, Mayor', note: '' },
      { id: 'Goblin 3', note: '' },
    ])
    expect(() => readList(all, 'Goblin 1-3, Goblin 2')).toThrow('Goblin 2 stands twice')
    expect(() => readList(all, ' , ')).toThrow('Name somebody')
  })

  it('of new creatures gets the next free numbers, and none when it is the only one', () => {
    const names = (existing: string[], name: string, count: number) =>
      numberedNames(existing, name, count).map((one) => one.name)
    expect(names([], 'Goblin', 1)).toEqual(['Goblin'])
    expect(names([], 'Goblin', 3)).toEqual(['Goblin 1', 'Goblin 2', 'Goblin 3'])
    expect(names(['goblin 2', 'Goblin King', 'Hobgoblin 9'], 'Goblin', 2)).toEqual(['Goblin 3', 'Goblin 4'])
    expect(names(['Goblin'], 'Goblin', 1)).toEqual(['Goblin 2'])
    expect(names([], 'x'.repeat(60), 2).every((name) => name.length <= 60)).toBe(true)
  })
})
