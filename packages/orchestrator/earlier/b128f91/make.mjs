// Makes the files beside it. Run it in a checkout of commit b128f91: see README.md.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createScribe, cryptoDice } from '@tablecast/narrator'
import { Orchestrator, sampleCampaign } from '@tablecast/orchestrator'
import { openMaintenance, openStore } from '@tablecast/store'

const [target] = process.argv.slice(2)
const dataDir = join(target, 'data')
mkdirSync(dataDir, { recursive: true })
const roomId = 'r'
const dm = { id: 'dm', name: 'Dee', role: 'dm' }
const player = { id: 'pl', name: 'Pat', role: 'player' }
const at = '2026-11-21T20:00:00.000Z'
let keys = 0
const asked = (actor) => ({ roomId, actor, key: `key-${String(++keys).padStart(8, '0')}` })

const store = await openStore({ dataDir })
await store.write(async ({ rooms, users }) => {
  for (const { id, name } of [dm, player]) await users.put({ id, subject: null, name, mergedInto: null, createdAt: at })
  await rooms.insert({ id: roomId, name: 'The ford', activeCampaignId: null, createdAt: at })
  await rooms.putMember(roomId, { userId: dm.id, name: dm.name, role: 'owner', joinedAt: at })
  await rooms.putMember(roomId, { userId: player.id, name: player.name, role: 'player', joinedAt: at })
})
const orchestrator = new Orchestrator({
  store,
  narrator: createScribe({ dice: cryptoDice() }),
  broadcaster: { broadcast() {} },
})
const { id: campaignId } = await orchestrator.createCampaign({ ...asked(dm), ...sampleCampaign(new Date(at)) })
await orchestrator.activateCampaign({ ...asked(dm), campaignId })
const state = async () => (await orchestrator.getCampaign(roomId, campaignId)).state
const say = (message, actor = dm) => orchestrator.processChatMessage({ ...asked(actor), message })

// The states between the DM's steps, from the first to the newest, and the one that a redo leads to.
const states = [await state()]
const step = async (work) => {
  await work()
  states.push(await state())
}
await step(() => say('/hp Mira -5'))
await step(() => say('/scene The crypt below the altar'))
await step(async () => {
  const { version, state: now } = await orchestrator.getCampaign(roomId, campaignId)
  const [first, second] = now.characters
  await orchestrator.editCampaign({
    ...asked(dm),
    campaignId,
    baseVersion: version,
    patch: {
      characters: {
        upsert: [{ id: first.id, conditions: ['prone'] }],
        remove: [second.id],
      },
      beats: { upsert: [{ id: 'flood', text: 'The tide comes in', done: false, visible: false }] },
    },
  })
})
await say('I light a torch.', player)
await step(() => say('/status Torches burn low'))
await orchestrator.undo({ ...asked(dm), campaignId })
const { text } = await orchestrator.exportCampaign({ roomId, campaignId, format: 'json' })
await store[Symbol.asyncDispose]()

const write = (name, bytes) => writeFileSync(join(target, name), bytes)
const maintenance = openMaintenance({ dataDir })
await maintenance.backUp(async (_header, lines) => {
  let whole = ''
  for await (const piece of lines) whole += piece
  write('backup.gz', gzipSync(whole, { level: 9 }))
})
await maintenance[Symbol.asyncDispose]()

write('database.gz', gzipSync(readFileSync(join(dataDir, 'tablecast.sqlite')), { level: 9 }))
write('export.json.gz', gzipSync(text, { level: 9 }))
write('states.json.gz', gzipSync(JSON.stringify(states), { level: 9 }))
rmSync(dataDir, { recursive: true })
