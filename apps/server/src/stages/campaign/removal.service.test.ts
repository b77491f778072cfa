import type { Bus } from '@tablecast/bus'
import { openBus } from '@tablecast/bus'
import { openStore } from '@tablecast/store'
import { startNats, startPostgres, temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { followEveryWay, keepTalking, watchRemovals } from './removal-testing.ts'

const roomId = 'main'
const failed = () => {}

/** What became of the connections of somebody who was removed. */
type Following = Awaited<ReturnType<typeof followEveryWay>>
function expectNothingAfter(noted: { head: number | null; at: number }, { heard, endedAt }: Following): void {
  const head = noted.head ?? -1
  for (const [way, seqs] of Object.entries(heard)) {
    expect([way, Math.max(...seqs) <= head]).toEqual([way, true])
    // Nothing was left out before it either.
    expect([way, seqs]).toEqual([way, seqs.map((_seq, place) => (seqs[0] ?? 0) + place)])
  }
  for (const [way, at] of Object.entries(endedAt)) expect([way, at - noted.at < 5_000]).toEqual([way, true])
}

describe('who is removed', () => {
  for (const act of ['kick', 'ban'] as const)
    it(`by a ${act} hears no event that was stored after it, on any endpoint`, async () => {
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
        const sofar = talking.count()
        await until(() => talking.count() > sofar + 20)
        await talking.stop()
        await following.ended()
        expectNothingAfter(noted, following)
      }
    })

  it('on another node hears nothing either, also when the message that tells of it is lost', async () => {
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
    await using bus = openBus({ natsUrl: nats.url, name: 'deaf', failed })
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
      const sofar = talking.count()
      await until(() => talking.count() > sofar + 20)
      await talking.stop()
      await following.ended()
      expectNothingAfter(noted, following)
      const newest = (await store.read(({ streams }) => streams.find(`room:${roomId}:player`)))?.head
      await until(() => Object.values(stays.heard).every((seqs) => seqs.at(-1) === newest))
      for (const [way, seqs] of Object.entries(stays.heard))
        expect([way, seqs]).toEqual([way, seqs.map((_seq, place) => (seqs[0] ?? 0) + place)])
      stays.close()
    }
  })
})

/** A bus on which one subject is never heard. */
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
