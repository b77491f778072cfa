import { type CampaignDocument, playerView } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damage, openFightRoom } from '../testing/fight-room.ts'
import { roomId } from '../testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

describe('a campaign of an older version', () => {
  it('opens without the fields of fights, and a fight in it is undone', async () => {
    const room = await openFightRoom(store)
    await store.write(async ({ campaigns }) => {
      const row = await campaigns.get(room.campaignId)
      if (!row) throw new Error('the campaign is gone')
      const { encounter: _encounter, playersHeal: _playersHeal, ...old } = row.state
      const characters = old.characters.map(({ initiativeBonus: _bonus, ...character }) => character)
      await campaigns.save({ ...row, state: { ...old, characters } })
    })
    const before = await room.state()
    expect(before).toMatchObject({ encounter: null, playersHeal: false })
    await room.operate({
      type: 'startEncounter',
      name: 'Fight',
      fighters: [],
      joining: ['mira'],
      surprised: ['mira'],
      roll: 'everybody',
    })
    expect((await room.state()).encounter?.name).toBe('Fight')
    await room.undo()
    const after = await room.state()
    expect(after.encounter).toBeNull()
    expect(playerView(after)).toEqual(playerView(before))
  })
})

describe('a document of an older version', () => {
  it('is imported without a word about the new fields, and its steps are undone and redone around a fight', async () => {
    const room = await openFightRoom(store)
    const { library } = room.orchestrator
    const { text } = await library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    const document = JSON.parse(text) as CampaignDocument
    const { encounter: _encounter, playersHeal: _heal, ...old } = document.state
    const characters = old.characters.map(({ initiativeBonus: _bonus, ...character }) => character)
    const { id, report } = await library.importCampaign({
      ...room.request(),
      document: { ...document, state: { ...old, characters } },
    })
    expect([report.changed, report.leftOut]).toEqual([
      expect.not.arrayContaining([expect.stringContaining('fields')]) as string[],
      [],
    ])
    await room.orchestrator.activateCampaign({ ...room.request(), campaignId: id })
    const asked = () => ({ ...room.request(), campaignId: id })
    const sceneOf = async () => (await library.get(roomId, id)).state.scene
    await room.orchestrator.editCampaign({ ...asked(), baseVersion: 0, patch: { scene: 'A gate' } })
    // A step of an older version, of which the journal holds patches alone.
    const journal = await store.read((tables) => tables.journal.get(id, 1))
    expect(journal).toMatchObject({ operation: null, applied: null })
    await room.orchestrator.fights.operate({ ...asked(), operation: damage(3, 'mira') })
    await room.orchestrator.undo(asked())
    await room.orchestrator.undo(asked())
    expect(await sceneOf()).toBe('')
    await room.orchestrator.redo(asked())
    expect(await sceneOf()).toBe('A gate')
    await room.orchestrator.redo(asked())
    expect((await library.get(roomId, id)).state.characters[0]?.hp.current).toBe(17)
  })
})
