// Deleted campaigns are removed 30 days later, in short transactions.
import { openMediaStore } from '@tablecast/media'
import { openStore } from '@tablecast/store'
import { createScribe } from '@tablecast/narrator'
import { Orchestrator, sampleCampaign, trustedCaller } from '@tablecast/orchestrator'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { prune } from './pruning.ts'

const DAY_MS = 24 * 60 * 60_000
const roomId = 'r'
const caller = trustedCaller({ id: 'ann', name: 'Ann', role: 'dm' })

it('removes a campaign 30 days after its deletion and no day earlier, with its story and journal', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ dataDir: ':memory:' })
  const media = openMediaStore(store, { dataDir: folder.path })
  let now = Date.now()
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe(),
    broadcaster: { broadcast: () => {} },
    clock: () => new Date(now),
  })
  await store.write(({ rooms }) => rooms.insert({ id: roomId, name: 'R', activeCampaignId: null, createdAt: '' }))
  let keys = 0
  const request = () => ({ roomId, caller, input: null, key: `key-${String(++keys).padStart(8, '0')}` })
  const make = async (deletedDaysAgo: number | null) => {
    now = Date.now() - 40 * DAY_MS
    const { id } = await orchestrator.library.create({ ...request(), ...sampleCampaign(new Date(now)) })
    const edit = { campaignId: id, baseVersion: 0, patch: { scene: 'A gate' } }
    await orchestrator.editCampaign({ ...request(), ...edit })
    now = Date.now() - (deletedDaysAgo ?? 0) * DAY_MS
    if (deletedDaysAgo !== null) await orchestrator.library.delete({ ...request(), campaignId: id })
    return id
  }
  const [kept, recent, old] = [await make(null), await make(29), await make(31)]
  expect((await prune(store, media, { auditDays: 400 })).campaigns).toBe(1)
  const left = await store.read(async ({ campaigns, entries, journal }) => ({
    ids: (await campaigns.ids(roomId)).toSorted(),
    entries: (await entries.page(old, 'dm', { limit: 9 })).entries,
    changes: await journal.since(old, 0, 9),
    ofRecent: (await entries.page(recent, 'dm', { limit: 9 })).entries.length,
  }))
  expect(left).toEqual({
    ids: [kept, recent].toSorted(),
    entries: [],
    changes: [],
    ofRecent: expect.any(Number) as number,
  })
  expect(left.ofRecent).toBeGreaterThan(0)
  await orchestrator.library.restore({ ...request(), campaignId: recent })
  await expect(orchestrator.library.restore({ ...request(), campaignId: old })).rejects.toMatchObject({
    code: 'CAMPAIGN_NOT_FOUND',
  })
  expect((await prune(store, media, { auditDays: 400 })).campaigns).toBe(0)
})
