import {
  CampaignDocument,
  type CampaignState,
  emptyMemberView,
  emptyState,
  memberView,
  NO_NAME,
  pictureNamed,
  type PictureOperation,
  playerView,
  StatePatch,
  type WhisperEvent,
} from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damage, dan, dee, pat, pia } from '../testing/fight-room.ts'
import {
  foldedMemberView,
  foldedView,
  openPictureRoom,
  pictureIds,
  type PictureRoom,
  whole,
} from '../testing/picture-room.ts'
import { trustedCaller } from '../room-caller.ts'
import { codeOf, requestBy, roomId } from '../testing/room.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterEach(() => store[Symbol.asyncDispose]())

/** All names in a state, of DMs and players. */
const namesIn = (state: CampaignState): string[] =>
  JSON.stringify(state).match(/(?<="name":")[A-Za-z0-9_-]{22}(?=")/g) ?? []

const handoutIn = (state: CampaignState, id: string) => state.handouts?.find((one) => one.id === id)
const nameOf = async (room: PictureRoom, id: string): Promise<string> => handoutIn(await room.state(), id)?.name ?? ''
const portraitOf = (state: CampaignState, id: string) => state.characters.find((one) => one.id === id)?.portrait

describe('a handout', () => {
  it('is in the DM’s tray until it is shown, and then in the players’ view and in the story', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('CANARY letter', 'letter')
    await room.operate({ type: 'editHandout', id, title: 'CANARY old letter', text: 'CANARY', alt: 'CANARY' })
    expect(room.bytesOf('player')).not.toContain('CANARY')
    expect(handoutIn(await room.state(), id)).toMatchObject({ shownTo: 'nobody', name: null })
    await room.operate({ type: 'show', id, to: 'everyone' })
    expect(foldedView(room)?.handouts).toEqual([
      {
        id,
        title: 'CANARY old letter',
        text: 'CANARY',
        alt: 'CANARY',
        picture: { name: await nameOf(room, id), width: 640, height: 480, thumbhash: 'AAAA' },
      },
    ])
    expect(await room.entries()).toMatchObject([
      { kind: 'system', text: 'The DM shows: CANARY old letter', audience: 'all', picture: { handoutId: id } },
    ])
    // Shown already: nothing new happened.
    await room.operate({ type: 'show', id, to: 'everyone' })
    expect(await room.entries()).toHaveLength(1)
  })

  it('that is hidden again has an address that opens nothing, and another one when it is shown again', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    await room.operate({ type: 'show', id, to: 'everyone' })
    const first = await nameOf(room, id)
    expect(pictureNamed(await room.state(), first)).toEqual({ pictureId: 'letter', audience: 'player' })
    await room.operate({ type: 'show', id, to: 'nobody' })
    expect(pictureNamed(await room.state(), first)).toBeNull()
    expect(foldedView(room)?.handouts).toEqual([])
    await room.operate({ type: 'show', id, to: 'everyone' })
    expect(pictureNamed(await room.state(), first)).toBeNull()
    expect(await nameOf(room, id)).not.toBe(first)
  })

  it('that is shown to fewer people has another address, and to more people the same', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    const nameFor = async (to: 'everyone' | { members: string[] }) => {
      await room.operate({ type: 'show', id, to })
      return nameOf(room, id)
    }
    const one = await nameFor({ members: ['pat'] })
    const two = await nameFor({ members: ['pat', 'pia'] })
    const all = await nameFor('everyone')
    expect([two, all]).toEqual([one, one])
    const fewer = await nameFor({ members: ['pat', 'pia'] })
    const fewest = await nameFor({ members: ['pia'] })
    expect(new Set([one, fewer, fewest]).size).toBe(3)
  })

  it('makes its picture count as used, so that it is kept for a while after the handout is removed', async () => {
    const room = await openPictureRoom(store)
    const unused = async () => {
      const rows = await store.read(({ pictures }) => pictures.list(roomId))
      return rows.filter(({ unusedSince }) => unusedSince !== null).map(({ id }) => id)
    }
    expect(await unused()).toContain('letter')
    const id = await room.add('Letter', 'letter')
    expect(await unused()).not.toContain('letter')
    await room.operate({ type: 'removeHandout', id })
    expect(await unused()).not.toContain('letter')
  })

  it('is moved, removed and put back, with the picture', async () => {
    const room = await openPictureRoom(store)
    const ids = [await room.add('A', 'map'), await room.add('B'), await room.add('C', 'map')]
    const order = async () => (await room.state()).handouts?.map(({ title }) => title).join('')
    await room.operate({ type: 'moveHandout', id: ids[2] ?? '', before: ids[0] ?? '' })
    expect(await order()).toBe('CAB')
    await room.operate({ type: 'moveHandout', id: ids[2] ?? '', before: null })
    expect(await order()).toBe('ABC')
    await room.operate({ type: 'removeHandout', id: ids[0] ?? '' })
    expect((await room.state()).pictures).toMatchObject([{ id: 'map' }])
    await room.operate({ type: 'removeHandout', id: ids[2] ?? '' })
    expect(await room.state()).toMatchObject({ handouts: [{ title: 'B' }], pictures: [] })
    await room.undo()
    await room.undo()
    expect(await order()).toBe('ABC')
    expect((await room.state()).pictures).toMatchObject([{ id: 'map', width: 640 }])
  })

  it('that is held up is shown first, and is held up no longer than it is shown', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    await room.operate({ type: 'present', id })
    expect(foldedView(room)).toMatchObject({ handouts: [{ id }], presented: { handoutId: id } })
    expect(await room.entries()).toHaveLength(1)
    await room.operate({ type: 'show', id, to: { members: ['pat'] } })
    expect(foldedView(room)).toMatchObject({ handouts: [], presented: null })
    expect(foldedMemberView(room, 'pat')).toMatchObject({ handouts: [{ id }], presented: { handoutId: id } })
    await room.operate({ type: 'present', id: null })
    expect(foldedMemberView(room, 'pat').presented).toBeNull()
    await room.operate({ type: 'present', id })
    await room.operate({ type: 'removeHandout', id })
    expect(await room.state()).toMatchObject({ presented: null, handouts: [] })
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
  })

  it('is refused with a sentence where it, its picture or a player is not there', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter')
    const refused = async (operation: PictureOperation) => codeOf(room.operate(operation))
    for (const operation of [
      { type: 'addHandout', title: 'T', text: '', alt: '', pictureId: 'none' },
      { type: 'editHandout', id: 'none', title: 'T' },
      { type: 'moveHandout', id, before: 'none' },
      { type: 'removeHandout', id: 'none' },
      { type: 'present', id: 'none' },
      { type: 'editScenePicture', dimming: 0.3 },
      { type: 'setPortrait', characterId: 'none', pictureId: 'map', crop: whole },
      { type: 'cropPortrait', characterId: 'mira', crop: whole },
      ...['sid', 'dan', 'nobody'].map((one) => ({ type: 'show' as const, id, to: { members: [one] } })),
    ] satisfies PictureOperation[])
      expect([operation, await refused(operation)]).toEqual([operation, 'NOT_FOUND'])
  })

  it('is refused beyond two hundred, with a sentence', async () => {
    const handouts = Array.from({ length: 200 }, (_one, at) => ({
      id: `h${at}`,
      title: 'T',
      text: '',
      pictureId: null,
      alt: '',
      shownTo: 'nobody' as const,
      members: [],
      name: null,
    }))
    const room = await openPictureRoom(store, { state: { ...emptyState, handouts } })
    await expect(room.add('One more')).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'A campaign holds at most 200 handouts. Remove one that you no longer need.',
    })
  })
})

describe('texts that two DMs edit at once', () => {
  it('are refused where the other DM changed them, with the texts as they are now', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    const was = { title: 'Letter', text: '', alt: 'Alt of Letter' }
    await room.operate({ type: 'editHandout', id, text: 'Come at midnight.', was })
    const late = room.operate({ type: 'editHandout', id, text: 'Come at noon.', was }, dan)
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', details: { text: 'Come at midnight.' } })
    expect(handoutIn(await room.state(), id)).toMatchObject({ text: 'Come at midnight.' })
    await room.operate({ type: 'editHandout', id, text: 'Come at noon.', was: { text: 'Come at midnight.' } }, dan)
    expect(handoutIn(await room.state(), id)).toMatchObject({ text: 'Come at noon.' })
  })

  it('are no conflict where they edit different texts, or write the same', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    const was = { title: 'Letter', text: '', alt: 'Alt of Letter' }
    await room.operate({ type: 'editHandout', id, title: 'Old letter', was })
    await room.operate({ type: 'editHandout', id, alt: 'A torn letter', was }, dan)
    await room.operate({ type: 'editHandout', id, title: 'Old letter', was }, dan)
    expect(handoutIn(await room.state(), id)).toMatchObject({ title: 'Old letter', alt: 'A torn letter' })
  })

  it('are guarded for the picture of the scene too, whose point and darkness may change meanwhile', async () => {
    const room = await openPictureRoom(store)
    const picture = { pictureId: 'map', alt: 'A harbour', focus: { x: 0.5, y: 0.5 }, dimming: 0 }
    await room.operate({ type: 'setScenePicture', picture })
    await room.operate({ type: 'editScenePicture', dimming: 0.4 })
    const was = { alt: 'A harbour' }
    await room.operate({ type: 'editScenePicture', alt: 'A harbour at dusk', was })
    const late = room.operate({ type: 'editScenePicture', alt: 'A port', was }, dan)
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', details: { alt: 'A harbour at dusk' } })
    expect((await room.state()).scenePicture).toMatchObject({ alt: 'A harbour at dusk', dimming: 0.4 })
  })
})

describe('a handout for some', () => {
  it('is in no byte of anybody else, before, while and after', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('CANARY for Pat', 'letter')
    await room.operate({ type: 'show', id, to: { members: ['pat'] } })
    const name = await nameOf(room, id)
    await room.operate({ type: 'present', id })
    await room.operate({ type: 'editHandout', id, text: 'CANARY more' })
    expect(foldedMemberView(room, 'pat').handouts).toMatchObject([{ id, text: 'CANARY more', picture: { name } }])
    await room.operate({ type: 'show', id, to: 'nobody' })
    await room.undo()
    for (const listener of ['player', 'member:pia', 'member:sid']) {
      expect(room.bytesOf(listener)).not.toContain('CANARY')
      expect(room.bytesOf(listener)).not.toContain(name)
      expect(room.bytesOf(listener)).not.toContain(id)
    }
    expect((await room.entries()).filter(({ audience }) => audience !== 'dm')).toEqual([])
  })

  it('makes one event for each member whom it names, in a room of 1,600', async () => {
    const room = await openPictureRoom(store)
    await store.write(async ({ rooms }) => {
      for (let at = 0; at < 1_600; at++)
        await rooms.putMember(roomId, {
          userId: `u${at}`,
          name: `U${at}`,
          role: 'player',
          joinedAt: '2026-01-01T20:00:00.000Z',
        })
    })
    const id = await room.add('Letter', 'letter')
    const sent = room.events.length
    await room.operate({ type: 'show', id, to: { members: ['u7'] } })
    expect(room.events.slice(sent).map(({ streamId }) => streamId)).toEqual(['room:r:dm', 'room:r:member:u7'])
  })

  it('comes with a snapshot for the member who connects later, and not for one who became a spectator', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    await room.operate({ type: 'show', id, to: { members: ['pat'] } })
    const snapshot = async () => {
      const answer = await room.orchestrator.eventsAfter(roomId, { memberId: 'pat' }, null)
      if (answer.kind !== 'snapshot') throw new Error('no snapshot')
      return JSON.parse(answer.text) as Extract<WhisperEvent, { type: 'whispers_active' }>
    }
    expect((await snapshot()).view).toEqual(memberView(await room.state(), 'pat'))
    await store.write(({ rooms }) =>
      rooms.putMember(roomId, { userId: 'pat', name: 'Pat', role: 'spectator', joinedAt: '2026-01-01T20:00:00.000Z' }),
    )
    expect((await snapshot()).view).toEqual(emptyMemberView)
  })

  it('that an undo takes away is in no event that the member may still read', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('CANARY for Pat', 'letter')
    const before = await room.orchestrator.eventsAfter(roomId, { memberId: 'pat' }, null)
    await room.operate({ type: 'show', id, to: { members: ['pat'] } })
    await room.undo()
    const position = { epoch: before.epoch, seq: before.kind === 'snapshot' ? before.seq : 0 }
    const after = await room.orchestrator.eventsAfter(roomId, { memberId: 'pat' }, position)
    expect(JSON.stringify(after)).not.toContain('CANARY')
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
  })

  it('is not given back by a redo to somebody who is no player any more', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('CANARY', 'letter')
    await room.operate({ type: 'show', id, to: { members: ['pat', 'pia'] } })
    await room.undo()
    await store.write(({ rooms }) => rooms.removeMember(roomId, 'pat'))
    const sent = room.events.length
    await room.redo()
    expect(handoutIn(await room.state(), id)?.members).toEqual(['pia'])
    expect(room.events.slice(sent).map(({ streamId }) => streamId)).not.toContain('room:r:member:pat')
  })
})

describe('a guest who gets an account', () => {
  it('keeps the handouts that were shown to them, and sets a portrait from a picture that the guest sent', async () => {
    const room = await openPictureRoom(store)
    const id = await room.add('Letter', 'letter')
    await room.operate({ type: 'show', id, to: { members: ['pat', 'pia'] } })
    await store.write(({ users }) =>
      users.put({
        id: 'pat',
        subject: null,
        name: 'Pat',
        mergedInto: 'account',
        createdAt: '2026-01-01T20:00:00.000Z',
      }),
    )
    await room.orchestrator.moveMember({ roomId, from: 'pat', to: 'account' }, async ({ tables }) => {
      await tables.rooms.removeMember(roomId, 'pat')
      await tables.rooms.putMember(roomId, {
        userId: 'account',
        name: 'Pat',
        role: 'player',
        joinedAt: '2026-01-01T20:00:00.000Z',
      })
    })
    expect(handoutIn(await room.state(), id)?.members).toEqual(['account', 'pia'])
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
    for (const user of ['account', 'pia'])
      expect(foldedMemberView(room, user)).toEqual(memberView(await room.state(), user))
    const account = trustedCaller({ id: 'account', name: 'Pat', role: 'player' })
    await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-1', crop: whole }, account)
    expect(portraitOf(await room.state(), 'mira')?.pictureId).toBe('pat-1')
  })
})

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
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: await another(room) })
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
    expect(await codeOf(room.redo())).toBe('OK')
    expect((await room.state()).characters.at(-1)).toMatchObject({ visible: true })
  })
})

const another = async ({ orchestrator }: PictureRoom): Promise<string> =>
  (await orchestrator.library.create({ ...requestBy(dee), name: 'Another' })).id

/** A campaign with a picture in every place. */
async function filled(room: PictureRoom): Promise<{ shown: string; forPat: string; hidden: string }> {
  const shown = await room.add('Shown', 'map')
  const forPat = await room.add('For Pat', 'letter')
  const hidden = await room.add('Hidden', 'goblin')
  await room.operate({ type: 'show', id: shown, to: 'everyone' })
  await room.operate({ type: 'show', id: forPat, to: { members: ['pat', 'pia'] } })
  await room.operate({
    type: 'setScenePicture',
    picture: { pictureId: 'map', alt: '', focus: { x: 0, y: 0 }, dimming: 0 },
  })
  await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-1', crop: whole })
  await room.operate({ type: 'setPortrait', characterId: 'goblin', pictureId: 'goblin', crop: whole })
  return { shown, forPat, hidden }
}

describe('the names of pictures', () => {
  it('are never chosen by anybody: not by an edit, an import or a new campaign', async () => {
    const room = await openPictureRoom(store)
    const { shown } = await filled(room)
    const chosen = 'chosen'.padEnd(22, '0')
    const state = await room.state()
    const portrait = { pictureId: 'map', crop: whole, name: chosen }
    for (const patch of [
      { handouts: { upsert: [{ id: shown, name: chosen }] } },
      { pictures: { upsert: [{ id: 'map', name: chosen }] } },
      { scenePicture: { ...state.scenePicture, name: chosen } },
      { presented: { handoutId: shown } },
    ])
      expect(StatePatch.safeParse(patch).success).toBe(false)
    expect(StatePatch.parse({ characters: { upsert: [{ id: 'tobin', portrait }] } })).toEqual({
      characters: { upsert: [{ id: 'tobin' }] },
    })
    // Past the schema: the domain keeps no name either.
    await room.edit({
      characters: { upsert: [{ id: 'tobin', portrait }] },
      handouts: { upsert: [{ id: shown, name: chosen }] },
    })
    const forged = {
      ...(await room.state()),
      scenePicture: state.scenePicture && { ...state.scenePicture, name: chosen },
    }
    expect(namesIn(forged).filter((name) => name === chosen)).toHaveLength(1)
    const { id } = await room.orchestrator.library.create({ ...requestBy(dee), name: 'Forged', state: forged })
    const exported = await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    const document = CampaignDocument.parse({ ...(JSON.parse(exported.text) as object), state: forged })
    const imported = await room.orchestrator.library.importCampaign({ ...requestBy(dee), document })
    const copy = await room.orchestrator.library.duplicate({
      ...requestBy(dee),
      campaignId: id,
      name: 'Copy',
      withStory: true,
    })
    const names = new Set(namesIn(await room.state()))
    expect(names.has(chosen)).toBe(false)
    for (const campaignId of [id, imported.id, copy.id]) {
      const own = namesIn((await room.orchestrator.library.get(roomId, campaignId)).state)
      expect(own).toHaveLength(namesIn(forged).length)
      for (const name of own) {
        expect([name, names.has(name), name === chosen]).toEqual([name, false, false])
        names.add(name)
      }
    }
  })

  it('are all new when a campaign opens, and members who are no players any more see nothing', async () => {
    const room = await openPictureRoom(store)
    const { forPat } = await filled(room)
    const before = new Set(namesIn(await room.state()))
    await room.orchestrator.deactivateCampaign(requestBy(dee))
    await store.write(({ rooms }) => rooms.removeMember(roomId, 'pat'))
    const sent = room.events.length
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
    const after = namesIn(await room.state())
    expect(after).toHaveLength(before.size)
    expect(after.filter((name) => before.has(name))).toEqual([])
    expect(handoutIn(await room.state(), forPat)?.members).toEqual(['pia'])
    expect(room.events.slice(sent).map(({ streamId }) => streamId)).toEqual([
      'room:r:dm',
      'room:r:player',
      'room:r:member:pia',
    ])
    expect(foldedMemberView(room, 'pia')).toEqual(memberView(await room.state(), 'pia'))
  })

  it('stand in no row of the journal', async () => {
    const room = await openPictureRoom(store)
    const { shown } = await filled(room)
    await room.operate({ type: 'show', id: shown, to: 'nobody' })
    await room.undo()
    await room.edit({ characters: { remove: ['mira'] } })
    await room.undo()
    const rows = await store.read(({ journal }) => journal.since(room.campaignId, 0, 500))
    const text = JSON.stringify(rows.map(({ patch, inverse }) => ({ patch, inverse })))
    const names = room.events.flatMap((event) => event.text.match(/(?<="name":")[A-Za-z0-9_-]{22}(?=")/g) ?? [])
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) expect(text).not.toContain(name)
  })

  it('are all new for somebody’s removal or demotion, in all campaigns after that of a DM', async () => {
    const room = await openPictureRoom(store)
    const { forPat } = await filled(room)
    const closed = await another(room)
    await room.orchestrator.pictures.operate({
      ...requestBy(dee),
      campaignId: closed,
      operation: { type: 'addHandout', title: 'Closed', text: '', alt: '', pictureId: 'map' },
    })
    const stateOf = async (campaignId: string) => (await room.orchestrator.library.get(roomId, campaignId)).state
    const change = async (role: Parameters<PictureRoom['orchestrator']['pictures']['rolesChanged']>[2][number]) => {
      const before = { open: await stateOf(room.campaignId), closed: await stateOf(closed) }
      const tell = await store.write(async (tables) => {
        const row = await tables.rooms.lock(roomId)
        if (!row) throw new Error('no room')
        const actor = { id: 'olga', name: 'Olga', role: 'dm' as const }
        const at = new Date().toISOString()
        return room.orchestrator.pictures.rolesChanged({ tables, room: row, actor, at }, 7, [role])
      })
      const sent = room.events.length
      tell()
      const after = { open: await stateOf(room.campaignId), closed: await stateOf(closed) }
      const kept = (one: CampaignState, other: CampaignState) =>
        namesIn(other).filter((name) => namesIn(one).includes(name))
      return {
        open: kept(before.open, after.open).length,
        closed: kept(before.closed, after.closed).length,
        all: namesIn(after.open).length,
        members: handoutIn(after.open, forPat)?.members,
        events: room.events.slice(sent).map(({ streamId, access }) => [streamId.slice('room:r:'.length), access]),
      }
    }
    const all = namesIn(await room.state()).length
    // A spectator who leaves takes nothing along.
    expect(await change({ userId: 'sid', was: 'spectator', role: null, left: true })).toMatchObject({
      open: all,
      events: [],
    })
    expect(await change({ userId: 'sid', was: 'spectator', role: 'player', left: false })).toMatchObject({ open: all })
    expect(await change({ userId: 'olga', was: 'owner', role: 'dm', left: false })).toMatchObject({ open: all })
    expect(await change({ userId: 'dan', was: 'dm', role: 'player', left: false })).toMatchObject({
      open: 0,
      closed: 0,
    })
    expect(await change({ userId: 'sid', was: 'player', role: 'spectator', left: false })).toMatchObject({
      open: 0,
      closed: 1,
    })
    // The event of the removal goes out after the removal: with its accessVersion.
    expect(await change({ userId: 'pat', was: 'player', role: null, left: false })).toMatchObject({
      open: 0,
      closed: 1,
      members: ['pia'],
      events: [
        ['dm', 7],
        ['player', 7],
        ['member:pat', 7],
        ['member:pia', 7],
      ],
    })
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
    expect(foldedMemberView(room, 'pia')).toEqual(memberView(await room.state(), 'pia'))
    expect(foldedView(room)).toEqual(playerView(await room.state()))
  })

  it('of an undo stay new, whatever steps are taken back and made again, and every view is its projection', async () => {
    const title = fc.constantFrom('A', 'B')
    const at = fc.nat(3)
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), title, pictureId: fc.constantFrom(null, ...pictureIds) }),
      fc.record({
        kind: fc.constant('show' as const),
        at,
        to: fc.constantFrom('everyone' as const, 'nobody' as const, { members: ['pat'] }, { members: ['pat', 'pia'] }),
      }),
      fc.record({ kind: fc.constant('present' as const), at: fc.option(at) }),
      fc.record({ kind: fc.constant('remove' as const), at }),
      fc.record({ kind: fc.constant('scene' as const), pictureId: fc.constantFrom(null, ...pictureIds) }),
      fc.record({
        kind: fc.constant('portrait' as const),
        characterId: fc.constantFrom('mira', 'goblin'),
        pictureId: fc.constantFrom(null, ...pictureIds),
      }),
      fc.record({
        kind: fc.constant('visible' as const),
        id: fc.constantFrom('mira', 'goblin'),
        visible: fc.boolean(),
      }),
      fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const, 'reopen' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await using own = await openStore({ dataDir: ':memory:' })
        const room = await openPictureRoom(own)
        const other = await another(room)
        /** Names that led to a picture once, and no longer do. */
        const dead = new Set<string>()
        let alive = new Set<string>()
        for (const one of steps) {
          await carryOut(room, one, other)
          const state = await room.state()
          const now = new Set(namesIn(state).filter((name) => pictureNamed(state, name)))
          for (const name of alive) if (!now.has(name)) dead.add(name)
          expect([...now].filter((name) => dead.has(name))).toEqual([])
          alive = now
          expect(foldedView(room)).toEqual(playerView(state))
          for (const user of ['pat', 'pia']) expect(foldedMemberView(room, user)).toEqual(memberView(state, user))
        }
      }),
      { numRuns: 25 },
    )
  })
})

type StepKind =
  | { kind: 'add'; title: string; pictureId: string | null }
  | { kind: 'show'; at: number; to: 'everyone' | 'nobody' | { members: string[] } }
  | { kind: 'present'; at: number | null }
  | { kind: 'remove'; at: number }
  | { kind: 'scene'; pictureId: string | null }
  | { kind: 'portrait'; characterId: string; pictureId: string | null }
  | { kind: 'visible'; id: string; visible: boolean }
  | { kind: 'undo' | 'redo' | 'reopen' }

/** A step on a handout that is not there, and an undo of nothing, are refused. */
async function carryOut(room: PictureRoom, step: StepKind, other: string): Promise<void> {
  const handouts = (await room.state()).handouts ?? []
  const idAt = (at: number) => handouts[at]?.id ?? 'none'
  const look = { alt: '', focus: { x: 0.5, y: 0.5 }, dimming: 0 }
  const operate = (operation: PictureOperation) => codeOf(room.operate(operation))
  switch (step.kind) {
    case 'add':
      await room.add(step.title, step.pictureId)
      return
    case 'show':
      await operate({ type: 'show', id: idAt(step.at), to: step.to })
      return
    case 'present':
      await operate({ type: 'present', id: step.at === null ? null : idAt(step.at) })
      return
    case 'remove':
      await operate({ type: 'removeHandout', id: idAt(step.at) })
      return
    case 'scene':
      await operate({
        type: 'setScenePicture',
        picture: step.pictureId === null ? null : { pictureId: step.pictureId, ...look },
      })
      return
    case 'portrait':
      await operate({ type: 'setPortrait', characterId: step.characterId, pictureId: step.pictureId, crop: whole })
      return
    case 'visible':
      await room.edit({ characters: { upsert: [{ id: step.id, visible: step.visible }] } })
      return
    case 'reopen':
      await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: other })
      await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
      return
    default:
      await codeOf(step.kind === 'undo' ? room.undo() : room.redo())
  }
}

describe('ten operations of two DMs at once', () => {
  it('are each carried out once, also where a call comes again', async () => {
    const room = await openPictureRoom(store)
    const operations = Array.from({ length: 10 }, (_one, at) => ({
      ...requestBy(at % 2 === 0 ? dee : dan),
      campaignId: room.campaignId,
      operation: {
        type: 'addHandout' as const,
        title: `H${at}`,
        text: '',
        alt: '',
        pictureId: pictureIds[at % 3] ?? null,
      },
    }))
    const answers = await Promise.all(
      operations.map(async (one) => {
        const [first, again] = await Promise.all([
          room.orchestrator.pictures.operate(one),
          room.orchestrator.pictures.operate(one),
        ])
        expect(again).toEqual(first)
        return first.handoutId
      }),
    )
    const state = await room.state()
    expect(new Set(state.handouts?.map(({ id }) => id))).toEqual(new Set(answers))
    expect(state.handouts).toHaveLength(10)
    expect(state.pictures?.map(({ id }) => id).toSorted()).toEqual(['goblin', 'letter', 'map'])
  })
})

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
