import { MemoryBus } from '@tablecast/bus'
import { engineSubjects } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { EngineWatch } from './engine-watch.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the watch over the engines', () => {
  it('counts an engine as silent a while after its last word, at once when it leaves, and from the start when never heard', async () => {
    const bus = new MemoryBus()
    let now = 0
    using watch = new EngineWatch(bus, () => now)
    const tell = (engineId: string, leaving = false) =>
      bus.publish(engineSubjects.alive, JSON.stringify({ engine_id: engineId, sessions: [], leaving }))
    expect(watch.isSilent('a')).toBe(true)
    tell('a')
    tell('b')
    bus.publish(engineSubjects.alive, 'nonsense')
    await settle()
    expect([watch.isSilent('a'), watch.isSilent('b'), watch.count]).toEqual([false, false, 2])
    tell('b', true)
    await settle()
    expect([watch.isSilent('a'), watch.isSilent('b'), watch.count]).toEqual([false, true, 1])
    now = 10_000
    expect(watch.isSilent('a')).toBe(true)
    tell('a')
    await settle()
    expect(watch.isSilent('a')).toBe(false)
  })
})
