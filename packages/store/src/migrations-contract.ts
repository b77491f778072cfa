// Up, down and up again; each back end runs it.
import { describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { STATE_VERSION } from '@tablecast/contracts'
import type { StoreOptions } from './connect.ts'
import { openMigrations, openStore } from './open.ts'
import { campaignOf } from './testing/rows.ts'
import { directly } from './testing/directly.ts'

/** `place`: a database that stays while the test runs. */
export function migrationsContract(place: () => Promise<{ options: StoreOptions } & AsyncDisposable>): void {
  describe('migrations', () => {
    it('let no server write over a state that a newer server wrote', async () => {
      await using database = await place()
      const { options } = database
      await using store = await openStore(options)
      const campaign = campaignOf('c', 'r')
      await store.write(async ({ rooms, campaigns }) => {
        await rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: '' })
        await campaigns.insert(campaign)
      })
      const save = (scene: string) =>
        store.write(({ campaigns }) =>
          campaigns.save({ ...campaign, version: campaign.version + 1, state: { ...campaign.state, scene } }),
        )
      await save('ours')
      const newer = JSON.stringify({ ...campaign.state, scene: 'theirs', weather: 'rain' })
      await directly(options, (kysely) =>
        kysely
          .updateTable('campaigns')
          .set({ state: newer, state_version: STATE_VERSION + 1 })
          .execute(),
      )
      await expect(save('ours again')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      const stored = await store.read(({ campaigns }) => campaigns.get('c'))
      expect(stored?.state).toEqual(JSON.parse(newer))
    })

    it('keep the oldest of two owners, make the others DMs, and write that to the audit trail', async () => {
      await using database = await place()
      const { options } = database
      const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`
      {
        await using opened = await openMigrations(options)
        await opened.migrations.upTo('0008_restores')
      }
      await directly(options, async (kysely) => {
        await kysely
          .insertInto('rooms')
          .values({ id: 'r', name: 'R', active_campaign_id: null, created_at: at(1) })
          .execute()
        await kysely
          .insertInto('members')
          .values(
            [
              ['late', 'owner', 3],
              ['first', 'owner', 1],
              ['later', 'owner', 4],
              ['dm', 'dm', 2],
            ].map(([id, role, day]) => ({
              room_id: 'r',
              user_id: String(id),
              name: String(id),
              role: String(role),
              joined_at: at(Number(day)),
            })),
          )
          .execute()
        const room = JSON.stringify({ room: { id: 'r' }, invites: [{ role: 'dm', code: 'SECRET' }] })
        const answer = { user_id: 'first', procedure: 'rooms.create', answer: room, at: at(1) }
        await sql`insert into answers (user_id, key, procedure, answer, at)
          values (${answer.user_id}, 'key-1', ${answer.procedure}, ${answer.answer}, ${answer.at})`.execute(kysely)
      })
      await using store = await openStore(options)
      const { members, trail, access, answer } = await store.read(async ({ rooms, audit, answers }) => ({
        members: await rooms.members('r'),
        access: (await rooms.get('r'))?.access,
        trail: (await audit.page('r', { limit: 9 })).events,
        answer: await answers.find('first', 'key-1'),
      }))
      expect(members.map(({ userId, role }) => [userId, role])).toEqual([
        ['first', 'owner'],
        ['dm', 'dm'],
        ['late', 'dm'],
        ['later', 'dm'],
      ])
      expect(access).toBe(2)
      expect(trail.map(({ kind, detail }) => [kind, detail])).toEqual([
        ['role_changed', { userId: 'later', name: 'later', role: 'dm' }],
        ['role_changed', { userId: 'late', name: 'late', role: 'dm' }],
      ])
      expect(answer).toEqual({ procedure: 'rooms.create', inputHash: null, answer: { roomId: 'r' } })
      const second = { userId: 'late', name: 'late', role: 'owner', joinedAt: at(3) } as const
      await expect(store.write(({ rooms }) => rooms.putMember('r', second))).rejects.toThrow(/unique/i)
    })

    it('go up, down one by one, and up again, and keep the rows of older ones', async () => {
      await using database = await place()
      const { options } = database
      const at = '2026-01-01T00:00:00.000Z'
      const applied = async () => {
        await using opened = await openMigrations(options)
        return (await opened.migrations.status()).filter((step) => step.at).map(({ name }) => name)
      }
      const names = await stepNames(options)
      expect(names).toContain('0005_market')
      expect(await applied()).toEqual([])
      {
        await using opened = await openMigrations(options)
        expect(await opened.migrations.up()).toEqual(names)
        expect(await opened.migrations.up()).toEqual([])
      }
      {
        await using store = await openStore(options)
        await store.write(async ({ rooms, sectors }) => {
          await rooms.insert({ id: 'kept', name: 'Kept', activeCampaignId: null, createdAt: at })
          const stamps = { version: 1, createdAt: at, updatedAt: at }
          await sectors.insert({ id: 's', name: 'S', description: '', value: 1, ...stamps })
        })
      }
      // Back to before the market.
      for (const name of names.slice(names.indexOf('0005_market')).toReversed()) {
        await using opened = await openMigrations(options)
        expect(await opened.migrations.down()).toEqual([name])
      }
      expect(await applied()).toEqual(names.slice(0, names.indexOf('0005_market')))
      {
        // Starting brings it up to date.
        await using store = await openStore(options)
        expect(await store.read(({ rooms }) => rooms.get('kept'))).toMatchObject({ name: 'Kept' })
        expect(await store.read(({ sectors }) => sectors.list({ limit: 9 }))).toEqual([])
      }
      {
        await using opened = await openMigrations(options)
        for (const name of names.toReversed()) expect(await opened.migrations.down()).toEqual([name])
        expect(await opened.migrations.down()).toEqual([])
        expect(await opened.migrations.up()).toEqual(names)
      }
      expect(await applied()).toEqual(names)
    })

    it('drop the events that players could replay, which hold words that older servers withdrew; the DMs’ events stay', async () => {
      await using database = await place()
      const { options } = database
      const at = '2026-01-01T00:00:00.000Z'
      const step = '0010_nothing_taken_back'
      const ofPlayers = ['room:r:player', 'room:r:member:u']
      {
        await using store = await openStore(options)
        await store.write(async ({ streams }) => {
          for (const id of [...ofPlayers, 'room:r:dm', 'arena:player'])
            await streams.append(id, at, () => '{"words":1}')
        })
      }
      {
        await using opened = await openMigrations(options)
        for (let gone = ''; gone !== step;) [gone = ''] = await opened.migrations.down()
        expect(await opened.migrations.up()).toContain(step)
      }
      await using store = await openStore(options)
      const left = (id: string) => store.read(({ streams }) => streams.since(id, 0, 9))
      for (const id of ofPlayers) {
        expect(await left(id)).toEqual([])
        expect(await store.read(({ streams }) => streams.find(id))).toMatchObject({ head: 1, floor: 1 })
      }
      for (const id of ['room:r:dm', 'arena:player']) expect(await left(id)).toHaveLength(1)
    })
  })
}

async function stepNames(options: StoreOptions): Promise<string[]> {
  await using opened = await openMigrations(options)
  return (await opened.migrations.status()).map(({ name }) => name)
}
