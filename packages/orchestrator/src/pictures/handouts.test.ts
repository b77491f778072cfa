import {
  type PictureOperation,
  type WhisperEvent,
  emptyMemberView,
  emptyState,
  memberView,
  pictureNamed,
} from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dan } from '../testing/fight-room.ts'
import {
  foldedMemberView,
  foldedView,
  handoutIn,
  nameOf,
  openPictureRoom,
  portraitOf,
  whole,
} from '../testing/picture-room.ts'
import { trustedCaller } from '../room-caller.ts'
import { codeOf, roomId } from '../testing/room.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterEach(() => store[Symbol.asyncDispose]())

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
