import { wholeGame } from '@tablecast/arena-engine'
import type { ArenaEvent } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyGame, foldArena, type GameState } from './game-state.ts'

const at = '2026-01-01T00:00:00.000Z'
const fold = (events: readonly Pick<ArenaEvent, 'subject' | 'data'>[], from: GameState = emptyGame): GameState =>
  events.reduce((state, event, place) => foldArena(state, String(place), { ...event, at }), from)

const played = (seed: number, rounds: number) => wholeGame({ seed, rounds, agents: 6 }, () => 'Birds are drones')

describe('the state of a game', () => {
  it('a game’s state holds the agents left, their parents, and the points of every round', () => {
    const events = played(3, 4)
    const state = fold(events)
    const end = events.at(-1)?.data as { survivors: { agent_id: string; score: number; parent_id: string | null }[] }
    const alive = state.agents.filter(({ diedIn }) => diedIn === null)
    expect(state).toMatchObject({ ended: true, waiting: false, round: 4 })
    expect(new Set(alive.map(({ id }) => id))).toEqual(new Set(end.survivors.map(({ agent_id: id }) => id)))
    for (const { agent_id: id, score, parent_id: parent } of end.survivors)
      expect(alive.find((agent) => agent.id === id)).toMatchObject({ total: score, parentId: parent })
    expect(new Set(state.agents.map(({ diedIn }) => diedIn))).toEqual(new Set([null, 1, 2, 3, 4]))
    for (const { bornIn, diedIn, totals } of state.agents)
      expect(totals.map(({ round }) => round)).toEqual(
        Array.from({ length: (diedIn ?? 4) - bornIn + 1 }, (_, place) => bornIn + place),
      )
  })

  it('a game’s state starts again when its session starts again', () => {
    const again = played(5, 1)
    expect(fold(again, fold(played(3, 2)))).toEqual(fold(again))
  })

  it('no payload of an engine breaks a game’s state', () => {
    const subject = fc.constantFrom(
      'round.start',
      'phase.start',
      'agent.a.status',
      'agent.a.output',
      'agent.b.kill',
      'event.death',
      'event.clone',
      'event.end',
      'input.waiting',
      'unknown',
    )
    fc.assert(
      fc.property(fc.array(fc.record({ subject, data: fc.anything() })), (events) => {
        const { agents, feed } = fold(events)
        expect(new Set(agents.map(({ id }) => id)).size).toBe(agents.length)
        expect(feed.length).toBeLessThanOrEqual(400)
      }),
    )
  })

  it('the plain strings of simple engines are read', () => {
    const state = fold([
      { subject: 'round.start', data: { round: 1, fake_news: 'x', context: '' } },
      { subject: 'agent.marcus-001.output', data: { data: 'I doubt it' } },
      {
        subject: 'event.death',
        data: { agent_id: 'marcus-001', agent_name: 'Marcus', round: 1, cause: 'lowest_score' },
      },
      { subject: 'event.end', data: { survivors: ['nadia-001'], history: [] } },
    ])
    expect(state.agents).toMatchObject([{ id: 'marcus-001', name: 'Marcus', diedIn: 1, text: 'I doubt it' }])
    expect(state.feed.at(-1)).toMatchObject({ kind: 'end', text: 'The game is over. Still standing: nadia-001.' })
  })
})
