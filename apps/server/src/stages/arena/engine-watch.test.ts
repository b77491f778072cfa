import { MemoryBus } from '@tablecast/bus'
import { engineSubjects } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { EngineWatch } from './engine-watch.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('EngineWatch', () => {
  it('an engine is silent some seconds after its last message, at once when it leaves, and from the start if it sent nothing', async () => {
    const bus = new MemoryBus()
    let now = 0
    using watch = new EngineWatch(bus, () => now)
    const reportAlive = (engineId: string, leaving = false) =>
      bus.publish(engineSubjects.alive, JSON.stringify({ engine_id: engineId, sessions: [], leaving }))
    expect(watch.isSilent('a')).toBe(true)
    reportAlive('a')
    reportAlive('b')
    bus.publish(engineSubjects.alive, 'nonsense')
    await settle()
    expect([watch.isSilent('a'), watch.isSilent('b'), watch.count]).toEqual([false, false, 2])
    reportAlive('b', true)
    await settle()
    expect([watch.isSilent('a'), watch.isSilent('b'), watch.count]).toEqual([false, true, 1])
    now = 10_000
    expect(watch.isSilent('a')).toBe(true)
    reportAlive('a')
    await settle()
    expect(watch.isSilent('a')).toBe(false)
  })
})
