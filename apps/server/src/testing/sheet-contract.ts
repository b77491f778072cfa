// Tries every operation on sheets as every role, on either database, and looks for their words in every byte that others receive.
import { emptySheet, type Sheet } from '@tablecast/bestiary'
import { sheetRights, type SheetOperation, type SheetOperationType } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ServerOptions } from '../server.ts'
import { callProcedure, openTestRoom, type TestRoom } from './real-calls.ts'
import { joinRoomCallers, roomCallers, type RoomCaller } from './room-callers.ts'
import { newKey, openTestbed, type TestUser, until } from './testbed.ts'

const sheet: Sheet = {
  ...emptySheet,
  heading: 'CANARY heading',
  attacks: [{ name: 'CANARY bow', toHit: 5, damage: '1d8' }],
  resources: [{ key: 'canary', name: 'CANARY luck', most: 3, back: 'short' }],
  rolls: [{ name: 'CANARY roll', notation: '1d20+5' }],
  notes: 'CANARY notes',
}
const proposed = { name: 'CANARY Ilse', hp: 9, armourClass: 12, sheet }

/** One of each type, on the character `pc` and a request of its player. */
const operations: { [T in SheetOperationType]: (on: Prepared) => Extract<SheetOperation, { type: T }> } = {
  save: ({ hash }) => ({ type: 'save', characterId: 'pc', was: hash, sheet: { ...sheet, level: 2 } }),
  rest: () => ({ type: 'rest', characterId: 'pc', kind: 'long' }),
  propose: () => ({ type: 'propose', character: proposed }),
  accept: ({ requestId }) => ({ type: 'accept', requestId }),
  decline: ({ requestId }) => ({ type: 'decline', requestId }),
}

type Prepared = { hash: string | null; requestId: string }

function mayOperate(type: SheetOperationType, caller: RoomCaller): boolean {
  switch (caller) {
    case 'owner':
    case 'dm':
      return true
    case 'player of the character':
      return sheetRights[type] !== 'dm'
    case 'another player':
      return sheetRights[type] === 'player'
    case 'spectator':
    case 'stranger':
      return false
  }
}

const mayRead = (caller: RoomCaller): boolean => mayOperate('save', caller)
const refusals = ['NOT_THE_DM', 'FORBIDDEN', 'NOT_A_MEMBER']

export function sheetContract(given: () => Promise<ServerOptions>): void {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let room: TestRoom
  let users: Record<RoomCaller, TestUser>

  beforeAll(async () => {
    testbed = await openTestbed({}, await given())
    room = await openTestRoom(testbed)
    users = await joinRoomCallers(testbed, room)
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const call = (caller: RoomCaller, operation: SheetOperation, campaignId = room.campaignId) => {
    const request = { roomId: room.roomId, campaignId, key: newKey(), operation }
    return callProcedure(testbed.url, 'sheets.operate', request, users[caller].session.token)
  }
  const operate = (operation: SheetOperation, as: TestUser) => {
    const { roomId, campaignId } = room
    return as.http.sheets.operate.mutate({ roomId, campaignId, key: newKey(), operation })
  }
  /** A sheet of `pc` and a request of its player. The requests before go. */
  const prepare = async (): Promise<Prepared> => {
    const { roomId, campaignId } = room
    const { owner, player } = room.users
    const { state } = await owner.http.campaign.get.query({ roomId, campaignId })
    for (const { id } of state.requests ?? []) await operate({ type: 'decline', requestId: id }, owner)
    const was = state.characters.find(({ id }) => id === 'pc')?.sheet?.hash ?? null
    const { hash } = await operate({ type: 'save', characterId: 'pc', was, sheet }, player)
    const { id } = await operate({ type: 'propose', character: proposed }, player)
    return { hash, requestId: id }
  }

  describe.each(roomCallers)('%s', (caller) => {
    for (const [type, operationOf] of Object.entries(operations) as [
      SheetOperationType,
      (on: Prepared) => SheetOperation,
    ][])
      it(`${mayOperate(type, caller) ? 'carries out' : 'is refused'} ${type}`, async () => {
        const { code } = await call(caller, operationOf(await prepare()))
        if (mayOperate(type, caller)) expect(code).toBe('OK')
        else expect(refusals).toContain(code)
      })

    it(`${mayRead(caller) ? 'reads' : 'gets no'} sheet of the character and of the request`, async () => {
      const { requestId } = await prepare()
      const { roomId, campaignId } = room
      for (const id of ['pc', requestId]) {
        const answer = await callProcedure(
          testbed.url,
          'sheets.get',
          { roomId, campaignId, id },
          users[caller].session.token,
        )
        if (mayRead(caller)) expect(JSON.stringify(answer)).toContain('CANARY notes')
        else expect(refusals).toContain(answer.code)
        if (!mayRead(caller)) expect(JSON.stringify(answer)).not.toContain('CANARY')
      }
    })
  })

  it('a player acts in no campaign that is not open, and a foreign character is as one that is not there', async () => {
    const on = await prepare()
    const closed = await call('player of the character', operations.save(on), room.spareId)
    expect(closed.code).toBe('CAMPAIGN_NOT_FOUND')
    expect(closed).toEqual(await call('player of the character', operations.save(on), 'there-is-none'))
    const foreign = await call('another player', operations.save(on))
    expect(foreign).toEqual(await call('another player', { ...operations.save(on), characterId: 'there-is-none' }))
  })

  it('nothing that others receive holds a word of a sheet or a request', async () => {
    const fresh = await openTestRoom(testbed)
    const others = await joinRoomCallers(testbed, fresh)
    const { roomId, campaignId } = fresh
    const { player, dm } = fresh.users
    const received: string[] = []
    const path = `/ws/campaign/player?room=${roomId}&token=${others['another player'].session.token}`
    const socket = new WebSocket(testbed.wsUrl + path)
    socket.on('message', (data: Buffer) => received.push(data.toString()))
    await until(() => received.length > 0)
    const act = (operation: SheetOperation, as = player) =>
      as.http.sheets.operate.mutate({ roomId, campaignId, key: newKey(), operation })
    await act({ type: 'save', characterId: 'pc', was: null, sheet })
    const spend = { type: 'use' as const, id: 'pc', key: 'canary', count: 1 }
    await player.http.campaign.operate.mutate({ roomId, campaignId, key: newKey(), operation: spend })
    await act({ type: 'rest', characterId: 'pc', kind: 'short' })
    const { id } = await act({ type: 'propose', character: proposed })
    await act({ type: 'decline', requestId: id }, dm)
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'THE END' })
    await until(() => received.some((text) => text.includes('THE END')))
    socket.terminate()
    for (const other of ['another player', 'spectator'] as const)
      for (const one of ['campaign.since', 'campaign.whispersSince', 'presence.since'])
        received.push(
          JSON.stringify(await callProcedure(testbed.url, one, { roomId, cursor: null }, others[other].session.token)),
        )
    const text = received.join('\n')
    expect(text).toContain('THE END')
    expect(text).not.toMatch(/canary|[0-9a-f]{64}/i)
    const own = await player.http.campaign.whispersSince.query({ roomId, cursor: null })
    expect(JSON.stringify(own)).toContain('CANARY luck')
  })

  it('a repeated call spends, rests and asks once', async () => {
    await prepare()
    const { roomId, campaignId } = room
    const { player, owner } = room.users
    const left = async () => {
      const { state } = await owner.http.campaign.get.query({ roomId, campaignId })
      return [state.characters.find(({ id }) => id === 'pc')?.uses?.[0]?.left, state.requests?.length]
    }
    const [before = 0] = await left()
    const spend = { roomId, campaignId, key: newKey(), operation: { type: 'use' as const, id: 'pc', key: 'canary' } }
    await Promise.all([1, 2, 3].map(() => player.http.campaign.operate.mutate(spend)))
    const ask = { roomId, campaignId, key: newKey(), operation: operations.propose({ hash: null, requestId: '' }) }
    const answers = await Promise.all([1, 2, 3].map(() => player.http.sheets.operate.mutate(ask)))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(await left()).toEqual([before - 1, 2])
  })

  it('a player reads a pasted character, and nothing of it is stored', async () => {
    const { roomId, campaignId } = room
    const character = {
      name: 'Borin',
      baseHitPoints: 24,
      stats: [16, 10, 14, 8, 12, 10].map((value, index) => ({ id: index + 1, value })),
      classes: [{ level: 3, definition: { name: 'Cleric' } }],
    }
    const input = { roomId, text: JSON.stringify({ data: character }) }
    const { characters } = await room.users.player.http.sheets.read.query(input)
    expect(characters).toMatchObject([{ name: 'Borin', sheet: { level: 3, abilities: { str: 16 } } }])
    const { state } = await room.users.owner.http.campaign.get.query({ roomId, campaignId })
    expect(state.characters.map(({ name }) => name)).not.toContain('Borin')
    const { code } = await callProcedure(
      testbed.url,
      'sheets.read',
      { roomId, text: '{'.repeat(1_000) },
      room.users.player.session.token,
    )
    expect(code).toBe('VALIDATION_FAILED')
  })
}
