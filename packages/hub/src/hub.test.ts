import { expect, it, describe } from 'vitest'
import { Hub } from './hub.ts'
import type { OverflowPolicy } from './overflow-policy.ts'
import { eventAt, Recorder, Ticks } from './testing.ts'

describe('Hub', () => {
  it('[H12] events published while a channel opens are neither lost nor doubled', async () => {
    const hub = new Hub()
    const loaded = Promise.withResolvers<{ epoch: string; head: number }>()
    const ticks = new Ticks()
    const policy: OverflowPolicy = { kind: 'disconnect' }
    const opening = hub.open('c', () => loaded.promise, { policy, schedule: ticks.schedule })
    hub.publish('c', eventAt(5))
    hub.publish('c', eventAt(6))
    loaded.resolve({ epoch: 'e', head: 5 })
    const channel = await opening
    const sink = new Recorder()
    channel.subscribe(sink, 5)
    ticks.run()
    expect(sink.seqs).toEqual([6])
    expect(await hub.open('c', () => Promise.reject(new Error('opened twice')), { policy })).toBe(channel)
  })

  it('the hub releases a channel without subscribers, and keeps one with a subscriber', async () => {
    const hub = new Hub()
    const start = () => Promise.resolve({ epoch: 'e', head: 0 })
    const policy: OverflowPolicy = { kind: 'disconnect' }
    const used = await hub.open('used', start, { policy })
    await hub.open('idle', start, { policy })
    used.subscribe(new Recorder(), 0)
    hub.sweep()
    hub.sweep()
    expect(hub.get('idle')).toBeUndefined()
    expect(hub.get('used')).toBe(used)
  })
})
