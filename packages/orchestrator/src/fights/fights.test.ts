import {
  type CampaignDocument,
  inOneForm,
  type PlayerCampaignEvent,
  playerView,
  stateHash,
  applyPatch,
  type PlayerView,
} from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dan, damage, dee, type FightRoom, openFightRoom, pat, pia } from '../testing/fight-room.ts'
import { roomId } from '../testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

const goblins = {
  name: 'Goblin',
  count: 6,
  figures: { kind: 'monster' as const, hp: 7, armourClass: 15, initiativeBonus: 2, xp: 50 },
  hitPoints: 'average' as const,
  isHidden: false,
  isSurprised: false,
  sharesInitiative: false,
}
const boss = { ...goblins, name: 'CANARY the Real', count: 1, alias: 'Hooded figure' }
const lurker = { ...goblins, name: 'CANARY Lurker', count: 1, isHidden: true }

const block = (id: string) => ({
  id,
  name: `Wolf ${id}`,
  ac: 13,
  hp: 11,
  initiative: 2,
  cr: 0.25,
  type: 'beast',
  abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
  saves: { dex: 30 },
  traits: [],
  actions: [],
})

async function startFight(room: FightRoom) {
  const { orchestrator, campaignId, request } = room
  const plan = { notes: 'CANARY notes', creatures: [goblins, boss, lurker] }
  const { id } = await orchestrator.fights.encounters.save({
    ...request(),
    campaignId,
    version: 0,
    name: 'CANARY ambush',
    plan,
  })
  return orchestrator.fights.start({
    ...request(),
    campaignId,
    encounterId: id,
    joining: ['mira', 'tobin'],
    surprised: [],
    roll: 'foes',
  })
}

/** The view that a player's client has after all events, each checked against the hash in it. */
function foldedView(room: FightRoom): PlayerView | null {
  let view: PlayerView | null = null
  for (const { streamId, text } of room.events) {
    if (streamId !== `room:${roomId}:player`) continue
    const event = JSON.parse(text) as PlayerCampaignEvent
    if (event.type === 'campaign_loaded' || event.type === 'campaign_active') view = event.snapshot.view
    else if (event.type === 'campaign_updated' && view && event.patch) view = applyPatch(view, event.patch)
    if (view && 'hash' in event) expect(stateHash(view)).toBe(event.hash)
  }
  return view
}

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

describe('a campaign of an older version', () => {
  it('opens without the fields of fights, and a fight in it is undone', async () => {
    const room = await openFightRoom(store)
    await store.write(async ({ campaigns }) => {
      const row = await campaigns.get(room.campaignId)
      if (!row) throw new Error('the campaign is gone')
      const { encounter: _encounter, playersHeal: _playersHeal, ...old } = row.state
      const characters = old.characters.map(({ initiativeBonus: _bonus, ...character }) => character)
      await campaigns.save({ ...row, state: { ...old, characters } })
    })
    const before = await room.state()
    expect(before).toMatchObject({ encounter: null, playersHeal: false })
    await room.operate({
      type: 'startEncounter',
      name: 'Fight',
      fighters: [],
      joining: ['mira'],
      surprised: ['mira'],
      roll: 'everybody',
    })
    expect((await room.state()).encounter?.name).toBe('Fight')
    await room.undo()
    const after = await room.state()
    expect(after.encounter).toBeNull()
    expect(playerView(after)).toEqual(playerView(before))
  })
})

describe('a document of an older version', () => {
  it('is imported without a word about the new fields, and its steps are undone and redone around a fight', async () => {
    const room = await openFightRoom(store)
    const { library } = room.orchestrator
    const { text } = await library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    const document = JSON.parse(text) as CampaignDocument
    const { encounter: _encounter, playersHeal: _heal, ...old } = document.state
    const characters = old.characters.map(({ initiativeBonus: _bonus, ...character }) => character)
    const { id, report } = await library.importCampaign({
      ...room.request(),
      document: { ...document, state: { ...old, characters } },
    })
    expect([report.changed, report.leftOut]).toEqual([
      expect.not.arrayContaining([expect.stringContaining('fields')]) as string[],
      [],
    ])
    await room.orchestrator.activateCampaign({ ...room.request(), campaignId: id })
    const asked = () => ({ ...room.request(), campaignId: id })
    const sceneOf = async () => (await library.get(roomId, id)).state.scene
    await room.orchestrator.editCampaign({ ...asked(), baseVersion: 0, patch: { scene: 'A gate' } })
    // A step of an older version, of which the journal holds patches alone.
    const journal = await store.read((tables) => tables.journal.get(id, 1))
    expect(journal).toMatchObject({ operation: null, applied: null })
    await room.orchestrator.fights.operate({ ...asked(), operation: damage(3, 'mira') })
    await room.orchestrator.undo(asked())
    await room.orchestrator.undo(asked())
    expect(await sceneOf()).toBe('')
    await room.orchestrator.redo(asked())
    expect(await sceneOf()).toBe('A gate')
    await room.orchestrator.redo(asked())
    expect((await library.get(roomId, id)).state.characters[0]?.hp.current).toBe(17)
  })
})

describe('stat blocks and encounters', () => {
  it('are searched by name, type and challenge, and read by their address', async () => {
    const { orchestrator, request } = await openFightRoom(store)
    const { blocks } = orchestrator.fights
    const { references } = await blocks.put({ ...request(), blocks: [block('a'), block('b')] })
    expect((await blocks.search(roomId, 'WOLF b', 1)).found).toMatchObject([{ ...references[1], name: 'Wolf b' }])
    expect((await blocks.search(roomId, 'beast cr 1/4', 1)).more).toBe(true)
    expect((await blocks.search(roomId, 'dragon', 9)).found).toEqual([])
    expect((await blocks.get(roomId, { source: 'room', id: 'a' })).block).toEqual(block('a'))
    await blocks.remove({ ...request(), ids: ['a'] })
    await expect(blocks.get(roomId, { source: 'room', id: 'a' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are found as another node stored them after the search before', async () => {
    const { orchestrator, request } = await openFightRoom(store)
    const elsewhere = await openFightRoom(store)
    const { blocks } = orchestrator.fights
    const names = async () => (await blocks.search(roomId, 'sphinx', 9)).found.map(({ name }) => name)
    expect(await names()).toEqual([])
    const sphinx = { ...block('sphinx'), name: 'Old sphinx' }
    await elsewhere.orchestrator.fights.blocks.put({ ...request(), blocks: [sphinx] })
    expect(await names()).toEqual(['Old sphinx'])
    await elsewhere.orchestrator.fights.blocks.put({ ...request(), blocks: [{ ...sphinx, name: 'New sphinx' }] })
    expect(await names()).toEqual(['New sphinx'])
    await elsewhere.orchestrator.fights.blocks.remove({ ...request(), ids: ['sphinx'] })
    expect(await names()).toEqual([])
  })

  it('are listed for the first search alone, until one of them changes', async () => {
    let lists = 0
    const counting: Store = {
      kind: store.kind,
      ping: () => store.ping(),
      write: (work, options) => store.write(work, options),
      read: (work, options) =>
        store.read((tables) => {
          const list = (room: string) => {
            lists++
            return tables.statBlocks.list(room)
          }
          return work({ ...tables, statBlocks: { ...tables.statBlocks, list } })
        }, options),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
    const { orchestrator, request } = await openFightRoom(counting)
    const { blocks } = orchestrator.fights
    for (const typed of ['c', 'ch', 'chi']) await blocks.search(roomId, typed, 9)
    expect(lists).toBe(1)
    await blocks.put({ ...request(), blocks: [{ ...block('chimera'), name: 'Chimera' }] })
    for (const typed of ['chi', 'chim'])
      expect((await blocks.search(roomId, typed, 9)).found.map(({ name }) => name)).toEqual(['Chimera'])
    expect(lists).toBe(2)
  })

  it('give a creature its figures, and a saving throw its bonus', async () => {
    const room = await openFightRoom(store)
    const { fights } = room.orchestrator
    await fights.blocks.put({ ...room.request(), blocks: [block('wolf')] })
    const wolves = {
      name: 'Wolf',
      count: 2,
      block: { source: 'room' as const, id: 'wolf' },
      hitPoints: 'average' as const,
      isHidden: false,
      isSurprised: false,
      sharesInitiative: false,
    }
    await fights.add({ ...room.request(), campaignId: room.campaignId, creatures: [wolves], roll: 'foes' })
    const made = (await room.state()).characters.slice(3)
    expect(made).toMatchObject([
      { name: 'Wolf 1', hp: { current: 11, max: 11 }, armourClass: 13, block: { source: 'room', id: 'wolf' } },
      { name: 'Wolf 2' },
    ])
    // A bonus of 30 saves whatever the die shows.
    await room.operate({
      ...damage(8, ...made.map(({ id }) => id)),
      save: { ability: 'dex', dc: 30, onSave: 'half' },
    } as Parameters<typeof room.operate>[0])
    expect((await room.state()).characters.slice(3).map(({ hp }) => hp.current)).toEqual([7, 7])
  })

  it('are refused with a sentence where there are too many', async () => {
    const { orchestrator, campaignId, request } = await openFightRoom(store)
    const rows = Array.from({ length: 5_000 }, (_one, index) => ({
      id: `x${index}`,
      heading: '{}',
      hash: 'h',
      text: '{}',
    }))
    await store.write(({ statBlocks }) => statBlocks.put(roomId, rows, new Date().toISOString()))
    await expect(orchestrator.fights.blocks.put({ ...request(), blocks: [block('one-more')] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('at most 5,000 stat blocks'),
    })
    await store.write(({ statBlocks }) =>
      statBlocks.remove(
        roomId,
        rows.map(({ id }) => id),
      ),
    )
    await store.write(async ({ encounters }) => {
      for (let index = 0; index < 200; index++)
        await encounters.insert(campaignId, {
          id: `e${index}`,
          name: 'E',
          text: '{"notes":"","creatures":[]}',
          version: 1,
          createdAt: '2026-01-01T00:00:00.000Z',
          updatedAt: '2026-01-01T00:00:00.000Z',
        })
    })
    const plan = { notes: '', creatures: [] }
    await expect(
      orchestrator.fights.encounters.save({ ...request(), campaignId, version: 0, name: 'One more', plan }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('at most 200 encounters') })
  })

  it('are not written over by an editor who saw an older version', async () => {
    const { orchestrator, campaignId, request } = await openFightRoom(store)
    const { encounters } = orchestrator.fights
    const plan = { notes: '', creatures: [] }
    const saved = await encounters.save({ ...request(), campaignId, version: 0, name: 'One', plan })
    const edit = (name: string, caller = dee) =>
      encounters.save({ ...request(caller), campaignId, encounterId: saved.id, version: 1, name, plan })
    await edit('Two')
    await expect(edit('Three', dan)).rejects.toMatchObject({ code: 'CONFLICT', details: { name: 'Two', version: 2 } })
    expect(await encounters.list(roomId, campaignId)).toMatchObject([{ name: 'Two', version: 2 }])
  })
})

describe('an export', () => {
  const block = {
    id: 'wolf',
    name: 'Wolf',
    ac: 13,
    hp: 11,
    initiative: 2,
    abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
    traits: [],
    actions: [],
  }
  const { figures: _figures, ...several } = goblins
  const wolves = { ...several, name: 'Wolf', count: 1, block: { source: 'room' as const, id: 'wolf' } }

  it('carries the encounters, and the blocks that the campaign names, also into a room that has another such block', async () => {
    const room = await openFightRoom(store)
    const { fights, library } = room.orchestrator
    const { campaignId } = room
    await fights.blocks.put({ ...room.request(), blocks: [block, { ...block, id: 'unused' }] })
    await fights.add({ ...room.request(), campaignId, creatures: [wolves], roll: 'foes' })
    const plan = { notes: 'N', creatures: [wolves] }
    await fights.encounters.save({ ...room.request(), campaignId, version: 0, name: 'Pack', plan })
    const { text } = await library.export({ roomId, campaignId, format: 'json' })
    const document = JSON.parse(text) as CampaignDocument
    expect(document).toMatchObject({ formatVersion: 1, encounters: [{ name: 'Pack' }], statBlocks: [{ id: 'wolf' }] })
    // The room's wolf has changed since.
    await fights.blocks.put({ ...room.request(), blocks: [{ ...block, hp: 99 }] })
    const copy = await library.importCampaign({ ...room.request(), document })
    const [encounter] = await fights.encounters.list(roomId, copy.id)
    const address = encounter?.plan.creatures[0]?.block ?? { source: 'room', id: '' }
    expect(address.id).not.toBe('wolf')
    const { reference, block: arrived } = await fights.blocks.get(roomId, address)
    expect(arrived).toEqual({ ...block, id: address.id })
    const { state } = await library.get(roomId, copy.id)
    expect(state.characters.at(-1)?.block).toEqual(reference)
    expect((await fights.blocks.get(roomId, { source: 'room', id: 'wolf' })).block.hp).toBe(99)
    // The same again adds nothing.
    const before = await store.read(({ statBlocks }) => statBlocks.count(roomId))
    await library.importCampaign({ ...room.request(), document })
    expect(await store.read(({ statBlocks }) => statBlocks.count(roomId))).toBe(before)
    const duplicate = await library.duplicate({ ...room.request(), campaignId, name: 'D', withStory: false })
    expect(await fights.encounters.list(roomId, duplicate.id)).toMatchObject([{ name: 'Pack', plan }])
  })

  it('for players holds no encounter, stat block, alias’s real name or hidden figure', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const asked = { roomId, campaignId: room.campaignId, format: 'markdown', audience: 'player' } as const
    const { text } = await room.orchestrator.library.export(asked)
    expect(text).toContain('Hooded figure')
    expect(text).not.toMatch(/CANARY|Goblin [789]/)
  })
})

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

describe('the log of a turn', () => {
  it('has the same mark in each entry of a turn, which names neither the fight nor the fighter', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    await room.operate({ type: 'rollInitiative', targets: ['mira', 'tobin'] })
    const next = async () => {
      const { turn } = await room.state()
      await room.operate({
        type: 'advanceTurn',
        ends: { fighter: turn.current, round: turn.round },
        direction: 'next',
      })
    }
    await next()
    await room.operate(damage(1, 'mira'))
    await room.operate(damage(2, 'tobin'))
    const { turn, encounter } = await room.state()
    await next()
    await room.operate(damage(1, 'mira'))
    const marked = (await room.entries()).filter((entry) => entry.turn !== undefined && entry.audience === 'all')
    const [first, second] = [...new Set(marked.map((entry) => entry.turn))]
    expect(marked.map((entry) => entry.turn)).toEqual([first, first, first, second, second])
    for (const secret of [encounter?.id ?? '', turn.current ?? ''])
      expect(marked.some((entry) => entry.turn?.includes(secret))).toBe(false)
  })

  it('grows by entries of their own: the tenth hit of a turn sends as many bytes as the second', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    await room.operate({
      type: 'advanceTurn',
      ends: { fighter: null, round: 0 },
      direction: 'next',
    })
    const sizes: number[] = []
    for (let hits = 0; hits < 10; hits++) {
      const before = room.playersBytes().length
      await room.operate(damage(1, 'mira'))
      sizes.push(room.playersBytes().length - before)
    }
    // Numbers and bands have words of another length. Eight more sentences would be 250 bytes.
    expect(Math.abs((sizes[9] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(64)
  })
})

describe('a line about a creature with an alias', () => {
  it('has one form for a DM, with the alias and the real name, and the alias alone for players', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const figure = (await room.state()).characters.find(({ alias }) => alias)?.id ?? ''
    await room.operate({ type: 'damage', targets: [{ id: figure, take: 'all' }], amount: '1d4', critical: false })
    const lines = inOneForm(await room.entries()).filter(({ text }) => text.startsWith('Damage'))
    expect(lines).toMatchObject([
      { text: 'Damage: Hooded figure (CANARY the Real) for 2 (hurt).', audience: 'dm', rolls: [{ total: 2 }] },
    ])
    expect(room.playersBytes()).toContain('Damage: Hooded figure for 2 (hurt).')
    expect(room.playersBytes()).not.toMatch(/CANARY|hasPlayersForm/)
    const exported = async (audience: 'dm' | 'player') =>
      (await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'markdown', audience }))
        .text
    expect((await exported('dm')).match(/Damage: .*/g)).toEqual([
      'Damage: Hooded figure (CANARY the Real) for 2 (hurt). `1d4: [2] = 2`',
    ])
    expect((await exported('player')).match(/Damage: .*/g)).toEqual([
      'Damage: Hooded figure for 2 (hurt). `1d4: [2] = 2`',
    ])
  })

  it('names the fighter alone where the line is about the alias', async () => {
    const room = await openFightRoom(store)
    await startFight(room)
    const figure = (await room.state()).characters.find(({ alias }) => alias)?.id ?? ''
    await room.operate({ type: 'setAlias', targets: [figure], alias: 'Pale hand' })
    await room.operate({ type: 'revealName', targets: [figure] })
    const texts = (await room.entries()).slice(-2).map(({ text }) => text)
    expect(texts).toEqual(['Players know CANARY the Real as Pale hand.', 'Pale hand is CANARY the Real.'])
  })
})

describe('an attack of a stat block', () => {
  const wolf = { ...boss, name: 'CANARY Wolf', alias: 'Shaggy shape' }

  async function withWolf(draw: (sides: number) => number) {
    const room = await openFightRoom(store, { draw })
    const { orchestrator, campaignId, request } = room
    const damageOfBite = [{ dice: '2d4+2', type: 'piercing' }]
    const actions = [{ name: 'Bite', kind: 'action' as const, toHit: 4, damage: damageOfBite }]
    const put = { ...request(), blocks: [{ ...block('biter'), actions }] }
    await orchestrator.fights.blocks.put(put)
    const { figures: _, ...planned } = wolf
    const creatures = [{ ...planned, block: { source: 'room' as const, id: 'biter' } }]
    await orchestrator.fights.add({ ...request(), campaignId, creatures, roll: 'nobody' })
    const id = (await room.state()).characters.find(({ creature }) => creature === 'CANARY Wolf')?.id ?? ''
    return { room, attack: { type: 'attack' as const, by: id, action: 'Bite', target: 'mira' }, id }
  }

  it('is drawn by the server with the bonus of the block, and stays with the DMs where it is secret', async () => {
    const { room, attack, id } = await withWolf(() => 13)
    const bytes = room.playersBytes()
    const answer = await room.operate({ ...attack, secret: true })
    expect(answer.due).toEqual([
      { kind: 'attack', fighter: id, action: 'Bite', output: '1d20+4: [13]+4 = 17', hits: true, isCritical: false },
    ])
    const last = (await room.entries()).at(-1)
    expect(last).toMatchObject({ audience: 'dm', rolls: [{ notation: '1d20+4', total: 17 }] })
    expect(room.playersBytes()).toBe(bytes)
  })

  it('in the open shows the dice to everybody, and neither the name nor the attack of a creature with an alias', async () => {
    const { room, attack } = await withWolf(() => 13)
    await room.operate({ ...attack, secret: false })
    const bytes = room.playersBytes()
    expect(bytes).toContain('attacks Mira: 17 to hit.')
    expect(bytes).toContain('1d20+4')
    expect(bytes).not.toContain('CANARY')
    expect(bytes).not.toContain('Bite')
    expect(bytes).not.toContain('AC 12')
  })

  describe('by a command', () => {
    const say = (room: FightRoom, message: string, caller = dee) =>
      room.orchestrator.processChatMessage({ ...room.request(caller), message })

    it('is the same roll as by the button, and its answer has the command that deals the damage', async () => {
      const { room, id } = await withWolf((sides) => (sides === 20 ? 13 : 2))
      const bytes = room.playersBytes()
      const { message } = await say(room, '/attack shaggy shape bite on Mira')
      expect(message).toBe('It hits: /damage 2d4+2 piercing Mira')
      const last = (await room.entries()).at(-1)
      expect(last).toMatchObject({ audience: 'dm', rolls: [{ notation: '1d20+4', total: 17 }] })
      expect(room.playersBytes()).toBe(bytes)
      await say(room, `${message?.replace('It hits: ', '')}`)
      expect(await room.hp('mira')).toBe(20 - 6)
      const step = await room.undo()
      expect(step.message).toContain('Mira')
      expect((await room.state()).characters.some((one) => one.id === id)).toBe(true)
    })

    it('is open where its words say so, with advantage, and needs no name where there is one attack', async () => {
      const { room } = await withWolf(() => 13)
      await say(room, '/attack Shaggy shape on Mira adv open')
      expect(room.playersBytes()).toContain('2d20kh1+4')
      expect(room.playersBytes()).not.toMatch(/CANARY|Bite|AC 12/)
    })

    it('is refused with the attacks to choose from, and for players', async () => {
      const { room } = await withWolf(() => 13)
      await expect(say(room, '/attack Shaggy shape claw on Mira')).rejects.toMatchObject({
        code: 'UNKNOWN_COMMAND',
        message: expect.stringContaining('Bite'),
        details: { options: ['Bite'] },
      })
      await expect(say(room, '/attack Tobin on Mira')).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
      await expect(say(room, '/attack Mira on Tobin', pat)).rejects.toMatchObject({ code: 'NOT_THE_DM' })
    })

    it('misses without a word about damage', async () => {
      const { room } = await withWolf(() => 1)
      expect((await say(room, '/attack Shaggy shape on Mira')).message).toBeNull()
    })
  })
})
