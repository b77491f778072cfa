import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RoomLoads } from './room-loads.ts'

function open(names: Record<string, string | null> = {}) {
  const state = { followers: new Map<string, number>(), channels: new Map<string, number>(), asked: [] as string[] }
  const errors: unknown[] = []
  let time = 0
  const loads = new RoomLoads({
    followers: () => state.followers,
    channels: () => [...state.channels].map(([id, head]) => ({ id, head })),
    nameOf(id) {
      state.asked.push(id)
      return id in names
        ? Promise.resolve(names[id] ?? null)
        : Promise.reject(new Error('the database does not answer'))
    },
    failed: (error) => errors.push(error),
    now: () => time,
  })
  const after = (ms: number) => {
    time += ms
    return loads.measure()
  }
  return { state, after, errors }
}

describe('The rooms of a node', () => {
  it('are sorted by their followers, each with its events per second since the last call', () => {
    const { state, after } = open()
    state.followers.set('one', 3).set('two', 8)
    state.channels.set('room:one:dm', 100).set('room:one:player', 50).set('room:two:player', 7)
    expect(after(0).map(({ id, followers, eventsPerSecond }) => [id, followers, eventsPerSecond])).toEqual([
      ['two', 8, 0],
      ['one', 3, 0],
    ])
    state.channels.set('room:one:dm', 110).set('room:one:player', 52)
    // A newly opened channel of a room has no earlier head, so its events are not counted yet.
    state.channels.set('room:two:dm', 5_000).set('room:two:player', 8).set('room:one:member:m', 9_000)
    expect(after(2_000).map(({ id, eventsPerSecond }) => [id, eventsPerSecond])).toEqual([
      ['two', 0.5],
      ['one', 5],
    ])
  })

  it('get their names from the database later, without delaying the report', async () => {
    const { state, after, errors } = open({ one: 'Thursday night' })
    state.followers.set('one', 1).set('two', 1)
    expect(after(0).map(({ name }) => name)).toEqual([null, null])
    await turn()
    expect(after(2_000).map(({ id, name }) => [id, name])).toEqual([
      ['one', 'Thursday night'],
      ['two', null],
    ])
    expect(errors).toHaveLength(1)
    expect(state.asked).toEqual(['one', 'two'])
    // After a minute the names are read again, because they may change.
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
