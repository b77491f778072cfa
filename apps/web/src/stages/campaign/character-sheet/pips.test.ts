import type { Use } from '@tablecast/rules'
import { expect, it } from 'vitest'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { usesAfter } from './pips.ts'

const use = (key: string, left: number): Use => ({ key, name: key, left, most: 3, back: { kind: 'rest' } })
const spend = (id: string, key: string, count?: number): RoomCall => ({
  do: 'operate',
  campaignId: 'c',
  what: 'Spend',
  operation: { type: 'use', id, key, ...(count === undefined ? {} : { count }) },
})

it('uses that wait for the connection are counted, within the bounds, for their character alone', () => {
  const uses = [use('luck', 2), use('ki', 1)]
  const waiting: RoomCall[] = [
    { do: 'say', message: 'Hm.' },
    spend('mira', 'luck'),
    spend('tobin', 'luck'),
    spend('mira', 'ki', -5),
  ]
  expect(usesAfter(uses, 'mira', waiting)).toEqual([use('luck', 1), use('ki', 3)])
  expect(usesAfter(uses, 'mira', [spend('mira', 'luck', 9)])[0]?.left).toBe(0)
})
