// Tries every operation on maps as every role, on either database: the rights that the contract declares are the ones that hold.
import { mapRights, type MapOperation, type MapOperationType } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerOptions } from '../server.ts'
import { callProcedure, openTestRoom, type TestRoom } from './real-calls.ts'
import { joinRoomCallers, roomCallers, type RoomCaller } from './room-callers.ts'
import { newKey, openTestbed, type TestUser } from './testbed.ts'

/** On a map that is shown: the token of the character `pc`, and an area of the caller. */
type Prepared = { map: string; token: string; area: string }

const shape = { kind: 'circle' as const, centre: { x: 100, y: 100 }, radius: 50 }
const placed = { name: 'A chest', x: 32, y: 32, size: 1, visible: true, darkvision: 0 }

/** One of each type. */
const operations: { [T in MapOperationType]: (on: Prepared) => Extract<MapOperation, { type: T }> } = {
  addMap: () => ({ type: 'addMap', title: 'Cave', picture: { width: 512, height: 512 } }),
  editMap: ({ map }) => ({ type: 'editMap', id: map, title: 'Another cave' }),
  removeMap: ({ map }) => ({ type: 'removeMap', id: map }),
  showMap: ({ map }) => ({ type: 'showMap', id: map }),
  changeFog: ({ map }) => ({ type: 'changeFog', mapId: map, stroke: { kind: 'all' }, reveals: true }),
  addTokens: ({ map }) => ({ type: 'addTokens', mapId: map, tokens: [{ ...placed, characterId: null }] }),
  moveToken: ({ token }) => ({ type: 'moveToken', id: token, way: [{ x: 96, y: 96 }] }),
  editToken: ({ token }) => ({ type: 'editToken', id: token, size: 2 }),
  removeTokens: ({ token }) => ({ type: 'removeTokens', ids: [token] }),
  setDoor: ({ map }) => ({ type: 'setDoor', mapId: map, doorId: 'd1', isOpen: true }),
  placeArea: ({ map }) => ({ type: 'placeArea', mapId: map, shape, visible: true }),
  removeArea: ({ area }) => ({ type: 'removeArea', id: area }),
}

/** Whether the declared right lets that caller carry it out: with the token of the first player, and an area that they placed. */
function mayOperate(type: MapOperationType, caller: RoomCaller): boolean {
  switch (caller) {
    case 'owner':
    case 'dm':
      return true
    case 'player of the character':
      return mapRights[type] === 'own'
    case 'another player':
      return type === 'placeArea'
    case 'spectator':
    case 'stranger':
      return false
  }
}

const refusals = ['NOT_THE_DM', 'FORBIDDEN', 'NOT_A_MEMBER']

export function mapContract(given: () => Promise<ServerOptions>): void {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let room: TestRoom
  let users: Record<RoomCaller, TestUser>
  let prepared: Prepared

  beforeAll(async () => {
    testbed = await openTestbed({}, await given())
    room = await openTestRoom(testbed)
    users = await joinRoomCallers(testbed, room)
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const call = (caller: RoomCaller, operation: MapOperation, campaignId = room.campaignId) => {
    const request = { roomId: room.roomId, campaignId, key: newKey(), operation }
    return callProcedure(testbed.url, 'maps.operate', request, users[caller].session.token)
  }
  const operate = async (operation: MapOperation, as: TestUser = room.users.owner) => {
    const { roomId, campaignId } = room
    const { madeIds } = await as.http.maps.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    return madeIds[0] ?? ''
  }
  /** A map of its own with its parts. The maps of the operations before go. */
  const prepare = async (): Promise<Prepared> => {
    const { roomId, campaignId } = room
    const { state } = await room.users.owner.http.campaign.get.query({ roomId, campaignId })
    for (const { id } of state.maps ?? []) await operate({ type: 'removeMap', id })
    const none = { map: '', token: '', area: '' }
    const map = await operate(operations.addMap(none))
    await operate({ type: 'showMap', id: map })
    const token = await operate({ type: 'addTokens', mapId: map, tokens: [{ ...placed, characterId: 'pc' }] })
    const area = await operate({ type: 'placeArea', mapId: map, shape, visible: true }, room.users.player)
    return (prepared = { map, token, area })
  }

  describe.each(roomCallers)('%s', (caller) => {
    for (const [type, operationOf] of Object.entries(operations) as [
      MapOperationType,
      (on: Prepared) => MapOperation,
    ][])
      it(`${mayOperate(type, caller) ? 'carries out' : 'is refused'} ${type}`, async () => {
        const { code } = await call(caller, operationOf(await prepare()))
        // The empty map has no door.
        if (mayOperate(type, caller)) expect(code).toBe(type === 'setDoor' ? 'NOT_FOUND' : 'OK')
        else expect(refusals).toContain(code)
      })

    it(`${mayOperate('setDoor', caller) ? 'reads' : 'gets no'} walls and fog`, async () => {
      const { map } = await prepare()
      const { roomId, campaignId } = room
      const { token } = users[caller].session
      for (const path of ['maps.walls', 'maps.fog']) {
        const { code } = await callProcedure(testbed.url, path, { roomId, campaignId, mapId: map }, token)
        if (mayOperate('setDoor', caller)) expect(code).toBe('OK')
        else expect(refusals).toContain(code)
      }
    })
  })

  it('a player acts on no other map than the one that is shown, and in no campaign that is not open', async () => {
    const { map, token } = await prepare()
    const other = await operate(operations.addMap(prepared))
    const area = { type: 'placeArea' as const, shape, visible: true }
    const hidden = await call('player of the character', { ...area, mapId: other })
    expect(hidden.code).toBe('NOT_FOUND')
    expect(hidden).toEqual(await call('player of the character', { ...area, mapId: 'there-is-none' }))
    const move = operations.moveToken({ map, token, area: '' })
    const closed = await call('player of the character', move, room.spareId)
    expect(closed.code).toBe('CAMPAIGN_NOT_FOUND')
    expect(closed).toEqual(await call('player of the character', move, 'there-is-none'))
    await operate({ type: 'showMap', id: other })
    const gone = await call('player of the character', move)
    expect(gone.code).toBe('FORBIDDEN')
    expect(gone).toEqual(await call('player of the character', { ...move, id: 'there-is-none' }))
  })

  it('two DMs who act at once both succeed, and every page has the same map', async () => {
    const { map } = await prepare()
    const strokes = Array.from({ length: 8 }, (_none, at) => ({
      type: 'changeFog' as const,
      mapId: map,
      stroke: { kind: 'rectangle' as const, from: { x: at * 64, y: 0 }, to: { x: at * 64 + 64, y: 64 } },
      reveals: true,
    }))
    const codes = await Promise.all(strokes.map((stroke, at) => call(at % 2 === 0 ? 'owner' : 'dm', stroke)))
    expect(codes.map(({ code }) => code)).toEqual(strokes.map(() => 'OK'))
    const { roomId, campaignId } = room
    const { version } = await room.users.owner.http.maps.fog.query({ roomId, campaignId, mapId: map })
    expect(version).toBe(8)
  })

  it('a removed player, a banned one and a demoted DM end all names of tiles, in the same step', async () => {
    const { map } = await prepare()
    await operate(operations.changeFog({ map, token: '', area: '' }))
    const { roomId, campaignId } = room
    const names = async () => {
      const { state } = await room.users.owner.http.campaign.get.query({ roomId, campaignId })
      return [...(state.maps ?? []), ...(state.tiles ?? [])].map(({ name }) => name)
    }
    const { owner } = room.users
    const of = (caller: RoomCaller) => ({ roomId, key: newKey(), userId: users[caller].session.userId })
    for (const remove of [
      () => owner.http.rooms.kick.mutate(of('another player')),
      () => owner.http.rooms.ban.mutate(of('player of the character')),
      () => owner.http.rooms.setRole.mutate({ ...of('dm'), role: 'player' }),
    ]) {
      const before = await names()
      expect(before.length).toBeGreaterThan(1)
      await remove()
      const after = await names()
      expect([after.length, after.filter((name) => before.includes(name))]).toEqual([before.length, []])
    }
    // The demoted DM has lost the rights under the room's lock.
    expect((await call('dm', operations.changeFog({ map, token: '', area: '' }))).code).toBe('NOT_THE_DM')
  })
}
