import type { AgentAnswer, ArenaMessages } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GameOptions } from './game.ts'
import { wholeGame } from './whole-game.ts'

type Emitted = { subject: string; data: unknown }

const play = (options: GameOptions, news: string, answers?: Parameters<typeof wholeGame>[2]): Emitted[] =>
  wholeGame(options, (round) => `${news} ${round}`, answers)

const options = fc.record({
  seed: fc.nat(),
  rounds: fc.integer({ min: 1, max: 8 }),
  agents: fc.integer({ min: 3, max: 8 }),
})
const answer = fc.record({
  belief: fc.double({ min: 0, max: 1, noNaN: true }),
  vote: fc.option(fc.constantFrom('marcus-001', 'nobody', '')),
})

const of = <S extends keyof ArenaMessages>(emitted: Emitted[], subject: S) =>
  emitted.filter((event) => event.subject === subject).map(({ data }) => data as ArenaMessages[S])

describe('the game', () => {
  it('is the same for the same seed, news and answers', () => {
    fc.assert(
      fc.property(options, fc.string(), (given, news) => {
        expect(play(given, news)).toEqual(play(given, news))
      }),
      { numRuns: 30 },
    )
  })

  it('kills one each round, clones one but in the last, and ends with who is left, whatever the agents say', () => {
    fc.assert(
      fc.property(options, fc.array(answer, { minLength: 1 }), (given, said) => {
        let turn = 0
        const emitted = play(given, 'news', ({ phase }) => {
          const { belief, vote } = said[turn++ % said.length] ?? { belief: 0, vote: null }
          return { phase, text: 'words', belief, vote, source: 'script' }
        })
        const deaths = of(emitted, 'event.death')
        const clones = of(emitted, 'event.clone')
        const [end] = of(emitted, 'event.end')
        expect(deaths).toHaveLength(given.rounds)
        expect(clones).toHaveLength(given.rounds - 1)
        const born = emitted.flatMap(({ subject, data }) => {
          const id = /^agent\.(.+)\.status$/.exec(subject)?.[1]
          return id && (data as { state: string }).state === 'ready' ? [id] : []
        })
        expect(new Set(born).size).toBe(born.length)
        // Each persona's clones are numbered one after the other.
        for (const ids of Map.groupBy(born, (id) => id.replace(/-\d+$/, '')).values())
          expect(ids.map((id) => Number(id.slice(-3)))).toEqual(ids.map((_, index) => index + 1))
        expect(born).toHaveLength(given.agents + given.rounds - 1)
        const dead = new Set(deaths.map(({ agent_id: id }) => id))
        expect(dead.size).toBe(deaths.length)
        expect(new Set(end?.survivors.map(({ agent_id: id }) => id))).toEqual(
          new Set(born.filter((id) => !dead.has(id))),
        )
        expect(end?.history.map(({ fake_news: news }) => news)).toEqual(
          Array.from({ length: given.rounds }, (_, n) => `news ${n + 1}`),
        )
        for (const { scores, death } of end?.history ?? []) {
          const points = scores.map(({ score }) => score)
          for (const score of points) expect(score).toSatisfy((value: number) => value >= 0 && value <= 100)
          expect(scores.find(({ agent_id: id }) => id === death)?.score).toBe(Math.min(...points))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('goes through its phases in order in every round', () => {
    const emitted = play({ seed: 1, rounds: 3, agents: 4 }, 'Birds are government drones')
    const announced = emitted.filter(({ subject }) => /^(round|phase|input)\./.test(subject))
    expect(
      announced.map(({ subject, data }) => (subject === 'phase.start' ? (data as { phase: string }).phase : subject)),
    ).toEqual(
      [1, 2, 3].flatMap((round) => [
        'input.waiting',
        'input.waiting',
        'round.start',
        'debate',
        'judge',
        'cull',
        ...(round < 3 ? ['clone'] : []),
      ]),
    )
  })

  it('is played by voices that differ, and react to the news', () => {
    const speak = (news: string) => of(play({ seed: 7, rounds: 1, agents: 8 }, news), 'agent.x.output')
    const texts = play({ seed: 7, rounds: 1, agents: 8 }, 'Secret 5G towers cure cancer, 100 % proven!')
      .filter(({ subject }) => subject.endsWith('.output'))
      .map(({ data }) => (data as { data: AgentAnswer }).data)
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length)
    const beliefs = texts.filter(({ phase }) => phase === 'debate').map(({ belief }) => belief)
    expect(Math.max(...beliefs) - Math.min(...beliefs)).toBeGreaterThan(0.4)
    expect(texts.some(({ text }) => text.includes('Secret 5G towers cure cancer'))).toBe(true)
    expect(speak('a')).toEqual(speak('a'))
  })
})
