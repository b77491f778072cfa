import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dee, type FightRoom, openFightRoom, pat, pia } from '../testing/fight-room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

describe('the commands of a fight', () => {
  const say = (room: FightRoom, message: string, caller = dee) =>
    room.orchestrator.processChatMessage({ ...room.request(caller), message })

  it('are one step each, which one undo takes back', async () => {
    const room = await openFightRoom(store)
    await say(room, '/damage 2d6+3 fire Mira, Tobin half')
    expect([await room.hp('mira'), await room.hp('tobin')]).toEqual([11, 16])
    await say(room, '/undo')
    expect([await room.hp('mira'), await room.hp('tobin')]).toEqual([20, 20])
  })

  it('of undo and redo overwrite a later step only with “anyway”, which the refusal names', async () => {
    const room = await openFightRoom(store)
    await room.operate({
      type: 'startEncounter',
      name: 'Fight',
      fighters: [],
      joining: ['mira', 'tobin'],
      surprised: [],
      roll: 'nobody',
    })
    await room.operate({ type: 'rollInitiative', targets: ['tobin'] }, pia)
    await expect(say(room, '/undo')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('write /undo anyway'),
    })
    await expect(say(room, '/undo all')).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
    await expect(say(room, '/undo anyway', pat)).rejects.toMatchObject({ code: 'NOT_THE_DM' })
    expect((await say(room, '/undo Anyway')).message).toMatch(/^Undid /)
    expect(await room.state()).toMatchObject({ encounter: null, turn: { order: [], current: null } })
  })

  it('refuse with the reason, and with names to choose from', async () => {
    const room = await openFightRoom(store)
    await expect(say(room, '/damage 7 Nobody')).rejects.toMatchObject({
      code: 'UNKNOWN_COMMAND',
      message: expect.stringContaining('Mira'),
      details: { refusal: 'name' },
    })
    await expect(say(room, '/damage 7 Goblin', pat)).rejects.toMatchObject({
      code: 'UNKNOWN_COMMAND',
      message: expect.not.stringContaining('20'),
    })
    await expect(say(room, '/heal 3 Tobin', pat)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('bring in creatures by their names', async () => {
    const room = await openFightRoom(store)
    const { blocks } = room.orchestrator.fights
    const bear = { id: 'bear', name: 'Cave Bear', ac: 12, hp: 42, initiative: 0, traits: [], actions: [] }
    const abilities = { str: 20, dex: 10, con: 16, int: 2, wis: 13, cha: 7 }
    await blocks.put({ ...room.request(), blocks: [{ ...bear, abilities }] })
    await say(room, '/add 2 cave bears')
    expect((await room.state()).characters.slice(3).map(({ name }) => name)).toEqual(['Cave Bear 1', 'Cave Bear 2'])
    await expect(say(room, '/add 1 unicorn')).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
    await expect(say(room, '/add 1 cave bear', pat)).rejects.toMatchObject({ code: 'NOT_THE_DM' })
  })
})
