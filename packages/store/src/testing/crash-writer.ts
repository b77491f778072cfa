// A process that writes as fast as it can and says which writes were acknowledged, until it is killed.
import { openStore } from '../open.ts'
import { campaignOf, entryOf } from './rows.ts'

const [dataDir = '', databaseUrl] = process.argv.slice(2)
const store = await openStore({ dataDir, databaseUrl })
const at = new Date().toISOString()
await store.write(async ({ rooms, campaigns }) => {
  if (await rooms.get('r')) return
  await rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: at })
  await campaigns.insert(campaignOf('c', 'r'))
})
for (;;) {
  const seq = await store.write(async ({ rooms, campaigns, journal, entries, streams }) => {
    await rooms.lock('r')
    const campaign = await campaigns.get('c')
    if (!campaign) throw new Error('the campaign is gone')
    const version = campaign.version + 1
    await journal.append({
      campaignId: 'c',
      version,
      at,
      actorId: 'u',
      kind: 'change',
      patch: { status: String(version) },
      inverse: null,
      entryIds: [`e${version}`],
      target: null,
      previousUndo: null,
      previousRedo: null,
      operation: null,
      applied: null,
    })
    await entries.append('c', [entryOf(`e${version}`)])
    await campaigns.save({ ...campaign, version, state: { ...campaign.state, status: String(version) }, updatedAt: at })
    return (await streams.append('room:r:dm', at, ({ seq: mine }) => JSON.stringify({ seq: mine, version }))).seq
  })
  process.stdout.write(`${seq}\n`)
}
