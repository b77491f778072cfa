import { differenceOf, type Fog, hiddenFog, revealedFog, writeChange } from '@tablecast/maps/fog'
import { expect, it } from 'vitest'
import { followed } from './use-fog.ts'

const size = { width: 200, height: 100 }
const nothing = hiddenFog(size)
const whole = revealedFog(size)
const written = (before: Fog, after: Fog) => writeChange(differenceOf(before, after) ?? [])
const map = (version: number, change: string | null) => ({ id: 'm', ...size, fog: { version, change } })

it('a page that knows the fog before a change makes the one after it', () => {
  const next = followed({ mapId: 'm', version: 3, fog: nothing }, map(4, written(nothing, whole)))
  expect(next).toEqual({ mapId: 'm', version: 4, fog: whole })
})

it('a page that has missed a change, or whose fog was replaced, asks for the whole fog', () => {
  const known = { mapId: 'm', version: 3, fog: nothing }
  expect(followed(known, map(5, written(nothing, whole)))).toBeNull()
  expect(followed(known, map(4, null))).toBeNull()
  expect(followed({ ...known, mapId: 'other' }, map(3, null))).toBeNull()
  expect(followed(null, map(0, null))).toBeNull()
})

it('a fog that came with a newer version stays until the map has reached it', () => {
  const known = { mapId: 'm', version: 6, fog: whole }
  expect(followed(known, map(5, written(nothing, whole)))).toBe(known)
})
