// Tries every operation of a fight as every role, on either database: the rights that the contract declares are the ones that hold.
import { operationRights } from '@tablecast/contracts'
import type { Operation, OperationType } from '@tablecast/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ServerOptions } from '../server.ts'
import { callProcedure, openTestRoom, type TestRoom } from './real-calls.ts'
import { joinRoomCallers, roomCallers } from './room-callers.ts'
import { newKey, openTestbed, type TestUser, until } from './testbed.ts'

const callers = [...roomCallers, 'another player who may heal'] as const
type Caller = (typeof callers)[number]

/** One of each type, on the character `pc`. */
const operations: { [T in OperationType]: Extract<Operation, { type: T }> } = {
  damage: { type: 'damage', targets: [{ id: 'pc', take: 'all' }], amount: 1, critical: false },
  attack: { type: 'attack', by: 'pc', action: 'Dagger', target: null, secret: true },
  heal: { type: 'heal', targets: ['pc'], amount: 1 },
  setTemp: { type: 'setTemp', targets: ['pc'], amount: 1 },
  setHitPoints: { type: 'setHitPoints', targets: ['pc'], current: 9 },
  addCondition: { type: 'addCondition', targets: ['pc'], condition: 'prone' },
  removeCondition: { type: 'removeCondition', targets: ['pc'], condition: 'prone' },
  concentrate: { type: 'concentrate', id: 'pc', on: 'bless' },
  save: { type: 'save', targets: ['pc'], ability: 'dex', dc: 10, concentration: false },
  setInitiative: { type: 'setInitiative', id: 'pc', initiative: 7 },
  rollInitiative: { type: 'rollInitiative', targets: ['pc'] },
  advanceTurn: { type: 'advanceTurn', ends: { fighter: 'pc', round: 1 }, direction: 'next' },
  moveInOrder: { type: 'moveInOrder', id: 'pc', before: null },
  wait: { type: 'wait', id: 'pc', how: 'ready' },
  enterTurn: { type: 'enterTurn', id: 'pc' },
  deathSave: { type: 'deathSave', id: 'pc' },
  stabilise: { type: 'stabilise', id: 'pc' },
  defeat: { type: 'defeat', targets: ['pc'] },
  revive: { type: 'revive', targets: ['pc'], hitPoints: 9 },
  use: { type: 'use', id: 'pc', key: 'luck', count: 1 },
  setAlias: { type: 'setAlias', targets: ['pc'], alias: 'Hooded figure' },
  revealName: { type: 'revealName', targets: ['pc'] },
  show: { type: 'show', targets: ['pc'], visible: true },
  startEncounter: { type: 'startEncounter', name: 'F', fighters: [], joining: ['pc'], surprised: [], roll: 'nobody' },
  addFighters: { type: 'addFighters', fighters: [], joining: ['pc'], roll: 'nobody' },
  removeFighters: { type: 'removeFighters', targets: ['pc'], from: 'fight' },
  endEncounter: { type: 'endEncounter', removeFoes: 'none' },
}

const refusals = new Set(['NOT_THE_DM', 'FORBIDDEN', 'NOT_A_MEMBER', 'UNAUTHORIZED'])

/** Whether the declared right lets that caller carry out the operation on the character of the first player. */
function mayOperate(type: OperationType, caller: Caller): boolean {
  const right = operationRights[type]
  switch (caller) {
    case 'owner':
    case 'dm':
      return true
    case 'player of the character':
      return right !== 'dm'
    case 'another player who may heal':
      return right === 'ownAndAllies'
    case 'another player':
    case 'spectator':
    case 'stranger':
      return false
  }
}

export function operationContract(given: () => Promise<ServerOptions>): void {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let room: TestRoom
  let users: Record<Caller, TestUser>

  beforeAll(async () => {
    testbed = await openTestbed({}, await given())
    room = await openTestRoom(testbed)
    const joined = await joinRoomCallers(testbed, room)
    users = { ...joined, 'another player who may heal': joined['another player'] }
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const letPlayersHeal = async (playersHeal: boolean) => {
    const { roomId, campaignId } = room
    const { campaign } = await room.users.owner.http.campaign.get.query({ roomId, campaignId })
    const request = { roomId, campaignId, key: newKey(), baseVersion: campaign.version, patch: { playersHeal } }
    await room.users.owner.http.campaign.edit.mutate(request)
  }

  describe.each(callers)('%s', (caller) => {
    beforeAll(() => letPlayersHeal(caller === 'another player who may heal'))

    for (const [type, operation] of Object.entries(operations) as [OperationType, Operation][])
      it(`${mayOperate(type, caller) ? 'carries out' : 'is refused'} ${type}`, async () => {
        const { roomId, campaignId } = room
        const { token } = users[caller].session
        const request = { roomId, campaignId, key: newKey(), operation }
        const { code } = await callProcedure(testbed.url, 'campaign.operate', request, token)
        // The rules may refuse it, as a death save of one who is not dying. That is no question of the right.
        expect([type, caller, code, !refusals.has(code)]).toEqual([type, caller, code, mayOperate(type, caller)])
        expect(['OK', 'VALIDATION_FAILED', ...refusals]).toContain(code)
      })
  })

  it('a plain DM socket carries out every operation, and a plain player socket none', async () => {
    const answers = await Promise.all(
      (['dm', 'player'] as const).map(async (audience) => {
        const { token } = room.users[audience].session
        const path = `/ws/campaign/${audience}?room=${room.roomId}&token=${token}`
        const socket = new WebSocket(testbed.wsUrl + path)
        const received: { type: string; request_id?: string; error?: { code: string } }[] = []
        socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()) as (typeof received)[number]))
        await until(() => received.length > 0)
        for (const [type, operation] of Object.entries(operations))
          socket.send(JSON.stringify({ type: 'operate', operation, request_id: type }))
        const own = () => received.filter(({ request_id: id }) => id !== undefined)
        await until(() => own().length === Object.keys(operations).length)
        socket.terminate()
        return own()
      }),
    )
    const [ofDm = [], ofPlayer = []] = answers
    expect(ofDm.filter(({ type, error }) => type !== 'ack' && error?.code !== 'VALIDATION_FAILED')).toEqual([])
    expect(ofDm.some(({ type }) => type === 'ack')).toBe(true)
    expect(ofPlayer.every(({ type }) => type === 'error')).toBe(true)
  })
}
