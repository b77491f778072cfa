import { Skull } from 'lucide-react'
import { Flash } from '../../ui/flash.tsx'
import type { Agent } from './game-state.ts'

const states: Record<Agent['state'], string> = {
  ready: 'Listening',
  thinking: 'Thinking…',
  judged: 'Judged',
  dead: 'Out',
}

export function AgentCard({ agent, colour, parentName }: { agent: Agent; colour: string; parentName: string | null }) {
  const { name, portrait, state, belief, score, total, text, generation, diedIn } = agent
  const isDead = diedIn !== null
  return (
    <li
      data-testid="agent"
      data-agent={agent.id}
      data-state={isDead ? 'dead' : state}
      style={{ borderColor: isDead ? undefined : colour }}
      className={`arrive border-line bg-card relative flex min-w-0 flex-col gap-2 rounded-2xl border-2 p-3 transition duration-700 ${isDead ? 'scale-[0.97] border-dashed' : ''} ${state === 'thinking' ? 'shadow-lg' : ''}`}
    >
      <div className="flex items-start gap-3">
        <span
          aria-hidden="true"
          style={{ borderColor: colour }}
          className={`flex size-10 shrink-0 items-center justify-center rounded-full border-2 font-serif text-lg font-semibold transition duration-700 ${isDead ? 'grayscale' : ''}`}
        >
          {isDead ? <Skull size={18} /> : Array.from(name)[0]}
        </span>
        <div className="min-w-0 grow">
          <h3 className={`leading-tight font-semibold break-words ${isDead ? 'line-through' : ''}`}>{name}</h3>
          <p className="text-soft text-xs break-words">
            {parentName ? `Generation ${generation}, from ${parentName}` : portrait}
          </p>
        </div>
        <Flash value={total} className="shrink-0 px-1 text-right">
          <p className="text-lg leading-tight font-semibold tabular-nums">{total}</p>
          <p className="text-soft text-xs tabular-nums">{score === null ? 'points' : `+${score}`}</p>
        </Flash>
      </div>
      {text && !isDead && <p className="font-serif text-sm leading-snug break-words">{text}</p>}
      <div className="mt-auto flex items-center gap-3 text-xs">
        <span className={`${state === 'thinking' ? 'text-accent' : 'text-soft'} shrink-0`}>
          {isDead ? `Out in round ${diedIn}` : states[state]}
        </span>
        {belief !== null && !isDead && <Belief belief={belief} colour={colour} />}
      </div>
    </li>
  )
}

function Belief({ belief, colour }: { belief: number; colour: string }) {
  const percent = Math.round(belief * 100)
  return (
    <span className="text-soft flex min-w-0 grow items-center gap-2">
      <span className="bg-raised h-1.5 min-w-8 grow overflow-hidden rounded-full" aria-hidden="true">
        <span
          className="block h-full rounded-full transition-all duration-500"
          style={{ width: `${percent}%`, backgroundColor: colour }}
        />
      </span>
      <span className="shrink-0 tabular-nums">believes {percent}&nbsp;%</span>
    </span>
  )
}
