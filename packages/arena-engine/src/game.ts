// The rules of the game, as a generator. It yields each step, and receives the news and the agents' answers.
//
// waiting → news → debate → judge → cull → clone → the next round → end. All chances come from the seed, so a game can be rebuilt
// from its inputs.
import type { AgentAnswer, AgentDetail, AgentState, ArenaMessages, ArenaPhase, ArenaRound } from '@tablecast/contracts'
import type { Contestant, Question, Statement } from './agent.ts'
import { gistOf, personas } from './personas.ts'
import { chance } from './random.ts'

export type GameOptions = { seed: number; rounds: number; agents: number }

type Emit = { [S in keyof ArenaMessages]: { kind: 'emit'; subject: S; data: ArenaMessages[S] } }[keyof ArenaMessages]
export type Step = Emit | { kind: 'ask'; question: Question } | { kind: 'news'; round: number }
/** The answer to each kind of step. */
export type Reply = { kind: 'answer'; answer: AgentAnswer } | { kind: 'news'; content: string } | null

type Player = Contestant & { score: number | null; total: number; belief: number | null; number: number }

export const MAX_AGENTS = personas.length

export function* game(options: GameOptions): Generator<Step, void, Reply> {
  const { seed, rounds } = options
  let players = cast(options)
  const history: ArenaRound[] = []
  /** The number of agents of each persona so far. It numbers the next one. */
  const families = new Map<string, number>()
  for (const player of players) yield status(player, 'ready', player.portrait)

  for (let round = 1; round <= rounds; round++) {
    yield { kind: 'emit', subject: 'input.waiting', data: { round, waiting: true } }
    const received = yield { kind: 'news', round }
    const news = received?.kind === 'news' ? received.content : ''
    yield { kind: 'emit', subject: 'input.waiting', data: { round, waiting: false } }
    yield {
      kind: 'emit',
      subject: 'round.start',
      data: { round, fake_news: news, context: contextOf(round, rounds, players, history) },
    }

    yield phase(round, 'debate')
    const statements: Statement[] = []
    for (const player of players) {
      const statementsBefore = [...statements]
      yield status(player, 'thinking', null)
      const answer = yield* ask({
        seed,
        round,
        phase: 'debate',
        news,
        contestant: player,
        statements: statementsBefore,
        before: null,
      })
      player.belief = answer.belief
      statements.push({ agentId: player.id, name: player.name, text: answer.text, belief: answer.belief })
    }

    yield phase(round, 'judge')
    const before = new Map(statements.map(({ agentId, belief }) => [agentId, belief]))
    const votes = new Map<string, number>()
    for (const player of players) {
      const answer = yield* ask({
        seed,
        round,
        phase: 'judge',
        news,
        contestant: player,
        statements,
        before: before.get(player.id) ?? null,
      })
      player.belief = answer.belief
      const isVote = answer.vote !== player.id && players.some(({ id }) => id === answer.vote)
      if (answer.vote && isVote) votes.set(answer.vote, (votes.get(answer.vote) ?? 0) + 1)
    }
    for (const player of players) {
      player.score = scoreOf(player, before.get(player.id) ?? 0.5, votes.get(player.id) ?? 0, players.length)
      player.total += player.score
      yield status(player, 'judged', verdictOf(player, votes.get(player.id) ?? 0))
    }
    const ranked = players.toSorted(byRank)
    const [best] = ranked
    const worst = ranked.at(-1)
    if (!best || !worst) return
    const record: ArenaRound = {
      round,
      fake_news: news,
      scores: ranked.map(({ id, score, belief }) => ({ agent_id: id, score: score ?? 0, belief: belief ?? 0 })),
      death: worst.id,
      clone: null,
    }
    history.push(record)

    yield phase(round, 'cull')
    yield { kind: 'emit', subject: `agent.${worst.id}.kill`, data: { reason: 'lowest_score', round } }
    yield status(worst, 'dead', `${worst.score} points, the lowest of round ${round}`)
    yield {
      kind: 'emit',
      subject: 'event.death',
      data: { agent_id: worst.id, agent_name: worst.name, round, cause: 'lowest_score' },
    }
    players = players.filter((player) => player !== worst)

    if (round < rounds) {
      yield phase(round, 'clone')
      const child = cloneOf(best, seed, (families.get(best.persona) ?? 1) + 1)
      families.set(best.persona, child.number)
      record.clone = { parent_id: best.id, child_id: child.id }
      players = [...players, child]
      yield {
        kind: 'emit',
        subject: 'event.clone',
        data: { parent_id: best.id, child_id: child.id, child_name: child.name, round },
      }
      yield status(child, 'ready', `Clone of ${best.name}`)
    }
  }
  const survivors = players.toSorted(byTotal).map(({ id, name, total, generation, parentId }) => ({
    agent_id: id,
    agent_name: name,
    score: total,
    generation,
    parent_id: parentId,
  }))
  yield { kind: 'emit', subject: 'event.end', data: { survivors, history } }
}

function* ask(question: Question): Generator<Step, AgentAnswer, Reply> {
  const { contestant, phase: asked, news, statements } = question
  yield {
    kind: 'emit',
    subject: `agent.${contestant.id}.input`,
    data: { phase: asked, data: { news, statements: statements.map(({ name, text }) => ({ name, text })) } },
  }
  const reply = yield { kind: 'ask', question }
  if (reply?.kind !== 'answer') throw new Error(`no answer of ${contestant.id}`)
  const { answer } = reply
  yield { kind: 'emit', subject: `agent.${contestant.id}.output`, data: { data: answer } }
  return answer
}

const phase = (round: number, name: ArenaPhase): Emit => ({
  kind: 'emit',
  subject: 'phase.start',
  data: { round, phase: name },
})

function status(player: Player, state: AgentState, note: string | null): Emit {
  const { name, persona, generation, parentId, susceptibility, score, total, belief } = player
  const detail: AgentDetail = {
    name,
    persona,
    generation,
    parent: parentId,
    susceptibility,
    score,
    total,
    belief,
    note,
  }
  return { kind: 'emit', subject: `agent.${player.id}.status`, data: { state, detail } }
}

/** Draws the players by the seed. They are always of several personas. */
function cast({ seed, agents }: GameOptions): Player[] {
  const drawn = personas.toSorted((a, b) => chance(seed, 'cast', a.key) - chance(seed, 'cast', b.key))
  return drawn.slice(0, agents).map(({ key, name, portrait, susceptibility }) => ({
    id: `${key}-001`,
    name,
    persona: key,
    portrait,
    susceptibility,
    generation: 1,
    parentId: null,
    score: null,
    total: 0,
    belief: null,
    number: 1,
  }))
}

const NUMERALS = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X']

/** A clone is a little more or less credulous than the original. */
function cloneOf(parent: Player, seed: number, number: number): Player {
  const id = `${parent.persona}-${String(number).padStart(3, '0')}`
  const drift = (chance(seed, 'clone', id) - 0.5) * 0.2
  return {
    ...parent,
    id,
    name: `${parent.name.replace(/ [IVX\d]+$/, '')} ${NUMERALS[number] ?? number}`,
    susceptibility: Math.round(Math.min(0.95, Math.max(0.05, parent.susceptibility + drift)) * 100) / 100,
    generation: parent.generation + 1,
    parentId: parent.id,
    score: null,
    total: 0,
    belief: null,
    number,
  }
}

/** 60 points for disbelief, 25 for convincing others, 15 for not being convinced by others. */
function scoreOf({ belief }: Player, before: number, votes: number, count: number): number {
  const end = belief ?? 0.5
  const steadfast = 1 - Math.min(1, Math.max(0, end - before) * 4)
  return Math.round(60 * (1 - end) + (25 * votes) / Math.max(1, count - 1) + 15 * steadfast)
}

const verdictOf = ({ belief, score }: Player, votes: number): string =>
  `${score} points: ${Math.round((1 - (belief ?? 0)) * 100)} % doubt, ${votes} ${votes === 1 ? 'vote' : 'votes'}`

const byRank = (a: Player, b: Player): number =>
  (b.score ?? 0) - (a.score ?? 0) || b.total - a.total || (a.id < b.id ? -1 : 1)
const byTotal = (a: Player, b: Player): number => b.total - a.total || (a.id < b.id ? -1 : 1)

function contextOf(round: number, rounds: number, players: readonly Player[], history: readonly ArenaRound[]): string {
  const last = history.at(-1)
  const news = last ? ` The last round was about “${gistOf(last.fake_news)}”.` : ''
  return `Round ${round} of ${rounds}, ${players.length} agents alive.${news}`
}
