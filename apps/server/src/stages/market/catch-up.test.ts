// Several nodes on one database, each with a way of its own to the channels.
import { MemoryBus } from '@tablecast/bus'
import type { Batch } from '@tablecast/hub'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { openStore, type Store } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { until } from '../../testing/testbed.ts'
import { openMarketService } from './service.ts'
import { Way } from './testing.ts'

/** Thousands of transactions, on a machine that may have other things to do. */
const LONG_MS = 240_000

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
  const way = new Way(shared)
  const trouble: unknown[] = []
  const market = await openMarketService({
    store,
    channels: way,
    maxMessageBytes: 65_536,
    keepMessages: 100_000,
    keepDays: 1,
    hasSample,
    simulator: null,
    dropped: (channel, why) => trouble.push([channel, why]),
    observe: () => undefined,
    failed: (error) => trouble.push(error),
  })
  const events: { type: string; data: { message?: { id: string } } & Record<string, unknown> }[] = []
  const told: string[] = []
  const { all } = market.live
  all.subscribe(
    {
      write({ events: batch }: Batch) {
        for (const { text } of batch) {
          const event = JSON.parse(text) as (typeof events)[number]
          events.push(event)
          if (event.data.message) told.push(event.data.message.id)
        }
        return true
      },
      close() {},
    },
    all.head,
  )
  return {
    way,
    market,
    trouble,
    events,
    /** The ids of the discussion messages that its clients were told, in order. */
    told: (): readonly string[] => told,
    post: (id: string) => market.rows.post('disc-123', { id, content: id, ...author }, { userId: null, key: null }),
    [Symbol.asyncDispose]: () => market[Symbol.asyncDispose](),
  }
}

const numbered = (from: number, to: number, mark = 'm') =>
  Array.from({ length: to - from + 1 }, (_, n) => `${mark}-${from + n}`)

// Each waits for the clocks of nodes of its own.
describe.concurrent('a node whose own way to the channels is cut', () => {
  it(
    'tells its clients what was said meanwhile when the way is back, in order, before what is said then',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      for (const id of numbered(1, 3)) await here.post(id)
      await until(() => there.told().length === 3)
      there.way.isConnected = false
      for (const id of numbered(4, 653)) await here.post(id)
      expect(there.told()).toHaveLength(3)
      there.way.isConnected = true
      // While it reads, more comes.
      for (const id of numbered(654, 660)) await here.post(id)
      await until(() => there.told().length >= 660)
      expect(there.told()).toEqual(numbered(1, 660))
      expect(here.told()).toEqual(numbered(1, 660))
      expect(there.market.status().recovered).toBeGreaterThanOrEqual(650)
      expect([...here.trouble, ...there.trouble]).toEqual([])
    },
    LONG_MS,
  )

  it(
    'hears of what other processes said meanwhile, though it is the one that records',
    async () => {
      await using opened = await openNodes(2)
      const worker = immediatePublishersOn(opened.shared)
      const say = (id: string) =>
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
        node.way.isConnected = false
        const ids = numbered(1, 20, `w${cut}`)
        for (const id of ids) say(id)
        await until(() => ids.every((id) => healthy.told().includes(id)))
        node.way.isConnected = true
        await until(() => ids.every((id) => node.told().includes(id)))
      }
      for (const node of opened.nodes) expect(new Set(node.told()).size).toBe(40)
      for (const node of opened.nodes) expect(node.told()).toHaveLength(40)
    },
    LONG_MS,
  )

  it(
    'shows the values and statuses that moved meanwhile',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      const worker = immediatePublishersOn(opened.shared)
      worker.publishMarketUpdate({ sectorId: 'tech-001', value: 1 })
      worker.publishAgentStatus({ agentId: 'agent-789', status: 'active' })
      await until(() => there.events.length >= 2)
      there.way.isConnected = false
      worker.publishMarketUpdate({ sectorId: 'tech-001', value: 2 })
      worker.publishAgentStatus({ agentId: 'agent-789', status: 'resting' })
      await until(() => here.market.board.get().agents.some(({ status }) => status === 'resting'))
      there.way.isConnected = true
      const board = () => there.market.board.get()
      await until(() => board().sectors.find(({ id }) => id === 'tech-001')?.value === 2)
      await until(() => board().agents.find(({ id }) => id === 'agent-789')?.status === 'resting')
      // Its clients hear of it in the next turn of the loop, or a little later: the node paces its events.
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
    LONG_MS,
  )
})

describe('each message is told once to a node’s clients', () => {
  it(
    'when its publication broke off, was published again, and comes from the log as well',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      const ids: string[] = []
      for (let round = 0; round < 10; round++) {
        // The channels took it and passed it on; the answer was lost.
        here.way.breakAfter = 2
        for (const id of numbered(1, 5, `r${round}`)) {
          ids.push(id)
          await here.post(id)
        }
        here.way.isConnected = true
        await here.market.rows.retell()
      }
      await until(() => there.told().length >= ids.length)
      expect(here.told()).toEqual(ids)
      expect(there.told().toSorted()).toEqual(ids.toSorted())
    },
    LONG_MS,
  )

  it(
    'however many are said while all are cut off, and published again afterwards',
    async () => {
      await using opened = await openNodes(2)
      const [here, there] = opened.nodes
      if (!here || !there) throw new Error('no nodes')
      for (const { way } of opened.nodes) way.isConnected = false
      const ids = numbered(1, 10_500)
      for (let from = 0; from < ids.length; from += 500) {
        await Promise.all(ids.slice(from, from + 500).map(here.post))
        await until(() => here.told().length === Math.min(from + 500, ids.length))
      }
      for (const { way } of opened.nodes) way.isConnected = true
      await until(() => there.told().length >= ids.length)
      await until(async () => {
        const untold = await opened.store.read(({ messages }) => messages.untold('9', 1))
        return untold.length === 0
      })
      // Behind everything that was published again.
      await here.post('last')
      for (const node of [here, there]) {
        await until(() => node.told().at(-1) === 'last')
        expect(node.told()).toHaveLength(ids.length + 1)
        expect(new Set(node.told())).toEqual(new Set([...ids, 'last']))
      }
    },
    LONG_MS,
  )

  it(
    'whatever is cut, restored, said and repeated in whatever order',
    async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('post' as const), node: fc.nat(2), count: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ do: fc.constant('worker' as const), count: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constantFrom('cut' as const, 'restore' as const, 'retell' as const), node: fc.nat(2) }),
        fc.record({ do: fc.constant('break' as const), node: fc.nat(2), after: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constant('repeat' as const), which: fc.nat(50), retold: fc.boolean() }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          await using opened = await openNodes(3)
          const worker = immediatePublishersOn(opened.shared)
          const said: string[] = []
          const sayAgain = (id: string, retold: boolean) =>
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
                said.push(`p-${said.length}`)
                await node.post(`p-${said.length - 1}`)
              }
            else if (action.do === 'worker') {
              // What nobody hears is stored by nobody.
              if (opened.nodes.every(({ way }) => !way.isConnected)) continue
              for (let n = 0; n < action.count; n++) {
                said.push(`w-${said.length}`)
                sayAgain(`w-${said.length - 1}`, false)
              }
              await opened.shared.flush()
            } else if (action.do === 'repeat') {
              const id = said[action.which % Math.max(1, said.length)]
              if (id !== undefined && id.startsWith('p-')) sayAgain(id, action.retold)
            } else if (action.do === 'retell') await node.market.rows.retell()
            else if (action.do === 'break') node.way.breakAfter = action.after
            else node.way.isConnected = action.do === 'restore'
          }
          for (const { way } of opened.nodes) way.isConnected = true
          for (const { told } of opened.nodes) {
            await until(() => said.every((id) => told().includes(id)))
            expect(told().toSorted()).toEqual(said.toSorted())
          }
        }),
        { numRuns: 12 },
      )
    },
    LONG_MS,
  )
})
