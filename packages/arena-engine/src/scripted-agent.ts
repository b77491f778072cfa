// An agent without a model. It answers in the words of its persona, and the same question always gets the same answer.
import type { AgentAnswer } from '@tablecast/contracts'
import type { Agent, Question } from './agent.ts'
import { gistOf, type Persona, personas, pressure, topicsOf } from './personas.ts'
import { chance, pick } from './random.ts'

export class ScriptedAgent implements Agent {
  answer(question: Question): Promise<AgentAnswer> {
    return Promise.resolve(scripted(question))
  }
}

export function scripted(question: Question): AgentAnswer {
  const { phase, contestant } = question
  const persona = personas.find(({ key }) => key === contestant.persona) ?? personas[0]
  if (!persona) throw new Error('there are no personas')
  const belief = believe(question, persona)
  const roll = (what: string) => chance(question.seed, question.round, contestant.id, phase, what)
  const words = phase === 'debate' ? speak(question, persona, belief, roll) : conclude(persona, belief, roll)
  return { phase, text: words, belief, vote: phase === 'judge' ? voteOf(question, belief) : null, source: 'script' }
}

/** The sum of the agent's credulity, the topics and wording of the news, and the opinion of the others. */
function believe({ seed, round, news, contestant, statements, phase, before }: Question, persona: Persona): number {
  const topics = topicsOf(news)
  const touched = topics.reduce((sum, topic) => sum + (persona.soft[topic] ?? 0), 0)
  const mood = (chance(seed, round, contestant.id, 'mood') - 0.5) * 0.3
  const own = before ?? contestant.susceptibility + touched + pressure(news) + mood
  const others = statements.filter(({ agentId }) => agentId !== contestant.id)
  const pull = others.length === 0 ? 0 : others.reduce((sum, { belief }) => sum + belief, 0) / others.length - own
  const belief = own + pull * persona.conformity * (phase === 'judge' ? 1 : 0.5)
  return Math.round(Math.min(0.98, Math.max(0.02, belief)) * 100) / 100
}

function speak(
  { news, statements }: Question,
  persona: Persona,
  belief: number,
  roll: (what: string) => number,
): string {
  const gist = gistOf(news)
  const stance = belief > 0.6 ? persona.believing : belief < 0.4 ? persona.doubting : persona.torn
  const last = statements.at(-1)
  const reply = last && (Math.abs(last.belief - belief) < 0.25 ? persona.agreeing : persona.opposing)
  return [
    pick(persona.opening, roll('opening')),
    pick(stance, roll('stance')).replace('{gist}', () => gist),
    ...(reply && last ? [pick(reply, roll('reply')).replace('{other}', () => last.name)] : []),
  ].join(' ')
}

const conclude = (persona: Persona, belief: number, roll: (what: string) => number): string =>
  pick(belief > 0.5 ? persona.verdictTrue : persona.verdictFalse, roll('verdict'))

/** Votes for the agent with the closest opinion and the clearest statement. */
function voteOf({ contestant, statements }: Question, belief: number): string | null {
  const others = statements.filter(({ agentId }) => agentId !== contestant.id)
  const appeal = (other: { belief: number }) => Math.abs(other.belief - belief) - Math.abs(other.belief - 0.5) * 0.3
  return others.toSorted((a, b) => appeal(a) - appeal(b) || (a.agentId < b.agentId ? -1 : 1))[0]?.agentId ?? null
}
