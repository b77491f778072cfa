import { inOneForm } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFightRoom } from '../testing/fight-room.ts'
import { startFight } from '../testing/goblin-fight.ts'
import { roomId } from '../testing/room.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

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
