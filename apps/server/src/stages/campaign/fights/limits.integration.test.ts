import type { CampaignDocument } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { newKey, openTestbed } from '../../../testing/testbed.ts'

const roomId = 'main'
const wolf = {
  name: 'Wolf',
  count: 1,
  figures: { kind: 'monster' as const, hp: 7, armourClass: 15, initiativeBonus: 2, xp: 50 },
}
const block = (id: string) => ({
  id,
  name: `Wolf ${id}`,
  ac: 13,
  hp: 11,
  initiative: 2,
  abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
})

async function openRoom(environment: Record<string, string>) {
  const testbed = await openTestbed(environment)
  const { http } = await testbed.join('Dana', 'owner')
  const [campaign] = (await http.campaign.list.query({ roomId })).campaigns
  const metrics = async () => (await testbed.server.metrics.exposition()).text
  return {
    testbed,
    http,
    metrics,
    campaignId: campaign?.id ?? '',
    [Symbol.asyncDispose]: () => testbed[Symbol.asyncDispose](),
  }
}

it('a campaign holds as many encounters as the server is set to, also from a file, and the refusals are counted', async () => {
  await using at = await openRoom({ MAX_ENCOUNTERS_PER_CAMPAIGN: '2' })
  const { http, campaignId } = at
  const { encounters: before } = await http.encounters.list.query({ roomId, campaignId })
  const save = (name: string) =>
    http.encounters.save.mutate({ roomId, campaignId, key: newKey(), name, plan: { creatures: [wolf] } })
  for (let count = before.length; count < 2; count++) await save(`Pack ${count}`)
  const full = {
    message: 'A campaign holds at most 2 encounters. Remove some first.',
    data: { tablecast: { code: 'VALIDATION_FAILED' } },
  }
  await expect(save('One more')).rejects.toMatchObject(full)
  const { text } = await http.campaign.export.query({ roomId, campaignId, format: 'json' })
  const document: CampaignDocument = JSON.parse(text)
  const [one] = document.encounters ?? []
  if (!one) throw new Error('the export has no encounter')
  const larger = { ...document, encounters: ['a', 'b', 'c'].map((id) => ({ ...one, id })) }
  await expect(http.campaign.import.mutate({ roomId, key: newKey(), document: larger })).rejects.toMatchObject(full)
  expect(await at.metrics()).toContain('tablecast_fight_limit_refusals_total{of="encounters"} 2')
})

it('a room holds as many stat blocks as the server is set to, where a known one may still be replaced', async () => {
  await using at = await openRoom({ MAX_STAT_BLOCKS_PER_ROOM: '2' })
  const put = (...ids: string[]) =>
    at.http.statBlocks.put.mutate({ roomId, key: newKey(), blocks: ids.map((id) => block(id)) })
  await put('a', 'b')
  await put('b')
  await expect(put('b', 'c')).rejects.toMatchObject({
    message: 'A room holds at most 2 stat blocks. Remove some first.',
    data: { tablecast: { code: 'VALIDATION_FAILED' } },
  })
  expect(await at.metrics()).toContain('tablecast_fight_limit_refusals_total{of="stat_blocks"} 1')
})

it('a node keeps the states of campaigns up to its bound, and counts where reads found them', async () => {
  const readsOf = async (environment: Record<string, string>) => {
    await using at = await openRoom(environment)
    const read = () => at.http.campaign.get.query({ roomId, campaignId: at.campaignId })
    await read()
    const value = async (name: string) =>
      Number(
        (await at.metrics())
          .split('\n')
          .find((line) => line.startsWith(`tablecast_${name} `))
          ?.split(' ')
          .at(-1),
      )
    const [memory, database] = ['state_reads_total{from="memory"}', 'state_reads_total{from="database"}']
    const counts = async () => ({ memory: await value(memory), database: await value(database) })
    const before = await counts()
    await read()
    const after = await counts()
    return {
      memory: after.memory - before.memory,
      database: after.database - before.database,
      size: await value('known_states_bytes'),
    }
  }
  const known = await readsOf({})
  expect(known).toMatchObject({ memory: 1, database: 0 })
  expect(known.size).toBeGreaterThan(1_000)
  expect(await readsOf({ MAX_KNOWN_STATES: '1000' })).toEqual({ memory: 0, database: 1, size: 0 })
})
