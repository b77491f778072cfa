// Nodes on one bus: the subjects that each subscribes to, a killed node, and an undo that reaches all nodes.
import { readFile } from 'node:fs/promises'
import { NatsBus } from '@tablecast/bus/nats'
import type { OpsFrame } from '@tablecast/contracts'
import { startNats, startPostgres, type TestNats, until } from '@tablecast/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realTimers } from '../stages/campaign/presence-timers.ts'
import { openProcess } from '../testing/process.ts'
import { newKey, openTestbed, type TestUser, type SocketClient, socketClient } from '../testing/testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
type Trpc = SocketClient['trpc']

const environmentOf = async (postgres: { createDatabase(): Promise<string> }, nats: TestNats) => ({
  DATABASE_URL: await postgres.createDatabase(),
  SESSION_SECRET: 'a secret that is long enough for a test',
  NATS_URL: nats.url,
})

const connected = (testbeds: readonly Testbed[]) =>
  Promise.all(
    testbeds.map(({ anonymous }) =>
      until(() => anonymous.ops.health.query().then(({ nats_connected: isConnected }) => isConnected)),
    ),
  )

describe('two nodes on one bus', () => {
  // The test drives two timers only: the channels' sweeps and the heartbeats of presence.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    vi.spyOn(realTimers, 'after').mockImplementation((ms, work) => {
      const timer = setInterval(() => {
        clearInterval(timer)
        work()
      }, ms)
      return () => clearInterval(timer)
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('subscribe to the rooms that their own clients follow, and unsubscribe after the clients left', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = await environmentOf(postgres, nats)
    await using busA = new NatsBus({ url: nats.url, name: 'a' })
    await using busB = new NatsBus({ url: nats.url, name: 'b' })
    await using a = await openTestbed(environment, { bus: busA })
    await using b = await openTestbed(environment, { bus: busB })
    await connected([a, b])
    const owner = await a.signIn('Olga')
    const rooms: string[] = []
    for (let n = 0; n < 12; n++)
      rooms.push((await owner.http.rooms.create.mutate({ key: newKey(), name: `Room ${n}` })).room.id)
    /** The rooms whose subjects a node subscribes to. */
    const receivedBy = async (name: string) => {
      const subjects = (await nats.subscriptions()).get(name) ?? []
      return [
        ...new Set(subjects.flatMap((subject) => rooms.filter((id) => subject.split('.').includes(id)))),
      ].toSorted()
    }
    expect([await receivedBy('a'), await receivedBy('b')]).toEqual([[], []])

    const [first = '', second = ''] = rooms
    const follow = (trpc: Trpc, roomId: string) => {
      let received = 0
      const onData = () => (received += 1)
      const open = [
        trpc.campaign.events.subscribe({ roomId }, { onData }),
        trpc.campaign.whispers.subscribe({ roomId }, { onData }),
        trpc.presence.events.subscribe({ roomId }, { onData }),
        trpc.narrator.events.subscribe({ roomId }, { onData }),
      ]
      return { received: () => received, leave: () => open.forEach((subscription) => subscription.unsubscribe()) }
    }
    await using onA = await owner.socket()
    const following = follow(onA.trpc, first)
    await until(() => following.received() > 3)
    await until(async () => (await receivedBy('a')).join() === first)
    expect(await receivedBy('b')).toEqual([])

    const there = b.withToken(owner.session.token)
    await using onB = await there.socket()
    const others = follow(onB.trpc, second)
    await until(() => others.received() > 3)
    await until(async () => (await receivedBy('b')).join() === second)
    expect(await receivedBy('a')).toEqual([first])

    following.leave()
    await until(async () => {
      await vi.advanceTimersByTimeAsync(10_000)
      return (await receivedBy('a')).length === 0
    })
    expect(await receivedBy('b')).toEqual([second])

    // The architecture document lists the subjects of every node. Only the node that stores the arena hears `arena.>`.
    others.leave()
    await until(async () => {
      await vi.advanceTimersByTimeAsync(10_000)
      return (await receivedBy('b')).length === 0
    })
    const all = await nats.subscriptions()
    // Each node has a subject of its own.
    const documentedAs = (subject: string) => subject.replace(/^tablecast\.nodes\..*/, 'tablecast.nodes.*')
    const [ofA, ofB] = [(all.get('a') ?? []).map(documentedAs), (all.get('b') ?? []).map(documentedAs)]
    const always = ofA.filter((subject) => ofB.includes(subject))
    expect(always).toEqual([
      'tablecast.access.changed',
      'tablecast.arena.alive',
      'tablecast.keys.revoked',
      'tablecast.nodes.*',
      'tablecast.notices.ask',
      'tablecast.notices.seen',
      'tablecast.ops.watch',
      'tablecast.topics.changed',
      'tablecast.topics.counts',
      'tablecast.topics.event.*',
      'tablecast.users.ended',
    ])
    const alone = [...ofA, ...ofB].filter((subject) => !always.includes(subject)).toSorted()
    expect(alone).toEqual(['arena.>', 'tablecast.arena.claim', 'tablecast.arena.log'])
    const documented = await readFile(new URL('../../../../docs/architecture.md', import.meta.url), 'utf8')
    expect([...always, ...alone].filter((subject) => !documented.includes(`\`${subject}\``))).toEqual([])
  })
})

describe('a node that is killed', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('is gone on the operators’ page, and its clients are lost to the DM and then leave the roster', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = await environmentOf(postgres, nats)
    await using here = await openTestbed(environment)
    await using there = await openProcess(environment)
    await connected([here])
    const dm = await here.join('Dee', 'owner')
    const player = await here.join('Pia', 'player')

    await using dmClient = await dm.socket()
    let online: string[] = []
    let lost: string[] = []
    let typing: string[] = []
    dmClient.trpc.presence.events.subscribe(
      { roomId: 'main' },
      {
        onData(event) {
          if (!('roster' in event)) return
          online = event.roster.flatMap((one) => (one.online ? [one.name] : [])).toSorted()
          lost = event.roster.flatMap((one) => (one.sync?.state === 'lost' ? [one.name] : [])).toSorted()
          typing = event.roster.flatMap((one) => (one.online && one.status === 'typing' ? [one.name] : []))
        },
      },
    )
    const watching = await watch(dm)
    await using remote = socketClient(`ws://127.0.0.1:${there.port}/trpc`, player.session.token)
    remote.trpc.presence.events.subscribe({ roomId: 'main' }, {})
    remote.trpc.campaign.events.subscribe({ roomId: 'main' }, {})
    await until(() => online.join() === 'Dee,Pia')

    // Both nodes report, and only the other one has a follower of the room.
    await until(() => watching.states() === 'ready,ready')
    await until(() => watching.newest()?.rooms.find(({ id }) => id === 'main')?.followers === 1)
    const dependency = async () =>
      (await dm.http.ops.dependencies.query()).dependencies.find(({ name }) => name === 'Bus')?.state
    expect(await dependency()).toBe('up')

    // Without the bus this node receives no report of another.
    await nats.stop()
    await until(() => watching.states() === 'gone,ready')
    await until(async () => (await dependency()) === 'down')
    expect(watching.newest()?.nodes.find(({ state }) => state === 'ready')?.sample?.bus.isConnected).toBe(false)
    await nats.start()
    await until(() => watching.states() === 'ready,ready')
    await until(async () => (await dependency()) === 'up')
    await until(() => online.join() === 'Dee,Pia')
    /** The 30 s of silence after which the people of the other node leave begin here. */
    const arrivesAgain = (status: 'typing' | 'idle') =>
      until(async () => {
        await remote.trpc.presence.set.mutate({ roomId: 'main', status })
        return typing.join() === (status === 'typing' ? 'Pia' : '')
      })
    await arrivesAgain('typing')

    // A node that is only slow answers no call, and loses nobody.
    {
      await using listening = new NatsBus({ url: nats.url, name: 'listening' })
      let calls = 0
      listening.subscribe('tablecast.nodes.*', () => (calls += 1))
      there.signal('SIGSTOP')
      await until(() => calls >= 8)
      expect([online.join(), lost.join()]).toEqual(['Dee,Pia', ''])
      there.signal('SIGCONT')
      await arrivesAgain('idle')
    }

    const killedAt = performance.now()
    await there[Symbol.asyncDispose]()
    await remote.close()
    // Silence alone would remove its members after 30 s, and would never show them as lost.
    await until(() => lost.join() === 'Pia')
    expect(performance.now() - killedAt).toBeLessThan(25_000)
    expect(online.join()).toBe('Dee')
    await until(() => watching.states() === 'gone,ready')
    expect(watching.newest()?.rooms).toEqual([])
    await until(() => lost.join() === '')
    await watching.close()
  })
})

describe('an undo on one node', () => {
  it('keeps the withdrawn words out of replays on another node, with and without the bus', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = await environmentOf(postgres, nats)
    await using here = await openTestbed(environment)
    await using there = await openTestbed(environment)
    await connected([here, there])
    const dm = await here.join('Dee', 'owner')
    const player = await here.join('Pia', 'player')
    const roomId = 'main'
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
    const undo = () => dm.http.campaign.undo.mutate({ roomId, key: newKey(), campaignId })
    await using remote = await there.withToken(player.session.token).socket()
    const follow = (lastEventId: string | null) => {
      const received: { id: string; text: string }[] = []
      remote.trpc.campaign.events.subscribe(
        { roomId, lastEventId },
        { onData: ({ id, data }) => received.push({ id, text: JSON.stringify(data) }) },
      )
      return received
    }
    const live = follow(null)
    await until(() => live.length === 1)
    const start = live[0]?.id ?? ''
    await say('FIRST-WORDS')
    await until(() => live.length === 2)
    await undo()
    await until(() => live.length === 3)
    expect(live[2]?.text).toContain('"withdrawn":true')
    const back = follow(start)
    await until(() => back.length > 0)
    expect(back.map(({ text }) => text).join()).not.toContain('FIRST-WORDS')

    await say('SECOND-WORDS')
    await until(() => live.length === 4)
    const second = live[2]?.id ?? ''
    // The bus is down, so the other node has to read the log.
    await nats.stop()
    await undo()
    await nats.start()
    await until(() => live.length === 5)
    expect(live[4]?.text).toContain('"withdrawn":true')
    const again = [follow(start), follow(second)]
    await until(() => again.every((received) => received.length > 0))
    expect(again.flat().filter(({ text }) => text.includes('-WORDS'))).toEqual([])
  })
})

async function watch(user: TestUser) {
  const client = await user.socket()
  let newest: OpsFrame | undefined
  client.trpc.ops.watch.subscribe(undefined, { onData: ({ data }) => (newest = data) })
  const states = () =>
    newest?.nodes
      .map(({ state }) => state)
      .toSorted()
      .join()
  return { newest: () => newest, states, close: () => client.close() }
}
