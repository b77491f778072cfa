import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RoomLoads } from './room-loads.ts'

function open(names: Record<string, string | null> = {}) {
  const state = { followers: new Map<string, number>(), channels: new Map<string, number>(), asked: [] as string[] }
  const troubles: unknown[] = []
  let time = 0
  const loads = new RoomLoads({
    followers: () => state.followers,
    channels: () => [...state.channels].map(([id, head]) => ({ id, head })),
    nameOf(id) {
      state.asked.push(id)
      return id in names ? Promise.resolve(names[id] ?? null) : Promise.reject(new Error('the database is away'))
    },
    failed: (error) => troubles.push(error),
    now: () => time,
  })
  const after = (ms: number) => {
    time += ms
    return loads.measure()
  }
  return { state, after, troubles }
}

describe('the rooms of a node', () => {
  it('are counted by their followers, with what was stored since the last look', () => {
    const { state, after } = open()
    state.followers.set('one', 3).set('two', 8)
    state.channels.set('room:one:dm', 100).set('room:one:player', 50).set('room:two:player', 7)
    expect(after(0).map(({ id, followers, eventsPerSecond }) => [id, followers, eventsPerSecond])).toEqual([
      ['two', 8, 0],
      ['one', 3, 0],
    ])
    state.channels.set('room:one:dm', 110).set('room:one:player', 52)
    // Another channel of the room is opened: its number says nothing of what happened.
    state.channels.set('room:two:dm', 5_000).set('room:two:player', 8).set('room:one:member:m', 9_000)
    expect(after(2_000).map(({ id, eventsPerSecond }) => [id, eventsPerSecond])).toEqual([
      ['two', 0.5],
      ['one', 5],
    ])
  })

  it('are named as soon as the database has told, and nobody waits for it', async () => {
    const { state, after, troubles } = open({ one: 'Thursday night' })
    state.followers.set('one', 1).set('two', 1)
    expect(after(0).map(({ name }) => name)).toEqual([null, null])
    await turn()
    expect(after(2_000).map(({ id, name }) => [id, name])).toEqual([
      ['one', 'Thursday night'],
      ['two', null],
    ])
    expect(troubles).toHaveLength(1)
    expect(state.asked).toEqual(['one', 'two'])
    // A name may change.
    after(61_000)
    expect(state.asked).toEqual(['one', 'two', 'one', 'two'])
  })

  it('are the twenty with the most followers', () => {
    const { state, after } = open()
    for (let n = 0; n < 50; n++) state.followers.set(`r${n}`, n)
    const listed = after(0)
    expect(listed).toHaveLength(20)
    expect(listed[0]).toMatchObject({ id: 'r49', followers: 49 })
  })
})
