// Up, down and up again; each back end runs it.
import { describe, expect, it } from 'vitest'
import { openMigrations, openStore, type StoreOptions } from './open.ts'

/** `place`: a database that stays while the test runs. */
export function migrationsContract(place: () => Promise<{ options: StoreOptions } & AsyncDisposable>): void {
  describe('migrations', () => {
    it('go up, down one by one, and up again; what the older ones hold stays', async () => {
      await using database = await place()
      const { options } = database
      const at = '2026-01-01T00:00:00.000Z'
      const applied = async () => {
        await using opened = openMigrations(options)
        return (await opened.migrations.status()).filter((step) => step.at).map(({ name }) => name)
      }
      const names = await stepNames(options)
      expect(names).toContain('0005_market')
      expect(await applied()).toEqual([])
      {
        await using opened = openMigrations(options)
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
        await using opened = openMigrations(options)
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
        await using opened = openMigrations(options)
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
        await using opened = openMigrations(options)
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
  await using opened = openMigrations(options)
  return (await opened.migrations.status()).map(({ name }) => name)
}
