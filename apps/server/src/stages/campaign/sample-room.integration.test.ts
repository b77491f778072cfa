import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { openTestbed } from '../../testing/testbed.ts'
import { loadPicture } from '../../testing/pictures.ts'

async function snapshotOf({ http }: Awaited<ReturnType<Awaited<ReturnType<typeof openTestbed>>['join']>>) {
  const { events } = await http.campaign.since.query({ roomId: 'main' })
  const [active] = events
  if (active?.type !== 'campaign_active') throw new Error('there is no active campaign')
  return active
}

it('a first start shows players the scene, the four portraits and the tide table', async () => {
  await using testbed = await openTestbed()
  const { campaign_id: campaignId, snapshot } = await snapshotOf(await testbed.join('Pia', 'player'))
  const { view } = snapshot
  if ('dmNotes' in view) throw new Error('a player got the view of a DM')
  const { scenePicture, handouts, characters } = view
  expect(scenePicture).toMatchObject({ width: 2_560, alt: expect.stringContaining('chapel') as string })
  expect(handouts).toMatchObject([{ title: 'The tides at Saint Orla', picture: { width: 1_500 } }])
  expect(characters.map(({ name, portrait }) => [name, portrait?.width])).toEqual([
    ['Mira Ashdown', 640],
    ['Brother Tobin', 640],
    ['Sable', 640],
    ['Corvin Vale', 640],
  ])
  const names = [scenePicture?.name, handouts[0]?.picture?.name, ...characters.map(({ portrait }) => portrait?.name)]
  expect(new Set(names).size).toBe(6)
  for (const name of names)
    for (const file of ['96.webp', '640.webp', '2560.webp']) {
      const loaded = await loadPicture(testbed.url, campaignId, name ?? '', file)
      expect([loaded.status, loaded.body.subarray(8, 12).toString()]).toEqual([200, 'WEBP'])
      // A face in a list: a phone loads dozens of them.
      if (file === '96.webp') expect(loaded.body.byteLength).toBeLessThanOrEqual(8_192)
    }
})

it('a second start stores no picture again, and every table has names of its own', async () => {
  await using folder = await temporaryFolder()
  const started = async () => {
    await using testbed = await openTestbed({ DATA_DIR: folder.path })
    return {
      rows: await testbed.store.read(({ pictures }) => pictures.list('main')),
      files: (await readdir(join(folder.path, 'media'), { recursive: true })).toSorted(),
    }
  }
  const first = await started()
  expect(first.rows).toHaveLength(7)
  expect(await started()).toEqual(first)
  const names = await namesAt({ DATA_DIR: folder.path })
  expect(names.length).toBeGreaterThan(6)
  const others = await namesAt({})
  expect(names.filter((name) => others.includes(name))).toEqual([])
})

it('a start resumes one that was interrupted after the pictures and the campaign', async () => {
  await using folder = await temporaryFolder()
  const started = async (then: (store: Store) => Promise<void>) => {
    await using testbed = await openTestbed({ DATA_DIR: folder.path })
    const { store } = testbed
    const kept = await store.read(async ({ pictures, campaigns, maps, rooms }) => {
      const list = await campaigns.list('main')
      return {
        pictures: await pictures.list('main'),
        campaigns: list.map(({ id, name }) => ({ id, name })),
        fogs: await Promise.all(list.map(({ id }) => maps.fogs(id))),
        walls: await maps.walls('main', 'sample-chapel-map'),
        invites: (await rooms.invites('main')).map(({ role }) => role).toSorted(),
      }
    })
    await then(store)
    return kept
  }
  // The invites come last.
  const first = await started((store) => store.write(({ rooms }) => rooms.removeInvite('main', 'player')))
  expect([first.campaigns.length, first.fogs.flat().length]).toEqual([1, 1])
  expect(first.walls).toContain('"walls"')
  expect(await started(async () => {})).toEqual(first)
})

it('a first start prepares a map for the DM, half revealed, and shows players none of it', async () => {
  await using testbed = await openTestbed()
  const pia = await testbed.join('Pia', 'player')
  const closed = await viewOf(pia)
  expect([closed.map, closed.tokens, closed.tiles]).toEqual([null, [], []])

  const dee = await testbed.join('Dee', 'dm')
  const { campaign_id: campaignId, snapshot } = await snapshotOf(dee)
  if (!('dmNotes' in snapshot.view)) throw new Error('a DM got the view of a player')
  const [map] = snapshot.view.maps ?? []
  expect(map).toMatchObject({ title: 'The chapel of Saint Orla', width: 1_920, height: 1_440, grid: { size: 80 } })
  const { walls, doors, lights } = await dee.http.maps.walls.query({
    roomId: 'main',
    campaignId,
    mapId: 'sample-chapel',
  })
  expect([walls.length > 30, doors.length, lights.length]).toEqual([true, 3, 3])

  const operation = { type: 'showMap' as const, id: 'sample-chapel' }
  await dee.http.maps.operate.mutate({ roomId: 'main', campaignId, key: 'show-the-chapel', operation })
  const shown = await viewOf(pia)
  const names = new Map(shown.characters.map(({ id, name }) => [id, name]))
  // The hag waits under the altar, out of sight.
  expect(shown.tokens.map(({ characterId, name }) => names.get(characterId ?? '') ?? name).toSorted()).toEqual([
    'Brother Tobin',
    'Corvin Vale',
    'Mira Ashdown',
    'Sable',
    'The font',
  ])
  const [east, west] = await Promise.all(
    [3, 0].map(async (column) => {
      const tile = shown.tiles.find(({ id }) => id === `0-${column}-1`)
      return tile ? loadPicture(testbed.url, campaignId, `map/sample-chapel/${tile.id}`, `${tile.name}.webp`) : null
    }),
  )
  expect(east).toBeNull()
  expect([west?.status, west?.body.subarray(8, 12).toString()]).toEqual([200, 'WEBP'])
})

async function viewOf(user: Awaited<ReturnType<Awaited<ReturnType<typeof openTestbed>>['join']>>) {
  const { view } = (await snapshotOf(user)).snapshot
  if ('dmNotes' in view) throw new Error('a player got the view of a DM')
  return view
}

async function namesAt(environment: Record<string, string>): Promise<string[]> {
  await using testbed = await openTestbed(environment)
  const { snapshot } = await snapshotOf(await testbed.join('Dee', 'dm'))
  return [...JSON.stringify(snapshot).matchAll(/"name":"([\w-]{22})"/g)].map(([, name = '']) => name)
}
