import type { CampaignDocument } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFightRoom } from '../testing/fight-room.ts'
import { goblins, startFight } from '../testing/goblin-fight.ts'
import { roomId } from '../testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

describe('an export', () => {
  const block = {
    id: 'wolf',
    name: 'Wolf',
    ac: 13,
    hp: 11,
    initiative: 2,
    abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
    traits: [],
    actions: [],
  }
  const { figures: _figures, ...several } = goblins
  const wolves = { ...several, name: 'Wolf', count: 1, block: { source: 'room' as const, id: 'wolf' } }

  it('carries the encounters, and the blocks that the campaign names, also into a room that has another such block', async () => {
    const room = await openFightRoom(store)
    const { fights, library } = room.orchestrator
    const { campaignId } = room
    await fights.blocks.put({ ...room.request(), blocks: [block, { ...block, id: 'unused' }] })
    await fights.add({ ...room.request(), campaignId, creatures: [wolves], roll: 'foes' })
    const plan = { notes: 'N', creatures: [wolves] }
    await fights.encounters.save({ ...room.request(), campaignId, version: 0, name: 'Pack', plan })
    const { text } = await library.export({ roomId, campaignId, format: 'json' })
    const document = JSON.parse(text) as CampaignDocument
    expect(document).toMatchObject({ formatVersion: 1, encounters: [{ name: 'Pack' }], statBlocks: [{ id: 'wolf' }] })
    // The room's wolf has changed since.
    await fights.blocks.put({ ...room.request(), blocks: [{ ...block, hp: 99 }] })
    const copy = await library.importCampaign({ ...room.request(), document })
    const [encounter] = await fights.encounters.list(roomId, copy.id)
    const address = encounter?.plan.creatures[0]?.block ?? { source: 'room', id: '' }
    expect(address.id).not.toBe('wolf')
    const { reference, block: arrived } = await fights.blocks.get(roomId, address)
    expect(arrived).toEqual({ ...block, id: address.id })
    const { state } = await library.get(roomId, copy.id)
    expect(state.characters.at(-1)?.block).toEqual(reference)
    expect((await fights.blocks.get(roomId, { source: 'room', id: 'wolf' })).block.hp).toBe(99)
    // The same again adds nothing.
    const before = await store.read(({ statBlocks }) => statBlocks.count(roomId))
    await library.importCampaign({ ...room.request(), document })
    expect(await store.read(({ statBlocks }) => statBlocks.count(roomId))).toBe(before)
    const duplicate = await library.duplicate({ ...room.request(), campaignId, name: 'D', withStory: false })
    expect(await fights.encounters.list(roomId, duplicate.id)).toMatchObject([{ name: 'Pack', plan }])
  })

  it('for players holds no encounter, stat block, alias’s real name or hidden figure', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const asked = { roomId, campaignId: room.campaignId, format: 'markdown', audience: 'player' } as const
    const { text } = await room.orchestrator.library.export(asked)
    expect(text).toContain('Hooded figure')
    expect(text).not.toMatch(/CANARY|Goblin [789]/)
  })
})
