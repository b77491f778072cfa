import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damage, openFightRoom } from '../testing/fight-room.ts'
import { startFight } from '../testing/goblin-fight.ts'

let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterAll(() => store[Symbol.asyncDispose]())

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
