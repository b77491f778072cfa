import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
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
  expect(first.rows).toHaveLength(6)
  expect(await started()).toEqual(first)
  const names = await namesAt({ DATA_DIR: folder.path })
  expect(names.length).toBeGreaterThan(6)
  const others = await namesAt({})
  expect(names.filter((name) => others.includes(name))).toEqual([])
})

async function namesAt(environment: Record<string, string>): Promise<string[]> {
  await using testbed = await openTestbed(environment)
  const { snapshot } = await snapshotOf(await testbed.join('Dee', 'dm'))
  return [...JSON.stringify(snapshot).matchAll(/"name":"([\w-]{22})"/g)].map(([, name = '']) => name)
}
