import { Registry } from 'prom-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { counter, gauge, register } from './metric.ts'

afterEach(() => vi.useRealTimers())

describe('metrics that are read when somebody asks', () => {
  it('are left out where they cannot be read, and the others are there', async () => {
    const registry = new Registry()
    let isDown = false
    const read = () => (isDown ? Promise.reject(new Error('the database is down')) : Promise.resolve([value(3)]))
    register(registry, gauge('devices', 'From the database', [], read))
    register(
      registry,
      counter('events', 'From memory', [], () => [value(5)]),
    )
    expect(valuesIn(await registry.metrics())).toEqual(['tablecast_devices 3', 'tablecast_events_total 5'])
    isDown = true
    expect(valuesIn(await registry.metrics())).toEqual(['tablecast_events_total 5'])
    isDown = false
    expect(valuesIn(await registry.metrics())).toEqual(['tablecast_devices 3', 'tablecast_events_total 5'])
  })

  it('are left out where they let the scrape wait', async () => {
    vi.useFakeTimers()
    const registry = new Registry()
    register(
      registry,
      gauge('devices', 'From a database that does not answer', [], () => new Promise(() => {})),
    )
    register(
      registry,
      gauge('events', 'From memory', [], () => [value(5)]),
    )
    const text = registry.metrics()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(valuesIn(await text)).toEqual(['tablecast_events 5'])
  })
})

const value = (count: number): [Record<string, string>, number] => [{}, count]

const valuesIn = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
