// The promises of a bus, as tests that each back end runs.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bus, BusMessage } from './bus.ts'
import { pubSubContract, settled } from './pub-sub-contract.ts'
import { matches } from './subject.ts'

/** `open` opens connections to one bus: each receives the messages of the others. */
export function busContract(open: () => Promise<{ connect(): Promise<Bus> } & AsyncDisposable>): void {
  pubSubContract(open)

  const token = fc.constantFrom('a', 'b', 'c')
  const subject = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'))
  const pattern = fc
    .tuple(fc.array(fc.oneof(token, fc.constant('*')), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([tokens, tail]) => [...tokens, ...(tail ? ['>'] : [])].join('.'))

  describe('the bus', () => {
    it('gives a subscriber each message that matches its pattern once, in the order of publishing', async () => {
      await using network = await open()
      await using sender = await network.connect()
      await using receiver = await network.connect()
      await fc.assert(
        fc.asyncProperty(
          fc.array(pattern, { maxLength: 4 }),
          fc.array(subject, { maxLength: 20 }),
          async (all, sent) => {
            const received = all.map(() => [] as string[])
            const subscriptions = all.map((one, index) =>
              receiver.subscribe(one, (message) => received[index]?.push(`${message.subject} ${message.text}`)),
            )
            await receiver.flush()
            for (const [n, one] of sent.entries()) sender.publish(one, String(n))
            await settled(sender, receiver)
            for (const [index, one] of all.entries())
              expect(received[index]).toEqual(sent.flatMap((to, n) => (matches(one, to) ? [`${to} ${n}`] : [])))
            for (const subscription of subscriptions) subscription.close()
          },
        ),
        { numRuns: 25 },
      )
    })

    it('gives each message to one member of a queue group', async () => {
      await using network = await open()
      await using bus = await network.connect()
      await using other = await network.connect()
      const received: string[] = []
      const alone: string[] = []
      bus.subscribe('work.*', ({ text }) => received.push(text), { queue: 'workers' })
      other.subscribe('work.*', ({ text }) => received.push(text), { queue: 'workers' })
      other.subscribe('work.*', ({ text }) => alone.push(text))
      await bus.flush()
      await other.flush()
      const sent = Array.from({ length: 50 }, (_, n) => String(n))
      for (const text of sent) bus.publish('work.one', text)
      await settled(bus, other)
      expect(received.toSorted()).toEqual(sent.toSorted())
      expect(alone).toEqual(sent)
    })

    it('carries bytes, text and the publisher’s mark as they are', async () => {
      await using network = await open()
      await using bus = await network.connect()
      const received: BusMessage[] = []
      bus.subscribe('bytes', (message) => received.push(message))
      await bus.flush()
      bus.publish('bytes', new Uint8Array([0, 255, 10]))
      bus.publish('bytes', '“ünï”', { id: 'mark-1' })
      bus.publish('bytes', '')
      await settled(bus)
      expect(received.map(({ data }) => [...data].length)).toEqual([3, 11, 0])
      expect([...(received[0]?.data ?? [])]).toEqual([0, 255, 10])
      expect(received.map(({ id, text }) => [id, text]).slice(1)).toEqual([
        ['mark-1', '“ünï”'],
        [null, ''],
      ])
    })

    it('answers a request, and rejects at once without a listener', async () => {
      await using network = await open()
      await using bus = await network.connect()
      await using other = await network.connect()
      other.subscribe('echo', (message) => void message.respond(`${message.text}!`))
      await other.flush()
      expect((await bus.request('echo', 'hello', { timeoutMs: 5_000 })).text).toBe('hello!')
      await expect(bus.request('silence', '', { timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'NO_RESPONDERS' })
      other.subscribe('deaf', () => {})
      await other.flush()
      await expect(bus.request('deaf', '', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    })
  })
}
