// Whole campaigns: where they come from, copies, and deletion with its way back.
import { emptyState } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { sampleCampaign, trustedCaller } from './index.ts'
import { codeOf, openRoom, requestBy, roomId } from './testing/room.ts'

const ann = trustedCaller({ id: 'ann', name: 'Ann', role: 'dm' })
const request = () => requestBy(ann)

async function table() {
  const store = await openStore({ dataDir: ':memory:' })
  const { orchestrator } = await openRoom(store)
  await store.write(({ rooms }) =>
    rooms.insert({ id: 'elsewhere', name: 'R', activeCampaignId: null, createdAt: new Date().toISOString() }),
  )
  const { library } = orchestrator
  const sample = sampleCampaign(new Date())
  const { id } = await library.create({ ...request(), ...sample })
  return { store, orchestrator, library, sample, id, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

describe('a copy of a campaign', () => {
  it('has its state, story and pages, is not active, and has nothing to undo', async () => {
    await using t = await table()
    await t.orchestrator.activateCampaign({ ...request(), campaignId: t.id })
    await t.orchestrator.processChatMessage({ ...request(), message: '/scene A gate' })
    const copy = await t.library.duplicate({ ...request(), campaignId: t.id, name: 'Copy', withStory: true })
    const [source, made] = [await t.library.get(roomId, t.id), await t.library.get(roomId, copy.id)]
    expect(made.state).toEqual(source.state)
    expect(made.entries).toEqual(source.entries)
    expect(made.campaign).toMatchObject({ name: 'Copy', active: false, version: 0 })
    expect(await codeOf(t.orchestrator.undo({ ...request(), campaignId: copy.id }))).toBe('NOTHING_TO_UNDO')
  })

  it('does not follow the later changes of its source', async () => {
    await using t = await table()
    const copy = await t.library.duplicate({ ...request(), campaignId: t.id, name: 'Copy', withStory: true })
    const entryId = (await t.library.get(roomId, t.id)).entries[0]?.id ?? ''
    await t.orchestrator.deleteEntry({ ...request(), campaignId: t.id, entryId, deleted: true })
    const made = await t.library.get(roomId, copy.id)
    expect(made.entries.some(({ withdrawn }) => withdrawn)).toBe(false)
  })

  it('without the story has the state and pages alone', async () => {
    await using t = await table()
    const page = { id: 'p', title: 'T', depth: 1, text: 'Text' }
    const { id } = await t.library.create({ ...request(), name: 'With pages', state: emptyState, pages: [page] })
    const copy = await t.library.duplicate({ ...request(), campaignId: id, name: 'Fresh', withStory: false })
    expect(await t.library.readPage(roomId, copy.id, 'p')).toEqual(page)
    const fresh = await t.library.duplicate({ ...request(), campaignId: t.id, name: 'Fresh too', withStory: false })
    const [made, source] = [await t.library.get(roomId, fresh.id), await t.library.get(roomId, t.id)]
    expect([made.entries, made.state]).toEqual([[], source.state])
  })

  it('is made once for a key', async () => {
    await using t = await table()
    const call = { ...request(), campaignId: t.id, name: 'Copy', withStory: true }
    const answers = await Promise.all(Array.from({ length: 4 }, () => t.library.duplicate(call)))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect((await t.library.list(roomId)).campaigns).toHaveLength(2)
  })
})

describe('a deleted campaign', () => {
  it('is in no list but that of the deleted ones, and no call finds it', async () => {
    await using t = await table()
    await t.library.delete({ ...request(), campaignId: t.id })
    expect(await t.library.list(roomId)).toMatchObject({ campaigns: [], deleted: [{ id: t.id }] })
    const ofIt = { ...request(), campaignId: t.id }
    const calls = [
      t.library.get(roomId, t.id),
      t.library.rename({ ...ofIt, ...request(), name: 'X' }),
      t.library.archive({ ...ofIt, ...request(), archived: true }),
      t.library.duplicate({ ...ofIt, ...request(), name: 'X', withStory: true }),
      t.library.delete({ ...ofIt, ...request() }),
      t.library.export({ roomId, campaignId: t.id, format: 'json' }),
      t.orchestrator.activateCampaign({ ...ofIt, ...request() }),
      t.orchestrator.editCampaign({ ...ofIt, ...request(), baseVersion: 0, patch: { scene: 'X' } }),
    ]
    expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(['CAMPAIGN_NOT_FOUND']))
  })

  it('comes back as it was, also from the archive', async () => {
    await using t = await table()
    await t.library.archive({ ...request(), campaignId: t.id, archived: true })
    const before = await t.library.get(roomId, t.id)
    await t.library.delete({ ...request(), campaignId: t.id })
    await t.library.restore({ ...request(), campaignId: t.id })
    expect(await t.library.get(roomId, t.id)).toEqual(before)
  })

  it('of another room can not be restored', async () => {
    await using t = await table()
    await t.library.delete({ ...request(), campaignId: t.id })
    expect(await codeOf(t.library.restore({ ...request(), roomId: 'elsewhere', campaignId: t.id }))).toBe(
      'CAMPAIGN_NOT_FOUND',
    )
  })

  it('can not be the active one', async () => {
    await using t = await table()
    await t.orchestrator.activateCampaign({ ...request(), campaignId: t.id })
    expect(await codeOf(t.library.delete({ ...request(), campaignId: t.id }))).toBe('CONFLICT')
  })

  it('knows who plays its characters after a guest became an account', async () => {
    await using t = await table()
    const { state } = await t.library.get(roomId, t.id)
    const character = state.characters[0]?.id ?? ''
    const patch = { characters: { upsert: [{ id: character, ownerId: 'guest' }] } }
    await t.orchestrator.editCampaign({ ...request(), campaignId: t.id, baseVersion: 0, patch })
    await t.library.delete({ ...request(), campaignId: t.id })
    await t.orchestrator.moveMember({ roomId, from: 'guest', to: 'account' }, () => Promise.resolve())
    await t.library.restore({ ...request(), campaignId: t.id })
    const restored = await t.library.get(roomId, t.id)
    expect(restored.state.characters.find(({ id }) => id === character)?.ownerId).toBe('account')
  })
})

describe('the library', () => {
  it('says where each campaign comes from and how much it holds', async () => {
    await using t = await table()
    const { text } = await t.library.export({ roomId, campaignId: t.id, format: 'json' })
    const document = JSON.parse(text) as Parameters<typeof t.library.importCampaign>[0]['document']
    await t.library.importCampaign({ ...request(), document })
    await t.library.duplicate({ ...request(), campaignId: t.id, name: 'A copy', withStory: false })
    const { campaigns } = await t.library.list(roomId)
    const shown = campaigns.map(({ origin, entries, pages }) => ({ origin, entries, pages }))
    const count = t.sample.entries.length
    const { name, exportedAt } = document
    expect(shown).toHaveLength(3)
    expect(shown).toContainEqual({ origin: { kind: 'new' }, entries: count, pages: 0 })
    expect(shown).toContainEqual({ origin: { kind: 'file', name, exportedAt }, entries: count, pages: 0 })
    expect(shown).toContainEqual({ origin: { kind: 'copy', name }, entries: 0, pages: 0 })
  })
})
