import { expect, it } from 'vitest'
import { screenAt } from './screen-at.ts'

it('a screen has an address of its own below its room', () => {
  expect(screenAt('/r/main/tv')).toBe('tv')
  expect(screenAt('/r/main/overlay/')).toBe('overlay')
  for (const path of ['/', '/r/tv', '/r/main', '/r/main/dm', '/r/main/tv/more', '/x/r/main/tv'])
    expect([path, screenAt(path)]).toEqual([path, null])
})
