// Tries every operation on pictures as every role, on either database: the rights that the contract declares are the ones that hold.
import {
  type CampaignEvent,
  faceFile,
  pictureRights,
  type PictureOperation,
  type PictureOperationType,
} from '@tablecast/contracts'
import { samplePhoto, samplePicture } from '@tablecast/media/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerOptions } from '../server.ts'
import { callProcedure, openTestRoom, type TestRoom } from './real-calls.ts'
import { loadPicture, sendPicture } from './pictures.ts'
import { joinRoomCallers, roomCallers, type RoomCaller } from './room-callers.ts'
import { putPicture } from './room-pictures.ts'
import { newKey, openTestbed, type TestUser } from './testbed.ts'

/** One of each type: with the handout `id`, the picture `of` the caller, and the character `pc`. */
const operations: {
  [T in PictureOperationType]: (id: string, of: string, player: string) => Extract<PictureOperation, { type: T }>
} = {
  addHandout: (_id, of) => ({ type: 'addHandout', title: 'T', text: '', pictureId: of, alt: '' }),
  editHandout: (id) => ({ type: 'editHandout', id, title: 'Other' }),
  moveHandout: (id) => ({ type: 'moveHandout', id, before: null }),
  removeHandout: (id) => ({ type: 'removeHandout', id }),
  show: (id, _of, player) => ({ type: 'show', id, to: { members: [player] } }),
  present: (id) => ({ type: 'present', id }),
  setScenePicture: (_id, of) => ({
    type: 'setScenePicture',
    picture: { pictureId: of, alt: '', focus: { x: 0.5, y: 0.5 }, dimming: 0 },
  }),
  editScenePicture: () => ({ type: 'editScenePicture', dimming: 0.5 }),
  setPortrait: (_id, of) => ({
    type: 'setPortrait',
    characterId: 'pc',
    pictureId: of,
    crop: { x: 0.5, y: 0.5, zoom: 1 },
  }),
  cropPortrait: () => ({ type: 'cropPortrait', characterId: 'pc', crop: { x: 0.5, y: 0.5, zoom: 2 } }),
}

/** The id of a picture that the caller sent. */
const pictureOf = (caller: RoomCaller) => `of-${caller.replaceAll(' ', '-')}`

/** The handouts of a players' snapshot. */
const handoutsOf = (event: CampaignEvent) =>
  event.audience === 'player' && 'snapshot' in event ? event.snapshot.view.handouts : []

/** Whether the declared right lets that caller carry it out, with a picture of their own and the character of the first player. */
function mayOperate(type: PictureOperationType, caller: RoomCaller): boolean {
  switch (caller) {
    case 'owner':
    case 'dm':
      return true
    case 'player of the character':
      return pictureRights[type] === 'own'
    case 'another player':
    case 'spectator':
    case 'stranger':
      return false
  }
}

export function pictureContract(given: () => Promise<ServerOptions>): void {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let room: TestRoom
  let users: Record<RoomCaller, TestUser>

  beforeAll(async () => {
    testbed = await openTestbed({}, await given())
    room = await openTestRoom(testbed)
    users = await joinRoomCallers(testbed, room)
    for (const caller of roomCallers)
      await putPicture(testbed.store, room.roomId, pictureOf(caller), users[caller].session.userId)
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const call = (caller: RoomCaller, operation: PictureOperation) => {
    const { roomId, campaignId } = room
    const request = { roomId, campaignId, key: newKey(), operation }
    return callProcedure(testbed.url, 'pictures.operate', request, users[caller].session.token)
  }
  /** Makes the parts that an operation may need: a scene picture, a portrait, and a handout, whose id is the answer. */
  const prepared = async (): Promise<string> => {
    const { roomId, campaignId } = room
    const operate = (operation: PictureOperation) =>
      room.users.owner.http.pictures.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    await operate(operations.setScenePicture('', 'of-owner', ''))
    await operate(operations.setPortrait('', 'of-owner', ''))
    const { handoutId } = await operate({ type: 'addHandout', title: 'T', text: '', pictureId: null, alt: '' })
    return handoutId ?? ''
  }

  describe.each(roomCallers)('%s', (caller) => {
    for (const [type, operationOf] of Object.entries(operations) as [
      PictureOperationType,
      (typeof operations)['show'],
    ][])
      it(`${mayOperate(type, caller) ? 'carries out' : 'is refused'} ${type}`, async () => {
        const id = await prepared()
        const { code } = await call(caller, operationOf(id, pictureOf(caller), room.users.player.session.userId))
        if (mayOperate(type, caller)) expect(code).toBe('OK')
        else expect(['NOT_THE_DM', 'FORBIDDEN', 'NOT_A_MEMBER']).toContain(code)
      })
  })

  it('a player sets no picture of somebody else, and acts in no campaign that is not open', async () => {
    await prepared()
    expect((await call('player of the character', operations.setPortrait('', 'of-dm', ''))).code).toBe('NOT_FOUND')
    const { roomId, spareId } = room
    const operation = operations.setPortrait('', 'of-player-of-the-character', '')
    const request = { roomId, campaignId: spareId, key: newKey(), operation }
    const { token } = room.users.player.session
    const closed = await callProcedure(testbed.url, 'pictures.operate', request, token)
    const none = { ...request, campaignId: 'there-is-none', key: newKey() }
    expect([closed.code, closed]).toEqual([
      'CAMPAIGN_NOT_FOUND',
      await callProcedure(testbed.url, 'pictures.operate', none, token),
    ])
  })

  it('nobody shows a picture of another room', async () => {
    const elsewhere = await openTestRoom(testbed)
    await putPicture(testbed.store, elsewhere.roomId, 'elsewhere', elsewhere.users.owner.session.userId)
    for (const operation of [
      operations.addHandout('', 'elsewhere', ''),
      operations.setScenePicture('', 'elsewhere', ''),
      operations.setPortrait('', 'elsewhere', ''),
    ])
      expect([operation.type, (await call('owner', operation)).code]).toEqual([operation.type, 'NOT_FOUND'])
  })

  it('an address opens for those whom it was shown to, and once hidden it is like one that never was', async () => {
    const { roomId, campaignId, users: people } = room
    const { token } = people.owner.session
    const sent = await sendPicture(testbed.url, token, await samplePicture('png'), { roomId })
    const operate = (operation: PictureOperation) =>
      people.owner.http.pictures.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    const pictureId = sent.picture?.id ?? ''
    const { handoutId } = await operate({ type: 'addHandout', title: 'T', text: '', alt: '', pictureId })
    const show = async (to: 'everyone' | 'nobody') => {
      await operate({ type: 'show', id: handoutId ?? '', to })
      const { events } = await people.player.http.campaign.since.query({ roomId, cursor: null })
      const [name = ''] = /[A-Za-z0-9_-]{22}(?=","width)/.exec(JSON.stringify(events.map(handoutsOf))) ?? []
      return name
    }
    const load = async (name: string) => {
      const { status, headers, body } = await loadPicture(testbed.url, campaignId, name)
      // Every answer has its own of these, whatever it answers.
      const own = ['date', 'x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset']
      const same = Object.entries(headers).filter(([header]) => !own.includes(header))
      return { status, headers: Object.fromEntries(same), body: body.toString('latin1') }
    }
    const first = await show('everyone')
    expect(await load(first)).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } })
    const never = await load('never-was-a-name-of-it')
    await show('nobody')
    expect([never.status, await load(first)]).toEqual([404, never])
    const second = await show('everyone')
    expect([(await load(second)).status, await load(first)]).toEqual([200, never])
    await people.owner.http.campaign.undo.mutate({ roomId, campaignId, key: newKey() })
    await people.owner.http.campaign.redo.mutate({ roomId, campaignId, key: newKey() })
    expect([await load(first), await load(second)]).toEqual([never, never])
    const third = await show('everyone')
    await people.owner.http.campaign.deactivate.mutate({ roomId, key: newKey() })
    expect(await load(third)).toEqual(never)
    await people.owner.http.campaign.activate.mutate({ roomId, campaignId, key: newKey() })
    expect(await load(third)).toEqual(never)
  })

  it('a face has 96 pixels and few bytes at any zoom, and no crop but that of the portrait is cut', async () => {
    const { roomId, campaignId, users: people } = room
    const photo = await samplePhoto({ width: 1_600, height: 1_200 })
    const sent = await sendPicture(testbed.url, people.owner.session.token, photo, { roomId })
    const operate = (operation: PictureOperation) =>
      people.owner.http.pictures.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    const crop = { x: 0.1, y: 0.9, zoom: 8 }
    await operate({ type: 'setPortrait', characterId: 'pc', pictureId: sent.picture?.id ?? '', crop })
    const { state } = await people.owner.http.campaign.get.query({ roomId, campaignId })
    const portrait = state.characters.find(({ id }) => id === 'pc')?.portrait
    const ofDms = state.pictures?.find(({ id }) => id === portrait?.pictureId)
    const load = (name: string | undefined, file: string) => loadPicture(testbed.url, campaignId, name ?? '', file)
    for (const name of [portrait?.name, ofDms?.name]) {
      const { status, headers, body } = await load(name, faceFile(crop))
      expect([status, headers['content-type'], body.toString('latin1', 8, 12)]).toEqual([200, 'image/webp', 'WEBP'])
      expect(body.length).toBeLessThanOrEqual(8_192)
      expect(Number(headers['content-length'])).toBe(body.length)
    }
    const other = { ...crop, zoom: 7 }
    expect((await load(portrait?.name, faceFile(other))).status).toBe(404)
    await operate({ type: 'cropPortrait', characterId: 'pc', crop: other })
    expect((await load(portrait?.name, faceFile(other))).status).toBe(200)
    expect((await load(portrait?.name, faceFile(crop))).status).toBe(404)
    // A handout has no face.
    const { handoutId } = await operate({
      type: 'addHandout',
      title: 'T',
      text: '',
      alt: '',
      pictureId: portrait?.pictureId ?? null,
    })
    await operate({ type: 'show', id: handoutId ?? '', to: 'everyone' })
    const shown = (await people.owner.http.campaign.get.query({ roomId, campaignId })).state.handouts
    const ofHandout = shown?.find(({ id }) => id === handoutId)?.name ?? undefined
    expect((await load(ofHandout, '640.webp')).status).toBe(200)
    expect((await load(ofHandout, faceFile(other))).status).toBe(404)
    await operate({ type: 'setPortrait', characterId: 'pc', pictureId: null, crop })
    expect((await load(portrait?.name, faceFile(other))).status).toBe(404)
  })

  it('a removed player, a banned one and a demoted DM end all names that they knew, in the same step', async () => {
    const names = async () => {
      const { roomId, campaignId } = room
      const { state } = await room.users.owner.http.campaign.get.query({ roomId, campaignId })
      return [...JSON.stringify(state).matchAll(/"name":"([A-Za-z0-9_-]{22})"/g)].map(([, name]) => name)
    }
    await prepared()
    const { roomId } = room
    const { owner } = room.users
    const kick = (caller: RoomCaller) => ({ roomId, key: newKey(), userId: users[caller].session.userId })
    for (const remove of [
      () => owner.http.rooms.kick.mutate(kick('another player')),
      () => owner.http.rooms.ban.mutate(kick('player of the character')),
      () => owner.http.rooms.setRole.mutate({ ...kick('dm'), role: 'player' }),
    ]) {
      const before = await names()
      expect(before.length).toBeGreaterThan(2)
      await remove()
      const after = await names()
      expect([after.length, after.filter((name) => before.includes(name))]).toEqual([before.length, []])
    }
  })
}
