// The state of a game, folded from the relayed events. Pure, and lenient: any engine may have sent them.
import type { ArenaEvent } from '@tablecast/contracts'

export type Agent = {
  id: string
  name: string
  portrait: string | null
  persona: string
  generation: number
  parentId: string | null
  state: 'ready' | 'thinking' | 'judged' | 'dead'
  /** 0 to 1. */
  belief: number | null
  score: number | null
  total: number
  /** The agent's newest words. */
  text: string | null
  bornIn: number
  diedIn: number | null
  /** The sum of its points after each round in which it was judged. */
  totals: { round: number; total: number }[]
}

export type FeedItem = { key: string; at: string; round: number } & (
  | { kind: 'news'; text: string }
  | { kind: 'phase'; text: string }
  | { kind: 'said'; agentId: string; text: string; belief: number | null; isVerdict: boolean }
  | { kind: 'death'; agentId: string; text: string }
  | { kind: 'clone'; agentId: string; parentId: string; text: string }
  | { kind: 'end'; text: string }
)

export type GameState = {
  agents: Agent[]
  feed: FeedItem[]
  round: number
  phase: string | null
  news: string | null
  context: string | null
  waiting: boolean
  ended: boolean
}

export const emptyGame: GameState = {
  agents: [],
  feed: [],
  round: 0,
  phase: null,
  news: null,
  context: null,
  waiting: false,
  ended: false,
}

const MAX_FEED = 400

/** `key` is unique among the events of this page: the position. */
export function foldArena(before: GameState, key: string, { subject, data, at }: ArenaEvent): GameState {
  const told = recordOf(data)
  // A session may start again under the same id.
  const game = before.ended && subject !== 'event.end' ? emptyGame : before
  const item = { key, at, round: game.round }
  const agentPart = /^agent\.([^.]+)\.([^.]+)$/.exec(subject)
  if (agentPart) return foldAgent(game, item, agentPart[1] ?? '', agentPart[2] ?? '', told)
  switch (subject) {
    case 'round.start': {
      const round = numberOf(told['round']) ?? game.round + 1
      const news = textOf(told['fake_news']) ?? ''
      const agents = game.agents.map((agent) =>
        agent.diedIn === null ? { ...agent, text: null, score: null, belief: null } : agent,
      )
      const next = { ...game, round, news, context: textOf(told['context']), phase: null, waiting: false, agents }
      return withItem(next, { ...item, round, kind: 'news', text: news })
    }
    case 'phase.start': {
      const phase = textOf(told['phase'])
      return withItem({ ...game, phase }, { ...item, kind: 'phase', text: phase ?? '' })
    }
    case 'input.waiting':
      return { ...game, waiting: told['waiting'] === true }
    case 'event.death': {
      const id = textOf(told['agent_id']) ?? ''
      const name = textOf(told['agent_name']) ?? id
      const next = change(game, id, { state: 'dead', diedIn: numberOf(told['round']) ?? game.round, name })
      return withItem(next, { ...item, kind: 'death', agentId: id, text: `${name} is out` })
    }
    case 'event.clone': {
      const id = textOf(told['child_id']) ?? ''
      const parentId = textOf(told['parent_id']) ?? ''
      const name = textOf(told['child_name']) ?? id
      const parent = game.agents.find((agent) => agent.id === parentId)
      const born = {
        name,
        parentId,
        bornIn: game.round + 1,
        persona: parent?.persona ?? id,
        generation: (parent?.generation ?? 1) + 1,
      }
      const text = `${parent?.name ?? parentId} is cloned: ${name} joins`
      return withItem(change(game, id, born), { ...item, kind: 'clone', agentId: id, parentId, text })
    }
    case 'event.end':
      return withItem(
        { ...game, ended: true, waiting: false, phase: null },
        { ...item, kind: 'end', text: endText(game, told) },
      )
    default:
      return game
  }
}

function foldAgent(
  game: GameState,
  item: { key: string; at: string; round: number },
  id: string,
  what: string,
  told: Record<string, unknown>,
): GameState {
  switch (what) {
    case 'status': {
      const detail = recordOf(told['detail'])
      const state = stateOf(told['state'])
      const known = game.agents.find((agent) => agent.id === id)
      const total = numberOf(detail['total']) ?? known?.total ?? 0
      const isJudged = state === 'judged'
      return change(game, id, {
        ...(state ? { state: known?.diedIn ? 'dead' : state } : {}),
        name: textOf(detail['name']) ?? known?.name ?? id,
        persona: textOf(detail['persona']) ?? known?.persona ?? id,
        generation: numberOf(detail['generation']) ?? known?.generation ?? 1,
        parentId: textOf(detail['parent']) ?? known?.parentId ?? null,
        portrait: (state === 'ready' ? textOf(detail['note']) : null) ?? known?.portrait ?? null,
        score: isJudged ? numberOf(detail['score']) : (known?.score ?? null),
        total,
        belief: numberOf(detail['belief']) ?? known?.belief ?? null,
        totals: isJudged ? [...(known?.totals ?? []), { round: game.round, total }] : (known?.totals ?? []),
      })
    }
    case 'output': {
      const answer = recordOf(told['data'])
      const text = textOf(told['data']) ?? textOf(answer['text']) ?? ''
      const belief = numberOf(answer['belief'])
      const next = change(game, id, { text, ...(belief === null ? {} : { belief }), state: 'ready' })
      return withItem(next, {
        ...item,
        kind: 'said',
        agentId: id,
        text,
        belief,
        isVerdict: answer['phase'] === 'judge',
      })
    }
    default:
      return game
  }
}

function change(game: GameState, id: string, changes: Partial<Agent>): GameState {
  const known = game.agents.find((agent) => agent.id === id)
  if (known)
    return { ...game, agents: game.agents.map((agent) => (agent === known ? { ...agent, ...changes } : agent)) }
  const born: Agent = {
    id,
    name: id,
    portrait: null,
    persona: id,
    generation: 1,
    parentId: null,
    state: 'ready',
    belief: null,
    score: null,
    total: 0,
    text: null,
    bornIn: Math.max(1, game.round),
    diedIn: null,
    totals: [],
  }
  return { ...game, agents: [...game.agents, { ...born, ...changes }] }
}

const withItem = (game: GameState, item: FeedItem): GameState => ({
  ...game,
  feed: [...game.feed, item].slice(-MAX_FEED),
})

function endText(game: GameState, told: Record<string, unknown>): string {
  const survivors = Array.isArray(told['survivors']) ? told['survivors'] : []
  const ids = survivors.flatMap((survivor) => textOf(survivor) ?? textOf(recordOf(survivor)['agent_id']) ?? [])
  const names = ids.map((id) => game.agents.find((agent) => agent.id === id)?.name ?? id)
  return names.length === 0 ? 'The game is over.' : `The game is over. Still standing: ${names.join(', ')}.`
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const stateOf = (value: unknown): Agent['state'] | null =>
  value === 'ready' || value === 'thinking' || value === 'judged' || value === 'dead' ? value : null
