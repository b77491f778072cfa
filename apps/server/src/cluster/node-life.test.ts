// A killed node is known as lost within 10 s, and a slow one never.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realTimers } from '../stages/campaign/presence-timers.ts'
import { NodeLife } from './node-life.ts'

type Answer = 'here' | 'gone' | 'unknown'
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** The life of the node `b`, as a node sees it whose calls get these answers. */
function lifeOfB() {
  const bus = { answer: 'here' as Answer, calls: 0, told: (_isConnected: boolean) => {} }
  const life = new NodeLife({
    others: {
      isAlone: false,
      answerCalls: () => ({ close() {} }),
      call() {
        bus.calls += 1
        return Promise.resolve(bus.answer)
      },
      watch(listener) {
        bus.told = listener
        return () => {}
      },
    },
    timers: realTimers,
  })
  const changes: string[] = []
  life.watch(
    () => ['b'],
    (node) => changes.push(life.of(node).kind),
  )
  return { bus, life, changes }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a node', () => {
  it('that was killed is lost within 10 s, and gone within 20 s', async () => {
    const { bus, life, changes } = lifeOfB()
    await pass(60_000)
    expect(changes).toEqual([])
    bus.answer = 'gone'
    const at = Date.now()
    await pass(10_000)
    expect(changes).toEqual(['lost'])
    const seen = life.of('b')
    expect(seen.kind === 'here' ? null : seen.since - at).toBeLessThanOrEqual(1_500)
    await pass(10_000)
    expect(changes).toEqual(['lost', 'gone'])
    life[Symbol.dispose]()
  })

  it('that is slow, for minutes, is neither', async () => {
    const { bus, life, changes } = lifeOfB()
    await pass(10_000)
    bus.answer = 'unknown'
    await pass(300_000)
    expect(changes).toEqual([])
    life[Symbol.dispose]()
  })

  it('that connects to the bus again within 4 s is not lost', async () => {
    const { bus, life, changes } = lifeOfB()
    await pass(10_000)
    for (let round = 0; round < 20; round++) {
      bus.answer = 'gone'
      await pass(4_000)
      bus.answer = 'here'
      await pass(4_000)
    }
    expect(changes).toEqual([])
    life[Symbol.dispose]()
  })

  it('that connects to the bus again 10 s later than this one is not lost', async () => {
    const { bus, life, changes } = lifeOfB()
    await pass(10_000)
    bus.told(false)
    bus.answer = 'unknown'
    await pass(60_000)
    bus.told(true)
    bus.answer = 'gone'
    await pass(10_000)
    bus.answer = 'here'
    await pass(60_000)
    expect(changes).toEqual([])
    life[Symbol.dispose]()
  })

  it('that comes back is here again', async () => {
    const { bus, life, changes } = lifeOfB()
    await pass(10_000)
    bus.answer = 'gone'
    await pass(12_000)
    bus.answer = 'here'
    await pass(2_000)
    expect(changes).toEqual(['lost', 'here'])
    life[Symbol.dispose]()
  })

  it('of an older version, which answers no call, is not lost', async () => {
    const { bus, life, changes } = lifeOfB()
    bus.answer = 'gone'
    await pass(300_000)
    expect(changes).toEqual([])
    expect(bus.calls).toBe(200)
    life[Symbol.dispose]()
  })
})
