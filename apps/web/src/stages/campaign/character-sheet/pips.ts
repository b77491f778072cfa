import type { Use } from '@tablecast/rules'
import type { RoomCall } from '../../../live/outbox-calls.ts'

/** The uses as they will be when the calls that wait have arrived. */
export function usesAfter(uses: readonly Use[], characterId: string, waiting: readonly RoomCall[]): Use[] {
  let after = [...uses]
  for (const call of waiting) {
    if (call.do !== 'operate' || call.operation.type !== 'use' || call.operation.id !== characterId) continue
    const { key, count = 1 } = call.operation
    after = after.map((use) =>
      use.key === key ? { ...use, left: Math.max(0, Math.min(use.most, use.left - count)) } : use,
    )
  }
  return after
}
