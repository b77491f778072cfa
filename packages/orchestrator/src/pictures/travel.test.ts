import { CampaignDocument, NO_NAME } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damage, dee } from '../testing/fight-room.ts'
import { filled, foldedView, namesIn, openPictureRoom } from '../testing/picture-room.ts'
import { requestBy, roomId } from '../testing/room.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterEach(() => store[Symbol.asyncDispose]())

describe('a campaign of an older version', () => {
  it('opens without the fields of pictures, and takes pictures then', async () => {
    const room = await openPictureRoom(store)
    await store.write(async ({ campaigns }) => {
      const row = await campaigns.get(room.campaignId)
      if (!row) throw new Error('the campaign is gone')
      const { pictures: _p, handouts: _h, scenePicture: _s, presented: _o, ...old } = row.state
      await campaigns.save({ ...row, state: old })
    })
    expect(await room.state()).toMatchObject({ pictures: [], handouts: [], scenePicture: null, presented: null })
    await room.orchestrator.fights.operate({
      ...requestBy(dee),
      campaignId: room.campaignId,
      operation: damage(1, 'mira'),
    })
    const id = await room.add('Letter', 'letter')
    await room.operate({ type: 'show', id, to: 'everyone' })
    expect(foldedView(room)?.handouts).toMatchObject([{ title: 'Letter' }])
    await room.undo()
    await room.undo()
    await room.undo()
    expect(await room.state()).toMatchObject({
      pictures: [],
      handouts: [],
      characters: [{ hp: { current: 20 } }, {}, {}],
    })
  })
})

describe('an export as JSON', () => {
  it('holds no name of a picture, and comes back with the pictures under new names', async () => {
    const room = await openPictureRoom(store)
    await filled(room)
    const state = await room.state()
    const { text } = await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    expect(namesIn(state).length).toBeGreaterThan(5)
    for (const name of namesIn(state)) expect(text).not.toContain(name)
    const document = CampaignDocument.parse(JSON.parse(text))
    const { id } = await room.orchestrator.library.importCampaign({ ...requestBy(dee), document })
    const copy = (await room.orchestrator.library.get(roomId, id)).state
    expect(copy.handouts?.map(({ title, pictureId, shownTo }) => [title, pictureId, shownTo])).toEqual(
      state.handouts?.map(({ title, pictureId, shownTo }) => [title, pictureId, shownTo]),
    )
    expect([namesIn(copy).length, namesIn(copy).includes(NO_NAME)]).toEqual([namesIn(state).length, false])
  })
})

describe('an import', () => {
  it('of a file that holds a handout or a picture twice is refused', async () => {
    const room = await openPictureRoom(store)
    await filled(room)
    const { text } = await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    const document = CampaignDocument.parse(JSON.parse(text))
    for (const list of ['handouts', 'pictures'] as const) {
      const twice = [...(document.state[list] ?? []), ...(document.state[list] ?? [])]
      const damaged = { ...document, state: { ...document.state, [list]: twice } }
      expect(() => room.orchestrator.library.importCampaign({ ...requestBy(dee), document: damaged })).toThrow(
        'The file holds the same item twice.',
      )
    }
  })
})

describe('the export for players and for the DM in Markdown', () => {
  it('names what each may see, by title and alternative text', async () => {
    const room = await openPictureRoom(store)
    await filled(room)
    const text = async (audience: 'dm' | 'player') =>
      (await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'markdown', audience }))
        .text
    expect(await text('dm')).toMatch(/\*\*Hidden\*\*\n\n\*Alt of Hidden\* \*\(hidden\)\*/)
    const forPlayers = await text('player')
    expect(forPlayers).toMatch(/\*\*Shown\*\*\n\n\*Alt of Shown\*/)
    expect(forPlayers).not.toMatch(/Hidden|For Pat/)
    for (const name of namesIn(await room.state())) expect(forPlayers).not.toContain(name)
  })
})
