// Several nodes on one database, each with its own connection to the channels.
import { MemoryBus } from '@tablecast/bus'
import type { Batch } from '@tablecast/hub'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { openStore, type Store } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { until } from '../../testing/testbed.ts'
import { openMarketService } from './service.ts'
import { CuttablePubSub } from './testing.ts'

/** Each test runs thousands of transactions, perhaps on a busy machine. */
const TEST_TIMEOUT_MS = 240_000

const author = { authorId: 'a', authorName: 'A', type: 'text' }

async function openNodes(count: number) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const store = opened.use(await openStore({ dataDir: folder.path }))
  const shared = new MemoryBus()
  const nodes = []
  for (let n = 0; n < count; n++) nodes.push(opened.use(await openNode(store, shared, n === 0)))
  const owned = opened.move()
  return { store, shared, nodes, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function openNode(store: Store, shared: MemoryBus, hasSample: boolean) {
  const link = new CuttablePubSub(shared)
  const problems: unknown[] = []
  const market = await openMarketService({
    store,
    channels: link,
    maxMessageBytes: 65_536,
    keepMessages: 100_000,
    keepDays: 1,
    hasSample,
    simulator: null,
    onDropped: (channel, reason) => problems.push([channel, reason]),
    observe: () => undefined,
    failed: (error) => problems.push(error),
  })
  const events: { type: string; data: { message?: { id: string } } & Record<string, unknown> }[] = []
  const delivered: string[] = []
  const { all } = market.live
  all.subscribe(
    {
      write({ events: batch }: Batch) {
        for (const { text } of batch) {
          const event = JSON.parse(text) as (typeof events)[number]
          events.push(event)
          if (event.data.message) delivered.push(event.data.message.id)
        }
        return true
      },
      close() {},
    },
    all.head,
  )
  return {
    link,
    market,
    problems,
    events,
    /** The ids of the discussion messages that its clients got, in order. */
    delivered: (): readonly string[] => delivered,
    post: (id: string) => market.rows.post('disc-123', { id, content: id, ...author }, { userId: null, key: null }),
    [Symbol.asyncDispose]: () => market[Symbol.asyncDispose](),
  }
}

const numbered = (from: number, to: number, mark = 'm') =>
  Array.from({ length: to - from + 1 }, (_, n) => `${mark}-${from + n}`)

// Concurrent: each test waits for the timers of its own nodes.
describe.concurrent('a node whose own connection to the channels is cut', () => {
  it(
    'delivers the missed messages after it reconnects, in order and before newer ones',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      for (const id of numbered(1, 3)) await here.post(id)
      await until(() => there.delivered().length === 3)
      there.link.isConnected = false
      for (const id of numbered(4, 653)) await here.post(id)
      expect(there.delivered()).toHaveLength(3)
      there.link.isConnected = true
      // More messages come while the node reads the log.
      for (const id of numbered(654, 660)) await here.post(id)
      await until(() => there.delivered().length >= 660)
      expect(there.delivered()).toEqual(numbered(1, 660))
      expect(here.delivered()).toEqual(numbered(1, 660))
      expect(there.market.status().recovered).toBeGreaterThanOrEqual(650)
      expect([...here.problems, ...there.problems]).toEqual([])
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'gets the missed messages of other processes, also if it is the recording node',
    async () => {
      await using opened = await openNodes(2)
      const worker = immediatePublishersOn(opened.shared)
      const publish = (id: string) =>
        worker.publishDiscussionMessage({
          discussionId: 'disc-123',
          message: { id, content: id, authorId: 'w', timestamp: new Date().toISOString() },
        })
      for (const [cut, other] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const [node, healthy] = [opened.nodes[cut], opened.nodes[other]]
        if (!node || !healthy) throw new Error('no nodes')
        node.link.isConnected = false
        const ids = numbered(1, 20, `w${cut}`)
        for (const id of ids) publish(id)
        await until(() => ids.every((id) => healthy.delivered().includes(id)))
        node.link.isConnected = true
        await until(() => ids.every((id) => node.delivered().includes(id)))
      }
      for (const node of opened.nodes) expect(new Set(node.delivered()).size).toBe(40)
      for (const node of opened.nodes) expect(node.delivered()).toHaveLength(40)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'shows the values and statuses that changed meanwhile',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      const worker = immediatePublishersOn(opened.shared)
      worker.publishMarketUpdate({ sectorId: 'tech-001', value: 1 })
      worker.publishAgentStatus({ agentId: 'agent-789', status: 'active' })
      await until(() => there.events.length >= 2)
      there.link.isConnected = false
      worker.publishMarketUpdate({ sectorId: 'tech-001', value: 2 })
      worker.publishAgentStatus({ agentId: 'agent-789', status: 'resting' })
      await until(() => here.market.board.get().agents.some(({ status }) => status === 'resting'))
      there.link.isConnected = true
      const board = () => there.market.board.get()
      await until(() => board().sectors.find(({ id }) => id === 'tech-001')?.value === 2)
      await until(() => board().agents.find(({ id }) => id === 'agent-789')?.status === 'resting')
      // Its clients get the events a little later, because the node paces its writes.
      const moved = () => there.events.filter(({ type }) => type !== 'market:board')
      await until(() => moved().length >= 4)
      const after = moved().slice(2)
      expect(after.map(({ type, data }) => `${type} ${String(data['value'] ?? data['status'])}`).toSorted()).toEqual([
        'agent:status_update resting',
        'market:update 2',
      ])
      // A later value replaces it.
      worker.publishMarketUpdate({ sectorId: 'tech-001', value: 3 })
      await until(() => board().sectors.find(({ id }) => id === 'tech-001')?.value === 3)
    },
    TEST_TIMEOUT_MS,
  )
})

describe('each message reaches the clients of a node once', () => {
  it(
    'when its publication broke off, it was published again, and the log has it too',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      const ids: string[] = []
      for (let round = 0; round < 10; round++) {
        // The channels delivered the second message, but their answer was lost.
        here.link.breakAfter = 2
        for (const id of numbered(1, 5, `r${round}`)) {
          ids.push(id)
          await here.post(id)
        }
        here.link.isConnected = true
        await here.market.rows.redeliver()
      }
      await until(() => there.delivered().length >= ids.length)
      expect(here.delivered()).toEqual(ids)
      expect(there.delivered().toSorted()).toEqual(ids.toSorted())
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'when 10,500 messages were posted while all nodes were disconnected, and published again afterwards',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      for (const { link } of opened.nodes) link.isConnected = false
      const ids = numbered(1, 10_500)
      for (let from = 0; from < ids.length; from += 500) {
        await Promise.all(ids.slice(from, from + 500).map(here.post))
        await until(() => here.delivered().length === Math.min(from + 500, ids.length))
      }
      for (const { link } of opened.nodes) link.isConnected = true
      await until(() => there.delivered().length >= ids.length)
      await until(async () => {
        const unpublished = await opened.store.read(({ messages }) => messages.unpublished('9', 1))
        return unpublished.length === 0
      })
      // Arrives after every message that was published again.
      await here.post('last')
      for (const node of [here, there]) {
        await until(() => node.delivered().at(-1) === 'last')
        expect(node.delivered()).toHaveLength(ids.length + 1)
        expect(new Set(node.delivered())).toEqual(new Set([...ids, 'last']))
      }
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'for any order of cuts, reconnects, posts and repeats',
    async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('post' as const), node: fc.nat(2), count: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ do: fc.constant('worker' as const), count: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constantFrom('cut' as const, 'restore' as const, 'redeliver' as const), node: fc.nat(2) }),
        fc.record({ do: fc.constant('break' as const), node: fc.nat(2), after: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constant('repeat' as const), which: fc.nat(50), retold: fc.boolean() }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          await using opened = await openNodes(3)
          const worker = immediatePublishersOn(opened.shared)
          const posted: string[] = []
          const publish = (id: string, retold: boolean) =>
            worker.publishDiscussionMessage({
              discussionId: 'disc-123',
              message: { id, content: id, authorId: 'a', timestamp: new Date().toISOString() },
              ...(retold ? { retold: true } : {}),
            })
          for (const action of steps) {
            const node = opened.nodes['node' in action ? action.node : 0]
            if (!node) continue
            if (action.do === 'post')
              for (let n = 0; n < action.count; n++) {
                posted.push(`p-${posted.length}`)
                await node.post(`p-${posted.length - 1}`)
              }
            else if (action.do === 'worker') {
              // A message that no node receives is never stored.
              if (opened.nodes.every(({ link }) => !link.isConnected)) continue
              for (let n = 0; n < action.count; n++) {
                posted.push(`w-${posted.length}`)
                publish(`w-${posted.length - 1}`, false)
              }
              await opened.shared.flush()
            } else if (action.do === 'repeat') {
              const id = posted[action.which % Math.max(1, posted.length)]
              if (id !== undefined && id.startsWith('p-')) publish(id, action.retold)
            } else if (action.do === 'redeliver') await node.market.rows.redeliver()
            else if (action.do === 'break') node.link.breakAfter = action.after
            else node.link.isConnected = action.do === 'restore'
          }
          for (const { link } of opened.nodes) link.isConnected = true
          for (const { delivered } of opened.nodes) {
            await until(() => posted.every((id) => delivered().includes(id)))
            expect(delivered().toSorted()).toEqual(posted.toSorted())
          }
        }),
        { numRuns: 12 },
      )
    },
    TEST_TIMEOUT_MS,
  )
})
