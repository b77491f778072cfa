import type { CampaignState, StatePatch } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CampaignNotice } from './notices.ts'
import { aCharacter, dee, heroesAndGoblin } from './testing/fight-room.ts'
import { openRoom, requestBy, roomId } from './testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

const order = ['mira', 'goblin', 'tobin']
const turnOf = (current: string | null, round = 1): StatePatch => ({ turn: { round, order, current } })

describe('a notice', () => {
  let noticed: CampaignNotice[]
  let room: Awaited<ReturnType<typeof openTable>>
  beforeEach(async () => {
    noticed = []
    room = await openTable()
  })

  async function openTable(state: CampaignState = heroesAndGoblin) {
    const { orchestrator } = await openRoom(store, { noticed: (notice) => void noticed.push(notice) })
    const { id: campaignId } = await orchestrator.library.create({ ...requestBy(dee), name: 'C', state })
    const edit = async (patch: StatePatch) => {
      const campaign = await store.read(({ campaigns }) => campaigns.find(campaignId))
      return orchestrator.editCampaign({ ...requestBy(dee), campaignId, baseVersion: campaign?.version ?? 0, patch })
    }
    const activate = () => orchestrator.activateCampaign({ ...requestBy(dee), campaignId })
    const undo = () => orchestrator.undo({ ...requestBy(dee), campaignId })
    const redo = () => orchestrator.redo({ ...requestBy(dee), campaignId })
    return { orchestrator, campaignId, edit, activate, undo, redo }
  }
  const turns = () => noticed.flatMap((notice) => (notice.kind === 'turn' ? [notice.userId] : []))

  it('says once that the table opens: not for a campaign that is open, and not for a repeat of the call', async () => {
    const request = { ...requestBy(dee), campaignId: room.campaignId }
    await room.orchestrator.activateCampaign(request)
    await room.orchestrator.activateCampaign(request)
    await room.activate()
    expect(noticed).toEqual([{ kind: 'opens', roomId, campaignId: room.campaignId }])
  })

  it('says whose turn came, and nothing of a hidden fighter', async () => {
    await room.activate()
    for (const current of order) await room.edit(turnOf(current))
    await room.edit(turnOf(null))
    expect(turns()).toEqual(['pat', 'pia'])
    expect(JSON.stringify(noticed)).not.toContain('goblin')
  })

  it('comes when the character in turn is shown, or given to somebody else', async () => {
    await room.activate()
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: false }] } })
    await room.edit(turnOf('mira'))
    expect(turns()).toEqual([])
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: true }] } })
    await room.edit({ characters: { upsert: [{ id: 'mira', ownerId: 'pia' }] } })
    await room.edit({ characters: { upsert: [{ id: 'mira', dmNotes: 'Tired.' }] } })
    expect(turns()).toEqual(['pat', 'pia'])
  })

  it('does not come for an undo, and comes when the step is made again', async () => {
    await room.activate()
    await room.edit(turnOf('mira'))
    await room.edit(turnOf('tobin'))
    await room.undo()
    expect(turns()).toEqual(['pat', 'pia'])
    await room.redo()
    expect(turns()).toEqual(['pat', 'pia', 'pia'])
  })

  it('does not come from a campaign that is not open, nor from one whose change was refused', async () => {
    await room.edit(turnOf('mira'))
    const other = await openTable({ ...heroesAndGoblin, characters: [aCharacter('mira', { ownerId: 'pat' })] })
    await other.activate()
    const incomplete = { characters: { upsert: [{ id: 'new' }] } }
    await expect(other.edit({ ...turnOf('mira'), ...incomplete })).rejects.toThrow()
    expect(turns()).toEqual([])
  })
})
