import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damage, dan, dee, type FightRoom, openFightRoom, pat } from '../testing/fight-room.ts'
import { block, boss } from '../testing/goblin-fight.ts'
import { roomId } from '../testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

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
