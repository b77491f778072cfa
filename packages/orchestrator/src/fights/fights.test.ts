import { playerView } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dan, damage, openFightRoom, pat, pia } from '../testing/fight-room.ts'
import { foldedView, startFight } from '../testing/goblin-fight.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

describe('a prepared encounter', () => {
  it('starts with one call: its creatures are in the order, and players are asked to roll', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const { characters, turn, encounter } = await room.state()
    expect(characters).toHaveLength(11)
    expect(characters.filter(({ creature }) => creature === 'Goblin').map(({ name }) => name)).toEqual(
      // The goblin of the campaign counts, so these go on after it.
      ['Goblin 2', 'Goblin 3', 'Goblin 4', 'Goblin 5', 'Goblin 6', 'Goblin 7'],
    )
    expect(turn.order).toHaveLength(10)
    expect(encounter?.awaiting).toEqual(['mira', 'tobin'])
    await room.operate({ type: 'rollInitiative', targets: ['mira'], rolled: 20 }, pat)
    expect((await room.state()).encounter?.awaiting).toEqual(['tobin'])
    expect((await room.state()).turn.order[0]).toBe('mira')
  })

  it('shows players aliases, their own numbers and bands, and nothing else of the creatures', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const view = playerView(await room.state())
    expect(view.characters.map(({ name }) => name)).toEqual([
      'Mira',
      'Tobin',
      ...[1, 2, 3, 4, 5, 6].map((number) => `Goblin ${number}`),
      'Hooded figure',
    ])
    expect(view.characters.at(-1)).toEqual({
      id: expect.any(String),
      name: 'Hooded figure',
      kind: 'monster',
      hp: null,
      health: 'unhurt',
      armourClass: null,
      conditions: [],
      initiative: expect.any(Number),
      ownerId: null,
      initials: 'HF',
      side: 'foe',
      portrait: null,
      downed: null,
      concentration: null,
    })
    expect(view.encounter).toEqual({ awaiting: ['mira', 'tobin'] })
    expect(foldedView(room)).toEqual(view)
    const figure = (await room.state()).characters.find(({ alias }) => alias)?.id ?? ''
    await room.operate({ type: 'concentrate', id: figure, on: 'fog' })
    await room.operate(damage(9, figure, 'mira'))
    await room.operate({ type: 'addCondition', targets: [figure], condition: 'prone' })
    expect(foldedView(room)).toEqual(playerView(await room.state()))
    expect(room.playersBytes()).not.toMatch(/CANARY|ambush|xp|armourClass":15|"uses"|"block"|initiativeBonus/)
    await room.operate({ type: 'revealName', targets: [figure] })
    expect(room.playersBytes()).toContain('CANARY the Real')
  })

  it('rolls for creatures without telling players their bonus', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const rolled = (await room.entries()).filter(({ text }) => text.includes('for initiative'))
    expect(rolled.some(({ audience }) => audience === 'dm')).toBe(true)
    expect(room.playersBytes()).not.toContain('1d20+2')
  })
})

describe('an operation', () => {
  it('is carried out once for a key, whatever happened in between', async () => {
    const room = await openFightRoom(store)
    const asked = { ...room.request(), campaignId: room.campaignId, operation: damage(3, 'mira') }
    const first = await room.orchestrator.fights.operate(asked)
    await room.operate(damage(1, 'mira'), dan)
    expect(await room.orchestrator.fights.operate(asked)).toEqual(first)
    expect(await room.hp('mira')).toBe(16)
  })

  it('that ends a turn changes nothing when it is repeated with another key', async () => {
    const room = await openFightRoom(store)
    for (const id of ['mira', 'tobin']) await room.operate({ type: 'setInitiative', id, initiative: 5 })
    await room.operate({ type: 'advanceTurn', ends: { fighter: null, round: 0 }, direction: 'next' })
    const end = { type: 'advanceTurn', ends: { fighter: 'mira', round: 1 }, direction: 'next' } as const
    const { version } = await room.operate(end)
    const events = room.events.length
    expect(await room.operate(end, dan)).toEqual({ seq: 0, version, due: [], summary: null })
    expect(room.events).toHaveLength(events)
    expect((await room.state()).turn).toMatchObject({ current: 'tobin', round: 1 })
  })

  it('that the rules refuse says why, and changes nothing', async () => {
    const room = await openFightRoom(store)
    const before = await room.state()
    await expect(room.operate({ type: 'deathSave', id: 'mira' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'Mira is not dying and makes no death save.',
    })
    expect(await room.state()).toEqual(before)
  })

  it('that hurts one who concentrates says the DC to the DM, and to the player of that character', async () => {
    const room = await openFightRoom(store)
    await room.operate({ type: 'concentrate', id: 'mira', on: 'bless' })
    const due = [{ kind: 'concentration', fighter: 'mira', on: 'bless', dc: 10 }]
    expect(await room.operate(damage(3, 'mira'))).toMatchObject({ due })
    expect(await room.operate(damage(3, 'mira'), pat)).toMatchObject({ due, version: null })
  })
})

describe('a player', () => {
  it('hurts, heals and ends the turn of their own character, and no other', async () => {
    const room = await openFightRoom(store)
    await room.operate(damage(5, 'mira'), pat)
    await room.operate({ type: 'heal', targets: ['mira'], amount: 2 }, pat)
    expect(await room.hp('mira')).toBe(17)
    const refused = { code: 'FORBIDDEN', message: 'This is not your character. The DM can do that.' }
    // A hidden character is answered as one that is not there.
    for (const id of ['tobin', 'goblin', 'nobody'])
      await expect(room.operate(damage(5, id), pat)).rejects.toMatchObject(refused)
    await expect(room.operate(damage(5, 'mira', 'tobin'), pat)).rejects.toMatchObject(refused)
    await expect(room.operate({ type: 'defeat', targets: ['mira'] }, pat)).rejects.toMatchObject({ code: 'NOT_THE_DM' })
  })

  it('heals others only while the DM lets players heal each other', async () => {
    const room = await openFightRoom(store)
    await room.operate(damage(9, 'tobin', 'goblin'))
    const heal = (id: string) => room.operate({ type: 'heal', targets: [id], amount: 4 }, pat)
    await expect(heal('tobin')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const edit = { ...room.request(), campaignId: room.campaignId, baseVersion: 1, patch: { playersHeal: true } }
    await room.orchestrator.editCampaign(edit)
    await heal('tobin')
    expect(await room.hp('tobin')).toBe(15)
    await expect(heal('goblin')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(room.operate(damage(1, 'tobin'), pat)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(foldedView(room)?.playersHeal).toBe(true)
  })
})

describe('an undo in a fight', () => {
  it('gives back the amount that was applied, under later steps of players', async () => {
    const room = await openFightRoom(store)
    await room.operate(damage(7, 'mira', 'goblin'))
    await room.operate(damage(4, 'mira'), pat)
    await room.operate({ type: 'addCondition', targets: ['mira'], condition: 'prone' }, pat)
    await room.undo()
    expect([await room.hp('mira'), await room.hp('goblin')]).toEqual([16, 20])
    expect((await room.state()).characters[0]?.conditions).toEqual(['prone'])
    await room.redo()
    expect([await room.hp('mira'), await room.hp('goblin')]).toEqual([9, 13])
    await room.undo()
    expect([await room.hp('mira'), await room.hp('goblin')]).toEqual([16, 20])
  })

  it('gives back only what was really taken, not what was asked', async () => {
    const room = await openFightRoom(store)
    await room.operate(damage(50, 'goblin'))
    expect((await room.state()).characters[2]).toMatchObject({ hp: { current: 0 }, downed: { state: 'defeated' } })
    await room.undo()
    expect((await room.state()).characters[2]).toMatchObject({ hp: { current: 20 }, downed: null })
  })

  it('names the later step that wrote the same list or turn, and asks', async () => {
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
    const before = await room.state()
    await expect(room.undo()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Tobin'),
      details: { step: { step: 1 }, later: { step: 2 } },
    })
    expect(await room.state()).toEqual(before)
    await room.undo({ force: true })
    expect(await room.state()).toMatchObject({ encounter: null, turn: { order: [], current: null } })
  })

  it('takes back a whole turn: what its start and end ran is the same step', async () => {
    const room = await openFightRoom(store)
    for (const id of ['mira', 'tobin']) await room.operate({ type: 'setInitiative', id, initiative: 5 })
    await room.operate({ type: 'advanceTurn', ends: { fighter: null, round: 0 }, direction: 'next' })
    await room.operate({
      type: 'addCondition',
      targets: ['tobin'],
      condition: 'stunned',
      for: { kind: 'turn', at: 'end', of: 'mira' },
    })
    const before = await room.state()
    await room.operate({ type: 'advanceTurn', ends: { fighter: 'mira', round: 1 }, direction: 'next' })
    expect((await room.state()).characters[1]?.conditions).toEqual([])
    await room.undo()
    expect(await room.state()).toEqual(before)
  })
})
