import type { AgentAnswer } from '@tablecast/contracts'
import type { Question } from './agent.ts'
import { game, type GameOptions, type Reply } from './game.ts'
import { scripted } from './scripted-agent.ts'

/** All events of a game by the rules. The log of any engine must equal them. For tests and analysis. */
export function wholeGame(
  options: GameOptions,
  news: (round: number) => string,
  answer: (question: Question) => AgentAnswer = scripted,
): { subject: string; data: unknown }[] {
  const steps = game(options)
  const events: { subject: string; data: unknown }[] = []
  let reply: Reply = null
  for (let next = steps.next(reply); !next.done; next = steps.next(reply)) {
    const step = next.value
    switch (step.kind) {
      case 'emit':
        events.push({ subject: step.subject, data: step.data })
        reply = null
        break
      case 'ask':
        reply = { kind: 'answer', answer: answer(step.question) }
        break
      case 'news':
        reply = { kind: 'news', content: news(step.round) }
        break
    }
  }
  return events
}
