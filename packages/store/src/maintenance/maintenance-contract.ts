// The promises of backup and restore, as tests that each back end runs, and that run for a move from one to the other.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { emptyState } from '@tablecast/contracts'
import { until } from '@tablecast/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { StoreOptions } from '../connect.ts'
import { openMigrations, openStore } from '../open.ts'
import { entryOf } from '../testing/rows.ts'
import {
  backupOf,
  beside,
  contentOf,
  expectLinksLeftOut,
  expectMoved,
  fill,
  made,
  only,
  restoreInto,
} from '../testing/backups.ts'
import { directly } from '../testing/directly.ts'
import { backedUpTables, excludedTables } from './backed-up.ts'
import { openMaintenance } from './maintenance.ts'

const onlooker = fileURLToPath(new URL('../testing/onlooker.ts', import.meta.url))

type Place = { options: StoreOptions } & AsyncDisposable

/** `place`: an empty database that stays while the test runs. */
export function maintenanceContract(place: () => Promise<Place>): void {
  describe('backup and restore', () => {
    it('give every table back as it was, in a database of the same kind', async () => {
      await using from = await place()
      await using to = await place()
      await fill(from.options)
      await expectMoved(from.options, to.options)
    })

    it('know every table, and give a reason for each that no backup holds', async () => {
      await using made = await place()
      await fill(made.options)
      await directly(made.options, async (database) => {
        const tables = (await database.introspection.getTables()).map(({ name }) => name)
        expect(tables.toSorted()).toEqual([...backedUpTables, ...Object.keys(excludedTables)].toSorted())
      })
      const { rooms, ...others } = await contentOf(made.options)
      expect(rooms).toHaveLength(2)
      for (const table of backedUpTables) if (table !== 'rooms') expect(others[table], table).not.toEqual([])
    })

    it('leave out the seeds of dice that nobody has seen, and let dice go on with new ones', async () => {
      await using from = await place()
      await using to = await place()
      const seeds = { open: 'a1'.repeat(32), secret: 'b2'.repeat(32), later: 'c3'.repeat(32) }
      const chain = (kind: 'open' | 'secret', seed: string) => ({
        id: `${kind}-1`,
        kind,
        hash: `of ${kind}`,
        seed,
        at: '',
      })
      const roll = {
        nonce: 'n',
        notation: '1d6',
        draws: [[6, 3]] as [number, number][],
        total: 3,
        entryId: null,
        at: '',
      }
      for (const { options } of [from, to]) {
        await fill(options)
        await using store = await openStore(options)
        await store.write(async ({ dice }) => {
          await dice.begin('c', chain('open', options === to.options ? seeds.later : seeds.open))
          await dice.begin('c', chain('secret', seeds.secret))
          await dice.add('open-1', [{ ...roll, counter: 0 }])
        })
      }
      const file = await backupOf(from.options)
      const text = gunzipSync(file).toString()
      for (const seed of Object.values(seeds)) expect(text).not.toContain(seed)
      // The database that is replaced knows a chain of the same name.
      await restoreInto(to.options, file, true)
      for (const { options, left } of [
        { options: from.options, left: 2 },
        { options: to.options, left: 0 },
      ]) {
        await using store = await openStore(options)
        await store.read(async ({ dice }) => {
          expect(await dice.current('c')).toHaveLength(left)
          expect(await dice.get('c', 'open-1')).toMatchObject({ seed: null, rolls: 1, isCurrent: left > 0 })
          expect(await dice.rolls('open-1', { from: 0, limit: 9 })).toEqual([{ ...roll, counter: 0 }])
        })
      }
      await beside(from.options, (maintenance) => maintenance.renewEpochs())
      await using store = await openStore(from.options)
      expect(await store.read(({ dice }) => dice.current('c'))).toEqual([])
    })

    it('leave out the links of screens, and remove those that there are', async () => {
      await using from = await place()
      await using to = await place()
      await expectLinksLeftOut(from.options, to.options)
    })

    it('continue counters above the restored rows, and give each stream a new epoch once', async () => {
      await using from = await place()
      await using to = await place()
      await fill(from.options)
      const { epoch } = await restoreInto(to.options, await backupOf(from.options))
      await using store = await openStore(to.options)
      await store.write(async ({ entries, streams, restores }) => {
        await entries.append('c', [entryOf('next')])
        expect((await entries.page('c', 'dm', { limit: 9 })).entries.map(({ id }) => id)).toEqual([
          'e41',
          'e42',
          'next',
        ])
        expect(await streams.find('room:r:dm')).toEqual({ id: 'room:r:dm', epoch, head: 5, floor: 3 })
        expect(await streams.append('room:r:dm', '', () => '{}')).toMatchObject({ epoch, seq: 6 })
        expect(await restores.newest()).toMatchObject({ epoch, madeAt: expect.stringContaining('T') as string })
      })
      const renewed = await beside(to.options, (maintenance) => maintenance.renewEpochs())
      expect(renewed).not.toBe(epoch)
      expect(await store.read(({ streams }) => streams.find('arena:s'))).toMatchObject({ epoch: renewed })
      expect(await store.read(({ restores }) => restores.newest())).toMatchObject({ epoch: renewed, madeAt: null })
    })

    it('refuse to replace the content of a database, unless the operator says so', async () => {
      await using from = await place()
      await using to = await place()
      await fill(from.options)
      const file = await backupOf(from.options)
      await using store = await openStore(to.options)
      await store.write(({ rooms }) => rooms.insert({ id: 'x', name: 'X', activeCampaignId: null, createdAt: '' }))
      await expect(restoreInto(to.options, file)).rejects.toThrow('the database holds 1 rooms: --replace')
      expect(await store.read(({ rooms }) => rooms.get('x'))).not.toBeNull()
      await restoreInto(to.options, file, true)
      expect(await store.read(({ rooms }) => rooms.get('x'))).toBeNull()
      expect(await store.read(({ rooms }) => rooms.get('r'))).not.toBeNull()
    })

    it('change nothing for a file that was cut off or altered at any byte', async () => {
      await using from = await place()
      await using to = await place()
      await fill(from.options)
      const file = await backupOf(from.options)
      await using store = await openStore(to.options)
      await using maintenance = await openMaintenance(to.options)
      const refused = async (bytes: Uint8Array) => {
        await expect(maintenance.restore(only(bytes), { replace: true })).rejects.toThrow(/the file|no backup/)
      }
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), (length) => refused(file.subarray(0, length))),
        { numRuns: 15, examples: [[0], [1], [file.length - 1], [file.length - 9]] },
      )
      const text = gunzipSync(file)
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: text.length - 2 }),
          fc.integer({ min: 1, max: 255 }),
          (place, change) => {
            const altered = Buffer.from(text)
            altered[place] = (altered[place] ?? 0) ^ change
            return refused(gzipSync(altered))
          },
        ),
        { numRuns: 25 },
      )
      // Whole lines that are gone, or come twice.
      const lines = text.toString().split('\n')
      for (const without of [1, 2, 5, lines.length - 3, lines.length - 2])
        await refused(gzipSync(lines.filter((_, place) => place !== without).join('\n')))
      await refused(gzipSync([...lines.slice(0, -2), ...lines.slice(-3)].join('\n')))
      expect(await store.read(({ rooms }) => rooms.get('r'))).toBeNull()
      expect(await store.read(({ restores }) => restores.newest())).toBeNull()
    })

    it('change nothing for a whole file whose rows do not fit, and for one of a newer schema', async () => {
      await using to = await place()
      await fill(to.options)
      const before = await contentOf(to.options)
      const schema = await beside(to.options, async (maintenance) => (await maintenance.state()).schema ?? '')
      const columns = ['joined_at', 'name', 'role', 'room_id', 'user_id']
      const stray = await made(schema, 'members', columns, [['', 'U', 'dm', 'no-such-room', 'u']])
      await expect(restoreInto(to.options, stray, true)).rejects.toThrow(/foreign key/i)
      const unknown = await made(schema, 'members', ['name', 'secrets'], [['U', 'x']])
      await expect(restoreInto(to.options, unknown, true)).rejects.toThrow('is not as its schema says')
      const wrong = await made(schema, 'streams', ['epoch', 'floor', 'head', 'id'], [['e', null, 0, 's']])
      await expect(restoreInto(to.options, wrong, true)).rejects.toThrow(/null/i)
      const newer = await made('9999_later', 'members', columns, [])
      await expect(restoreInto(to.options, newer, true)).rejects.toThrow('9999_later')
      expect(await contentOf(to.options)).toEqual(before)
    })

    it('keep a key revoked that was revoked since the backup', async () => {
      await using to = await place()
      await fill(to.options)
      const file = await backupOf(to.options)
      const setRevoked = (revoked_at: string | null) =>
        directly(to.options, (database) => database.updateTable('api_keys').set({ revoked_at }).execute())
      await setRevoked('2026-02-02T00:00:00.000Z')
      expect(await restoreInto(to.options, file, true)).toMatchObject({ keptRevoked: 1 })
      expect((await contentOf(to.options))['api_keys']).toMatchObject([{ revoked_at: '2026-02-02T00:00:00.000Z' }])
      await setRevoked(null)
      expect(await restoreInto(to.options, file, true)).toMatchObject({ keptRevoked: 0 })
      expect((await contentOf(to.options))['api_keys']).toMatchObject([{ revoked_at: null }])
    })

    it('remove NUL characters, which older versions stored and PostgreSQL can not hold', async () => {
      await using to = await place()
      await fill(to.options)
      const schema = await beside(to.options, async (maintenance) => (await maintenance.state()).schema ?? '')
      const columns = ['access', 'active_campaign_id', 'created_at', 'id', 'locked', 'name']
      const file = await made(schema, 'rooms', columns, [[0, null, '', 'r', 0, 'The\0 ford\0']])
      expect(await restoreInto(to.options, file, true)).toMatchObject({ mended: 1 })
      expect((await contentOf(to.options))['rooms']).toMatchObject([{ name: 'The ford' }])
    })

    it('bring a backup of an older schema up to date', async () => {
      await using from = await place()
      await using to = await place()
      {
        await using opened = await openMigrations(from.options)
        await opened.migrations.upTo('0005_market')
      }
      await directly(from.options, async (database) => {
        await database
          .insertInto('rooms')
          .values({ id: 'old', name: 'Old', active_campaign_id: null, created_at: '' })
          .execute()
        await database.insertInto('invites').values({ code: 'c', room_id: 'old', role: 'player' }).execute()
      })
      await restoreInto(to.options, await backupOf(from.options))
      await using store = await openStore(to.options)
      await store.read(async ({ rooms }) => {
        expect(await rooms.get('old')).toMatchObject({ name: 'Old', locked: false, access: 0 })
        expect(await rooms.invites('old')).toMatchObject([{ code: 'c', uses: 0, maxUses: null }])
      })
    })

    it('hold one moment of a database that is written to meanwhile', async () => {
      await using from = await place()
      await using to = await place()
      await using store = await openStore(from.options)
      await using target = await openStore(to.options)
      let isOver = false
      const writing = (async () => {
        for (let n = 1; !isOver; n++) {
          // SQLite answers without ever letting go of the thread.
          await setImmediate()
          await store.write(async ({ streams }) => {
            await streams.append('room:a:dm', '', () => '{}')
            if (n % 7 === 0) await streams.append('room:b:dm', '', () => `{"n":${n}}`)
            await streams.append('room:c:dm', '', () => '{}')
          })
        }
      })()
      const floor = async () => (await store.read(({ streams }) => streams.find('room:a:dm')))?.head ?? 0
      for (let round = 0; round < 5; round++) {
        const start = await floor()
        await until(async () => (await floor()) >= start + 20)
        await restoreInto(to.options, await backupOf(from.options), true)
        await target.read(async ({ streams }) => {
          const head = async (id: string) => (await streams.find(id))?.head ?? 0
          const written = await head('room:a:dm')
          expect(written).toBeGreaterThanOrEqual(start)
          expect(await head('room:c:dm')).toBe(written)
          expect(await head('room:b:dm')).toBe(Math.floor(written / 7))
        })
        expect(
          (await beside(to.options, (maintenance) => maintenance.invariants())).flatMap(({ broken }) => broken),
        ).toEqual([])
      }
      isOver = true
      await writing
    })

    it('show a half-restored state to no reader or writer: each sees the old or the new one', async () => {
      await using from = await place()
      await using to = await place()
      await using source = await openStore(from.options)
      const many = (count: number) => Array.from({ length: count }, (_, n) => entryOf(`e${n}`))
      const campaign = (name: string) => ({ id: 'c', roomId: 'r', name, archived: false, version: 0 })
      const put = async (store: typeof source, name: string, count: number) => {
        await store.write(async ({ rooms, campaigns, entries }) => {
          await rooms.insert({ id: 'r', name, activeCampaignId: 'c', createdAt: '' })
          const rest = { state: {} as never, undoHead: null, redoHead: null, createdAt: '', updatedAt: '' }
          await campaigns.insert({ ...campaign(name), ...rest })
          await entries.append('c', many(count))
        })
      }
      await put(source, 'new', 2_000)
      const file = await backupOf(from.options)
      {
        await using store = await openStore(to.options)
        await put(store, 'old', 500)
      }
      const { dataDir, databaseUrl } = to.options
      const child = spawn(process.execPath, [onlooker, dataDir, ...(databaseUrl ? [databaseUrl] : [])], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const gone = once(child, 'exit')
      let saw = ''
      child.stdout.on('data', (part) => (saw += String(part)))
      try {
        await until(() => saw.includes('old'))
        await restoreInto(to.options, file, true)
        await until(() => saw.includes('new'))
      } finally {
        child.kill('SIGKILL')
        await gone
      }
      expect(saw).toBe('old 500\nnew 2000\n')
    })
  })

  describe('the checks of a database', () => {
    it('find nothing in a sound database, and name the broken rows of another', async () => {
      await using made = await place()
      await fill(made.options)
      const brokenIn = async () =>
        Object.fromEntries(
          (await beside(made.options, (maintenance) => maintenance.invariants())).map(({ name, broken }) => [
            name,
            broken,
          ]),
        )
      const whole = {
        integrity: [],
        streams: [],
        journals: [],
        folds: [],
        fogs: [],
        pages: [],
        fights: [],
        sheets: [],
        dice: [],
        screens: [],
        notices: [],
        owners: [],
      }
      expect(await brokenIn()).toEqual(whole)
      const harm = async (statement: string, expected: object) => {
        await directly(made.options, (database) => sql.raw(statement).execute(database))
        expect(await brokenIn()).toEqual({ ...whole, ...expected })
      }
      await harm(`delete from stream_events where seq = 4`, { streams: ['room:r:dm'] })
      await harm(`update streams set floor = 4 where id = 'room:r:dm'`, {})
      await harm(`update streams set head = 1 where id = 'arena:s'`, { streams: ['arena:s'] })
      await harm(`update streams set head = 0 where id = 'arena:s'`, {})
      await harm(`update campaigns set version = 3`, { journals: ['c'] })
      await harm(`update campaigns set version = 2, state = replace(state, '"2"', '"9"')`, { folds: ['c'] })
      await harm(`update campaigns set state = replace(state, '"9"', '"2"')`, {})
      await harm(
        `update campaigns set state = replace(state, '"maps":[]', '"maps":[{"id":"m","fog":{"version":2}}]')`,
        {
          fogs: ['c'],
        },
      )
      await harm(`update map_fogs set version = 2`, {})
      await harm(`update campaign_pages set text = 'cut' where place = 0`, { pages: ['c'] })
      await harm(`delete from campaign_pages where place = 0`, { pages: ['c'] })
      await harm(`update campaign_pages set place = 0`, {})
      await harm(`update stat_blocks set text = 'cut'`, { fights: ['goblin'] })
      await harm(`delete from stat_blocks`, {})
      await harm(`update sheets set text = 'cut'`, { sheets: ['c'] })
      await harm(`delete from sheets`, {})
      const mira = JSON.stringify([{ id: 'mira', sheet: { hash: 'ab' } }])
      await harm(`update campaigns set state = replace(state, '"requests":[]', '"requests":${mira}')`, {
        sheets: ['c'],
      })
      await harm(`update campaigns set state = replace(state, '${mira}', '[]')`, {})
      await harm(`delete from dice_rolls where counter = 0`, { dice: ['shown'] })
      await harm(`update dice_rolls set counter = 0`, { dice: ['shown'] })
      await harm(`update dice_chains set rolls = 1`, {})
      await harm(`update dice_chains set seed = '${'02'.repeat(32)}'`, { dice: ['shown'] })
      await harm(`delete from dice_chains`, {})
      await harm(
        `insert into screen_links (id, room_id, hash, kind, name, created_by, created_at)
          values ('screen-1', 'r', 'no-hash', 'tv', 'TV', 'U', '2026-01-01')`,
        { screens: ['screen-1'] },
      )
      await harm(`delete from screen_links`, {})
      await harm(
        `insert into push_devices (id, user_id, name, endpoint, p256dh, auth, turn, opens, created_at)
          values ('device-1', 'U', 'Phone', 'https://push.example/1', 'p', 'a', 1, 0, '2026-01-01')`,
        { notices: ['device-1'] },
      )
      await harm(`delete from push_devices`, {})
      await harm(`update members set role = 'dm'`, { owners: ['r'] })
    })

    it('accept a campaign in which an older version stored an id several times', async () => {
      await using made = await place()
      await fill(made.options)
      const beat = (id: string) => ({ id, text: id, done: false, visible: true })
      await directly(made.options, async (database) => {
        const state = JSON.stringify({ ...emptyState, status: '2', beats: [beat('a'), beat('a'), beat('b')] })
        await database.updateTable('campaigns').set({ state }).execute()
        const beats = { upsert: [beat('a'), beat('b')], order: ['a', 'a', 'b'] }
        const patch = JSON.stringify({ status: '2', beats })
        const inverse = JSON.stringify({ status: '1', beats: { remove: ['a', 'b'] } })
        await database.updateTable('campaign_journal').set({ patch, inverse }).where('version', '=', 2).execute()
      })
      const found = await beside(made.options, (maintenance) => maintenance.invariants())
      expect(found.find(({ name }) => name === 'folds')).toMatchObject({ broken: [] })
    })

    it('report the sizes of rooms and the state of the schema', async () => {
      await using made = await place()
      await fill(made.options)
      await using maintenance = await openMaintenance(made.options)
      const [first, second] = await maintenance.rooms()
      expect(first).toMatchObject({ id: 'r', owners: ['U'], members: 1, campaigns: 1, entries: 2, events: 2 })
      expect(first?.bytes).toBeGreaterThan(100)
      expect(second).toMatchObject({
        id: 'empty',
        owners: [],
        members: 0,
        campaigns: 0,
        entries: 0,
        events: 0,
        bytes: 0,
      })
      const state = await maintenance.state()
      expect(state).toMatchObject({ pending: [], unknown: [] })
      expect(Math.abs(state.aheadMs)).toBeLessThan(5_000)
    })
  })
}
