import { Copy, X } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import { clockTime } from '../../ui/clock-time.ts'
import { colourOf, familiesOf } from './colours.ts'
import type { Agent, FeedItem } from './game-state.ts'

const phases: Record<string, string> = {
  debate: 'The debate begins',
  judge: 'Last words and votes',
  cull: 'The lowest score goes',
  clone: 'The best is cloned',
}

/** The events of the game, newest last. A reader at the end follows them. */
export function GameFeed({ feed, agents }: { feed: readonly FeedItem[]; agents: readonly Agent[] }) {
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const newest = feed.at(-1)?.key
  useLayoutEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [newest])
  const scrolled = () => {
    const element = box.current
    if (element) isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60
  }
  const families = familiesOf(agents)
  const byId = new Map(agents.map((agent) => [agent.id, agent]))
  return (
    <div
      ref={box}
      onScroll={scrolled}
      role="log"
      aria-label="What happens"
      aria-live="off"
      tabIndex={0}
      className="h-[28rem] overflow-y-auto pr-2 lg:h-[36rem]"
    >
      {feed.length === 0 && <p className="text-soft text-sm italic">Nothing has happened yet.</p>}
      <ol className="flex flex-col gap-3">
        {feed.map((item) => (
          <li key={item.key} data-testid="feed-item" data-kind={item.kind} className="arrive text-sm">
            <Item item={item} agent={'agentId' in item ? byId.get(item.agentId) : undefined} families={families} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function Item({ item, agent, families }: { item: FeedItem; agent: Agent | undefined; families: readonly string[] }) {
  switch (item.kind) {
    case 'news':
      return (
        <div className="bg-raised mt-2 rounded-xl p-3">
          <p className="text-accent text-xs font-semibold">
            Round {item.round} · {clockTime(item.at)}
          </p>
          <p className="font-serif text-base break-words">{item.text}</p>
        </div>
      )
    case 'phase':
      return <p className="text-soft border-line border-b pb-1 text-xs">{phases[item.text] ?? item.text}</p>
    case 'said':
      return (
        <p className="border-l-4 pl-3 break-words" style={{ borderColor: colourOf(agent?.persona ?? '', families) }}>
          <span className="font-semibold">{agent?.name ?? item.agentId}</span>
          {item.belief !== null && (
            <span className="text-soft text-xs">
              {' '}
              {item.isVerdict ? 'ends at' : 'believes'} {Math.round(item.belief * 100)}&nbsp;%
            </span>
          )}
          <br />
          {item.text}
        </p>
      )
    case 'death':
      return (
        <p className="text-bad flex items-center gap-2 font-semibold">
          <X size={16} aria-hidden="true" className="shrink-0" /> {item.text}
        </p>
      )
    case 'clone':
      return (
        <p className="text-good flex items-center gap-2 font-semibold">
          <Copy size={16} aria-hidden="true" className="shrink-0" /> {item.text}
        </p>
      )
    case 'end':
      return <p className="bg-raised rounded-xl p-3 font-semibold">{item.text}</p>
  }
}
