import { describe, expect, it } from 'vitest'
import { readOverlayOptions } from './overlay-options.ts'

const shown = (search: string) => [...readOverlayOptions(search).shows]

describe('the options of an overlay', () => {
  it('show everything at the usual size when the address names none', () => {
    expect(readOverlayOptions('')).toMatchObject({ side: 'left', size: 100 })
    expect(shown('')).toEqual(['turns', 'party', 'roll', 'story'])
  })

  it('show the named parts alone', () => {
    expect(shown('?show=roll,turns')).toEqual(['turns', 'roll'])
    expect(shown('?show=roll,nothing')).toEqual(['roll'])
  })

  it('keep a size within its bounds, and ignore what makes no sense', () => {
    expect(readOverlayOptions('?size=120&side=right')).toMatchObject({ side: 'right', size: 120 })
    expect(readOverlayOptions('?size=9999').size).toBe(300)
    expect(readOverlayOptions('?size=1').size).toBe(50)
    expect(readOverlayOptions('?size=big&side=up')).toMatchObject({ side: 'left', size: 100 })
    expect(shown('?show=')).toEqual(['turns', 'party', 'roll', 'story'])
  })
})
