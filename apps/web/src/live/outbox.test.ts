import { describe, expect, it } from 'vitest'
import { type Item, Outbox, type OutboxView, TooOld } from './outbox.ts'

class Refusal extends Error {}
type Call = { text: string; stamp?: number }

/** A shelf that several outboxes share, as the tabs of a browser do. */
function makeShelf(items: Item<Call>[] = []) {
  const kept = new Map(items.map((item) => [item.key, item]))
  return {
    list: () => [...kept.values()],
    put: (item: Item<Call>) => void kept.set(item.key, item),
    remove: (key: string) => void kept.delete(key),
  }
}

function table({ shelf = makeShelf(), now = 1_000 } = {}) {
  const attempts: Item<Call>[] = []
  const views: OutboxView<Call>[] = []
  const caughtUp: number[] = []
  const retries: (() => void)[] = []
  let keys = 0
  let stamp = 0
  const net = { isDown: false, refuses: new Set<string>() }
  const outbox = new Outbox<Call, string>({
    shelf,
    newKey: () => `key-${++keys}`,
    now: () => now,
    ready: (call) => ({ ...call, stamp: ++stamp }),
    async send(item) {
      attempts.push(item)
      await Promise.resolve()
      if (net.isDown) throw new Error('no network')
      if (net.refuses.has(item.call.text)) throw new Refusal(item.call.text)
      return `answer to ${item.call.text}`
    },
    isRefusal: (error) => error instanceof Refusal,
    changed: (view) => void views.push(view),
    caughtUp: (count) => void caughtUp.push(count),
    later: (work) => void retries.push(work),
  })
  const settled = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve()
  }
  const waiting = () => views.at(-1)?.waiting.map(({ call }) => call.text) ?? []
  return { outbox, net, shelf, attempts, views, caughtUp, retries, settled, waiting }
}

describe('the outbox', () => {
  it('sends one item after the other and answers each', async () => {
    const t = table()
    const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => t.outbox.add({ text })))
    expect(outcomes.map((outcome) => outcome.kind === 'sent' && outcome.answer)).toEqual([
      'answer to a',
      'answer to b',
      'answer to c',
    ])
    expect(t.attempts.map(({ call }) => call.text)).toEqual(['a', 'b', 'c'])
    expect(t.shelf.list()).toEqual([])
    expect(t.caughtUp).toEqual([])
  })

  it('keeps the order and the keys over an interruption, and says how many it sent late', async () => {
    const t = table()
    t.net.isDown = true
    const told: string[] = []
    const sent = ['a', 'b', 'c'].map((text) => t.outbox.add({ text }, () => told.push(text)))
    await t.settled()
    expect([t.waiting(), told]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    t.retries.at(-1)?.()
    await t.settled()
    t.net.isDown = false
    t.outbox.flush()
    await Promise.all(sent)
    expect(t.attempts.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1', 'key-2', 'key-3'])
    expect([t.waiting(), t.caughtUp, t.shelf.list()]).toEqual([[], [3], []])
  })

  it('makes the same call at each attempt', async () => {
    const t = table()
    t.net.isDown = true
    const sent = t.outbox.add({ text: 'a' })
    await t.settled()
    t.net.isDown = false
    t.outbox.flush()
    await sent
    expect(t.attempts.map(({ call }) => call.stamp)).toEqual([1, 1])
  })

  it('gives a refusal to its sender, and goes on with the next', async () => {
    const t = table()
    t.net.refuses.add('b')
    const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => t.outbox.add({ text })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['sent', 'refused', 'sent'])
    expect(t.views.at(-1)?.refused).toEqual([])
  })

  it('keeps an item that was refused after it had to wait, until the person drops it', async () => {
    const t = table()
    t.net.isDown = true
    const sent = ['a', 'b'].map((text) => t.outbox.add({ text }))
    await t.settled()
    t.net.isDown = false
    t.net.refuses.add('a')
    t.outbox.flush()
    await Promise.all(sent)
    expect(t.views.at(-1)?.refused.map(({ call }) => call.text)).toEqual(['a'])
    expect(t.caughtUp).toEqual([1])
    t.outbox.drop('key-1')
    expect(t.views.at(-1)?.refused).toEqual([])
  })

  it('sends what an earlier page left behind, and nothing that is older than a day', async () => {
    const day = 24 * 60 * 60_000
    const shelf = makeShelf([
      { key: 'old', at: 0, call: { text: 'old' } },
      { key: 'new', at: 10, call: { text: 'new', stamp: 7 } },
    ])
    const t = table({ shelf, now: day + 5 })
    await t.settled()
    expect(t.attempts.map(({ key, call }) => [key, call.stamp])).toEqual([['new', 7]])
    expect(t.views.at(-1)?.refused[0]).toMatchObject({ key: 'old', error: expect.any(TooOld) as TooOld })
    expect(shelf.list()).toEqual([])
  })

  it('does not send an item that was dropped while it waited', async () => {
    const t = table()
    t.net.isDown = true
    const sent = ['a', 'b'].map((text) => t.outbox.add({ text }))
    await t.settled()
    t.outbox.drop('key-1')
    expect(t.waiting()).toEqual(['b'])
    t.net.isDown = false
    t.outbox.flush()
    expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(['dropped', 'sent'])
    expect(t.attempts.map(({ key }) => key)).toEqual(['key-1', 'key-2'])
  })

  it('sends nothing after it was closed, and leaves the items for the next page', async () => {
    const t = table()
    t.net.isDown = true
    void t.outbox.add({ text: 'a' })
    await t.settled()
    t.outbox.close()
    t.net.isDown = false
    t.outbox.flush()
    await t.settled()
    expect(t.attempts).toHaveLength(1)
    expect(t.shelf.list().map(({ key }) => key)).toEqual(['key-1'])
  })
})
