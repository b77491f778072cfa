// The promises of channels, as tests that each back end runs.
import { describe, expect, it } from 'vitest'
import { MAX_PAYLOAD_BYTES } from './bus.ts'
import type { ChannelMessage, PubSub } from './pub-sub.ts'

/** `open` gives connections to one network: each hears the messages of the others. */
export function pubSubContract(open: () => Promise<{ connect(): Promise<PubSub> } & AsyncDisposable>): void {
  describe('channels', () => {
    it('deliver each message to every subscriber once, in the order of publishing', async () => {
      await using network = await open()
      await using sender = await network.connect()
      await using receiver = await network.connect()
      const received: string[][] = [[], [], []]
      receiver.subscribe('one', ({ text }) => received[0]?.push(text))
      receiver.subscribe('one', ({ text }) => received[1]?.push(text))
      sender.subscribe('two', ({ text, subject }) => received[2]?.push(`${subject} ${text}`))
      await receiver.flush()
      await sender.flush()
      const sent = Array.from({ length: 100 }, (_, n) => String(n))
      for (const text of sent) sender.publish('one', text)
      receiver.publish('two', 'x')
      await settled(sender, receiver)
      expect(received).toEqual([sent, sent, ['two x']])
    })

    it('carry bytes and text as they are', async () => {
      await using network = await open()
      await using bus = await network.connect()
      const received: ChannelMessage[] = []
      bus.subscribe('bytes', (message) => received.push(message))
      await bus.flush()
      bus.publish('bytes', new Uint8Array([0, 255, 10]))
      bus.publish('bytes', '{"a":"ünï"}')
      bus.publish('bytes', 'no json')
      await settled(bus)
      expect([...(received[0]?.data ?? [])]).toEqual([0, 255, 10])
      expect(received.slice(1).map(({ text, json }) => [text, json])).toEqual([
        ['{"a":"ünï"}', { a: 'ünï' }],
        ['no json', undefined],
      ])
    })

    it('deliver nothing after a subscription is closed', async () => {
      await using network = await open()
      await using bus = await network.connect()
      const received: string[] = []
      const subscription = bus.subscribe('a.b', ({ text }) => received.push(text))
      await bus.flush()
      bus.publish('a.b', '1')
      await settled(bus)
      subscription.close()
      bus.publish('a.b', '2')
      await settled(bus)
      expect(received).toEqual(['1'])
    })

    it('deliver to other subscribers when one throws', async () => {
      await using network = await open()
      await using bus = await network.connect()
      const received: string[] = []
      bus.subscribe('a', () => {
        throw new Error('mine alone')
      })
      bus.subscribe('a', ({ text }) => received.push(text))
      await bus.flush()
      bus.publish('a', '1')
      bus.publish('a', '2')
      await settled(bus)
      expect(received).toEqual(['1', '2'])
    })

    it.each(['', '.', 'a.', 'a b', 'a.*', 'a.>', '>', 'a..b', 'a\r\nPUB x 0'])(
      'refuses to publish on %j',
      async (wrong) => {
        await using network = await open()
        await using bus = await network.connect()
        expect(() => bus.publish(wrong, '')).toThrow(expect.objectContaining({ code: 'BAD_SUBJECT' }))
      },
    )

    it('take 1 MiB and refuse more', async () => {
      await using network = await open()
      await using bus = await network.connect()
      const sizes: number[] = []
      bus.subscribe('big', ({ data }) => sizes.push(data.length))
      await bus.flush()
      bus.publish('big', new Uint8Array(MAX_PAYLOAD_BYTES))
      expect(() => bus.publish('big', new Uint8Array(MAX_PAYLOAD_BYTES + 1))).toThrow(
        expect.objectContaining({ code: 'TOO_LARGE' }),
      )
      await settled(bus)
      expect(sizes).toEqual([MAX_PAYLOAD_BYTES])
    })

    it('throw on publishing after the connection was closed', async () => {
      await using network = await open()
      const bus = await network.connect()
      await bus[Symbol.asyncDispose]()
      expect(bus.isConnected).toBe(false)
      expect(() => bus.publish('a', '')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
      await expect(bus.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    })
  })
}

/** Everything published before on these connections has been delivered to their subscribers. */
export async function settled(...all: PubSub[]): Promise<void> {
  for (const one of all) await one.flush()
  for (const one of all) await one.flush()
  await new Promise((resolve) => setImmediate(resolve))
}
