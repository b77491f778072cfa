import { DM_TURN, type PlayerView } from '@tablecast/contracts'
import { Flash } from '../../../ui/flash.tsx'
import { Section } from '../../../ui/section.tsx'

export function TurnOrder({ view, myId }: { view: PlayerView; myId: string | null }) {
  const { round, order, current } = view.turn
  if (order.length === 0 && current === null) return null
  const names = new Map(view.characters.map((character) => [character.id, character]))
  return (
    <Section title={`Turns, round ${round}`}>
      <Flash value={view.turn}>
        <ol className="flex flex-col gap-1">
          {current === DM_TURN && <TurnLine name="The DM acts" note="now" isNow />}
          {order.map((id) => {
            const character = names.get(id)
            const isMine = myId !== null && character?.ownerId === myId
            return (
              <TurnLine
                key={id}
                name={character?.name ?? '…'}
                isNow={id === current}
                note={id === current ? (isMine ? 'your turn' : 'now') : ''}
              />
            )
          })}
        </ol>
      </Flash>
    </Section>
  )
}

function TurnLine({ name, note, isNow }: { name: string; note: string; isNow: boolean }) {
  return (
    <li
      aria-current={isNow ? 'step' : undefined}
      className={`flex justify-between gap-3 rounded-lg px-3 py-1.5 ${isNow ? 'bg-accent text-on-accent font-semibold' : 'text-soft'}`}
    >
      <span className="[overflow-wrap:anywhere]">{name}</span>
      <span className="shrink-0 text-sm">{note}</span>
    </li>
  )
}
