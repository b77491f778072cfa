import { NO_NAME, pictureNamed } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dee, pat, pia } from '../testing/fight-room.ts'
import { anotherCampaign, foldedView, openPictureRoom, portraitOf, whole } from '../testing/picture-room.ts'
import { codeOf, requestBy } from '../testing/room.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterEach(() => store[Symbol.asyncDispose]())

describe('a scene picture', () => {
  it('is seen by everyone, keeps its name while its look changes, and gets another with another picture', async () => {
    const room = await openPictureRoom(store)
    const picture = { alt: 'A ferry', focus: { x: 0.2, y: 0.8 }, dimming: 0.4 }
    await room.operate({ type: 'setScenePicture', picture: { pictureId: 'map', ...picture } })
    const seen = () => foldedView(room)?.scenePicture
    const first = seen()
    expect(first).toMatchObject({ ...picture, width: 640, height: 480 })
    await room.operate({ type: 'editScenePicture', dimming: 0.1 })
    expect(seen()).toEqual({ ...first, dimming: 0.1 })
    await room.operate({ type: 'setScenePicture', picture: { pictureId: 'letter', ...picture } })
    expect(pictureNamed(await room.state(), first?.name ?? '')).toBeNull()
    await room.operate({ type: 'setScenePicture', picture: null })
    expect(seen()).toBeNull()
    expect((await room.state()).pictures).toEqual([])
  })
})

describe('a portrait', () => {
  it('is set by the player of the character, with a picture of their own alone', async () => {
    const room = await openPictureRoom(store)
    const set = (pictureId: string, characterId = 'mira', caller = pat) =>
      codeOf(room.operate({ type: 'setPortrait', characterId, pictureId, crop: whole }, caller))
    expect(await set('pat-1')).toBe('OK')
    expect(await set('map')).toBe('NOT_FOUND')
    expect(await set('pat-1', 'tobin')).toBe('FORBIDDEN')
    expect(await set('pat-1', 'goblin')).toBe('FORBIDDEN')
    expect(await set('pat-1', 'tobin', pia)).toBe('NOT_FOUND')
    const crop = { x: 0.1, y: 0.2, zoom: 3 }
    await room.operate({ type: 'cropPortrait', characterId: 'mira', crop }, pat)
    expect(foldedView(room)?.characters[0]?.portrait).toMatchObject({ crop, width: 640 })
    // A player's change is no step of the DM's undo.
    expect(await codeOf(room.undo())).toBe('NOTHING_TO_UNDO')
  })

  it('of a character that the DM hides has an address that opens nothing, also when it is shown again', async () => {
    const room = await openPictureRoom(store)
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'map', crop: whole })
    const name = foldedView(room)?.characters[0]?.portrait?.name ?? ''
    const show = (visible: boolean) =>
      room.orchestrator.fights.operate({
        ...requestBy(dee),
        campaignId: room.campaignId,
        operation: { type: 'show', targets: ['mira'], visible },
      })
    await show(false)
    expect(pictureNamed(await room.state(), portraitOf(await room.state(), 'mira')?.name ?? '')).toBeNull()
    await room.undo()
    expect(pictureNamed(await room.state(), name)).toBeNull()
    expect(foldedView(room)?.characters[0]?.portrait?.name).not.toBe(name)
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: false }] } })
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: true }] } })
    expect(pictureNamed(await room.state(), name)).toBeNull()
  })

  it('tells nothing while players know the creature by an alias', async () => {
    const room = await openPictureRoom(store)
    await room.operate({ type: 'setPortrait', characterId: 'goblin', pictureId: 'goblin', crop: whole })
    await room.edit({ characters: { upsert: [{ id: 'goblin', alias: 'Hooded figure', visible: true }] } })
    expect(foldedView(room)?.characters.at(-1)).toMatchObject({ name: 'Hooded figure', portrait: null })
    await room.edit({ characters: { upsert: [{ id: 'goblin', alias: null }] } })
    expect(foldedView(room)?.characters.at(-1)).toMatchObject({ name: 'Goblin', portrait: { width: 640 } })
  })

  it('that a player has changed since stays when the DM’s hiding of the character is undone', async () => {
    const room = await openPictureRoom(store)
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-1', crop: whole }, pat)
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: false }] } })
    await room.edit({ characters: { upsert: [{ id: 'mira', visible: true }] } })
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-2', crop: whole }, pat)
    await room.undo()
    await room.undo()
    expect((await room.state()).characters[0]).toMatchObject({ visible: true, portrait: { pictureId: 'pat-2' } })
  })

  it('comes back with its picture when the character does, also if another place lost the picture meanwhile', async () => {
    const room = await openPictureRoom(store)
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-1', crop: whole }, pat)
    const id = await room.add('Mira', 'pat-1')
    await room.operate({ type: 'removeHandout', id })
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: null, crop: whole }, pat)
    expect((await room.state()).pictures).toEqual([])
    await room.undo()
    expect((await room.state()).pictures).toMatchObject([
      { id: 'pat-1', width: 640, name: expect.not.stringMatching(NO_NAME) },
    ])
  })

  it('does not make an undo or a redo of a fight conflict with a new name', async () => {
    const room = await openPictureRoom(store)
    await room.operate({ type: 'setPortrait', characterId: 'goblin', pictureId: 'goblin', crop: whole })
    const operation = { type: 'show' as const, targets: ['goblin'], visible: true }
    await room.orchestrator.fights.operate({ ...requestBy(dee), campaignId: room.campaignId, operation })
    await room.undo()
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: await anotherCampaign(room) })
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
    expect(await codeOf(room.redo())).toBe('OK')
    expect((await room.state()).characters.at(-1)).toMatchObject({ visible: true })
  })
})
