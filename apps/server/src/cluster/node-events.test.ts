import { MemoryBus } from '@tablecast/bus'
import type { Batch } from '@tablecast/hub'
import { until } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { NodeEvents } from './node-events.ts'

it('a subscriber gets a stored event that no node published, as soon as the log can be read again', async () => {
  await using bus = new MemoryBus()
  const failed: unknown[] = []
  let isUp = false
  using nodes = new NodeEvents({
    bus,
    heads: () =>
      isUp
        ? Promise.resolve([{ id: 'room:r:player', head: 1, floor: 0 }])
        : Promise.reject(new Error('the database is down')),
    failed: (error) => failed.push(error),
  })
  const events = [{ seq: 1, text: '{}' }]
  const recover = () => Promise.resolve({ kind: 'events' as const, events })
  const start = () => Promise.resolve({ epoch: 'e', head: 0 })
  const channel = await nodes.hub.open('room:r:player', start, { policy: { kind: 'resume', recover } })
  const received: number[] = []
  const write = (batch: Batch) => received.push(...batch.events.map(({ seq }) => seq)) > 0
  channel.subscribe({ write, close: () => {} }, 0)
  nodes.recheck(['room:r:player'])
  await until(() => failed.length > 0)
  expect(received).toEqual([])
  isUp = true
  await until(() => received.length > 0)
  expect(received).toEqual([1])
})
