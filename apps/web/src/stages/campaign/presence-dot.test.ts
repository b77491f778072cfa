import { expect, it } from 'vitest'
import { presenceDot } from './presence-dot.ts'

it('no dot is green while the page is not live', () => {
  expect(presenceDot({ status: 'ready' }, true)).toBe('bg-good')
  expect(presenceDot({ status: 'away' }, true)).toBe('bg-warn')
  for (const status of ['ready', 'away', 'idle', 'typing'] as const)
    expect(presenceDot({ status }, false)).not.toBe('bg-good')
})
