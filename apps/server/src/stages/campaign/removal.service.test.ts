import type { Bus } from '@tablecast/bus'
import { openBus } from '@tablecast/bus'
import { openStore } from '@tablecast/store'
import { startNats, startPostgres, temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { followEveryWay, keepTalking, watchRemovals } from './removal-testing.ts'

const roomId = 'main'
const failed = () => {}

type Following = Awaited<ReturnType<typeof followEveryWay>>
/** Asserts that each connection got all events up to the removal, none after it, and ended within 5 s. */
function expectNothingAfter(noted: { head: number | null; at: number }, { received, endedAt }: Following): void {
  const head = noted.head ?? -1
  for (const [way, seqs] of Object.entries(received)) {
    expect([way, Math.max(...seqs) <= head]).toEqual([way, true])
    // No event before the removal is missing.
    expect([way, seqs]).toEqual([way, seqs.map((_seq, index) => (seqs[0] ?? 0) + index)])
  }
  for (const [way, at] of Object.entries(endedAt)) expect([way, at - noted.at < 5_000]).toEqual([way, true])
}

describe('a member who is removed', () => {
  for (const act of ['kick', 'ban'] as const)
    it(`by a ${act} gets no event that was stored after it, on any endpoint`, async () => {
      await using folder = await temporaryFolder()
      await using store = await openStore({ databaseUrl: undefined, dataDir: folder.path })
      const { store: watched, noted } = watchRemovals(store, roomId)
      await using testbed = await openTestbed({}, { store: watched })
      const dm = await testbed.join('DM', 'owner')
      for (let round = 0; round < 3; round++) {
        const player = await testbed.join('Player', 'player')
        const following = await followEveryWay(testbed, player.session.token, roomId)
        const talking = keepTalking(dm, roomId)
        await until(() => talking.count() > 20)
        await dm.http.rooms[act].mutate({ roomId, key: newKey(), userId: player.session.userId })
        const countAtRemoval = talking.count()
        await until(() => talking.count() > countAtRemoval + 20)
        await talking.stop()
        await following.ended()
        expectNothingAfter(noted, following)
      }
    })

  it('on another node gets no later event, even if the bus loses the message about the removal', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const databaseUrl = await postgres.createDatabase()
    const environment = {
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: nats.url,
    }
    await using store = await openStore({ databaseUrl, dataDir: '' })
    const { store: watched, noted } = watchRemovals(store, roomId)
    await using here = await openTestbed(environment, { store: watched })
    await using bus = await openBus({ natsUrl: nats.url, name: 'deaf', failed })
    await using there = await openTestbed(environment, { bus: deafTo(bus, 'tablecast.access.changed') })
    for (const { anonymous } of [here, there])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    const dm = await here.join('DM', 'owner')
    for (let round = 0; round < 3; round++) {
      const staying = await there.join('Stays', 'player')
      const player = await there.join('Player', 'player')
      const following = await followEveryWay(there, player.session.token, roomId)
      const stays = await followEveryWay(there, staying.session.token, roomId)
      const talking = keepTalking(dm, roomId)
      await until(() => talking.count() > 20)
      await dm.http.rooms.kick.mutate({ roomId, key: newKey(), userId: player.session.userId })
      const countAtRemoval = talking.count()
      await until(() => talking.count() > countAtRemoval + 20)
      await talking.stop()
      await following.ended()
      expectNothingAfter(noted, following)
      const newest = (await store.read(({ streams }) => streams.find(`room:${roomId}:player`)))?.head
      await until(() => Object.values(stays.received).every((seqs) => seqs.at(-1) === newest))
      for (const [way, seqs] of Object.entries(stays.received))
        expect([way, seqs]).toEqual([way, seqs.map((_seq, index) => (seqs[0] ?? 0) + index)])
      stays.close()
    }
  })
})

/** A bus that never delivers messages of one subject. */
const deafTo = (bus: Bus, subject: string): Bus =>
  new Proxy(bus, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      if (name !== 'subscribe') return value.bind(target) as unknown
      return (pattern: string, handle: never, options: never) =>
        target.subscribe(pattern === subject ? 'tablecast.nothing' : pattern, handle, options)
    },
  })
