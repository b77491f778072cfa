import { type Bus, BusError, MemoryBus } from '@tablecast/bus'
import { expect, test } from 'vitest'
import { NodeChannel } from './node-channel.ts'

/** A bus in memory that claims to connect several processes. */
function sharedBus(isConnected = true): Bus {
  const bus = new MemoryBus()
  return {
    kind: 'nats',
    url: null,
    isConnected,
    publish(subject, data, options) {
      if (subject === 'refused') throw new BusError('BAD_SUBJECT', 'refused')
      bus.publish(subject, data, options)
    },
    request: () => Promise.reject(new BusError('NO_RESPONDERS', 'nobody listens')),
    subscribe: (subject, handle, options) => bus.subscribe(subject, handle, options),
    follow: (source, handle) => bus.follow(source, handle),
    flush: () => bus.flush(),
    watch: () => bus.watch(),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
}

const failed = (error: unknown) => expect.unreachable(String(error))

test('a node receives the messages of other nodes, and never its own', async () => {
  const bus = sharedBus()
  const [one, two] = [new NodeChannel({ bus, failed }), new NodeChannel({ bus, failed })]
  const received: unknown[] = []
  one.subscribe('s', ({ json }) => received.push(['one', json]))
  two.subscribe('s', ({ json }) => received.push(['two', json]))
  one.publish('s', { n: 1 })
  await bus.flush()
  expect(received).toEqual([['two', { node: one.nodeId, n: 1 }]])
  one.subscribe('t', ({ text }) => received.push(['one', text]))
  two.publish('t', 'plain')
  await bus.flush()
  expect(received.at(-1)).toEqual(['one', 'plain'])
})

test('a node receives a message without an id, as nodes of earlier versions send it', async () => {
  const bus = sharedBus()
  const received: string[] = []
  new NodeChannel({ bus, failed }).subscribe('s', ({ text }) => received.push(text))
  bus.publish('s', 'unmarked')
  await bus.flush()
  expect(received).toEqual(['unmarked'])
})

test('a single or disconnected node sends nothing, and an error of the bus goes to `failed`', async () => {
  const bus = new MemoryBus()
  const published: string[] = []
  bus.subscribe('s', ({ text }) => published.push(text))
  const alone = new NodeChannel({ bus, failed })
  alone.publish('s', 'x')
  await bus.flush()
  expect(alone.isAlone).toBe(true)
  expect(published).toEqual([])

  const disconnected = sharedBus(false)
  disconnected.subscribe('s', ({ text }) => published.push(text))
  new NodeChannel({ bus: disconnected, failed }).publish('s', 'x')
  await disconnected.flush()
  expect(published).toEqual([])

  const errors: unknown[] = []
  new NodeChannel({ bus: sharedBus(), failed: (error) => errors.push(error) }).publish('refused', 'x')
  expect(errors).toEqual([expect.objectContaining({ code: 'BAD_SUBJECT' })])
})
