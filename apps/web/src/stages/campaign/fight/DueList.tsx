import type { Due } from '@tablecast/rules'
import { X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { useFight } from './fight-context.ts'
import type { AskedOperation } from '../../../live/outbox-calls.ts'

type Props = { dues: readonly Due[]; dismiss: (due: Due) => void }

/** The things that the turn ran, and those that it asks of the DM. One tap does each. */
export function DueList({ dues, dismiss }: Props) {
  const { state, operate } = useFight()
  const { characters, turn } = state
  const acting = characters.find(({ id }) => id === turn.current)
  const isKnown = dues.some(({ kind, fighter }) => kind === 'deathSave' && fighter === acting?.id)
  // Also where somebody else passed the turn.
  const dying: Due[] = acting?.downed?.state === 'dying' && !isKnown ? [{ kind: 'deathSave', fighter: acting.id }] : []
  const shown = [...dying, ...dues].filter(({ kind }) => kind !== 'onDeck')
  if (shown.length === 0) return null
  return (
    <ul
      aria-label="Due now"
      className="bg-raised border-line max-h-32 shrink-0 overflow-y-auto border-b px-3 py-1 text-sm"
    >
      {shown.map((due) => {
        const name = characters.find(({ id }) => id === due.fighter)?.name ?? 'Somebody'
        const act = actionOf(due)
        return (
          <li key={JSON.stringify(due)} className="flex min-h-9 items-center gap-2">
            <span className="min-w-0 grow">{dueInWords(due, name)}</span>
            {act && (
              <Button
                className="!min-h-9 shrink-0 !px-3 text-sm"
                aria-label={`${act.label} for ${name}`}
                onClick={() => void operate(act.operation)}
              >
                {act.label}
              </Button>
            )}
            {dues.includes(due) && (
              <IconButton
                label={`Dismiss: ${dueInWords(due, name)}`}
                className="!min-h-9 !w-9"
                onClick={() => dismiss(due)}
              >
                <X size={15} />
              </IconButton>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function dueInWords(due: Due, name: string): string {
  switch (due.kind) {
    case 'ended':
      return `${name} is no longer ${due.condition}.`
    case 'recharge':
      return `${name}: ${due.use} ${due.isBack ? 'is back' : 'does not come back'} (${due.rolled}).`
    case 'usesBack':
      return `${name}: ${due.use} is back.`
    case 'save':
      return `${name} saves against ${due.condition}: ${due.ability.toUpperCase()}, DC ${due.dc}.`
    case 'concentration':
      return `${name} concentrates on ${due.on}: CON, DC ${due.dc}.`
    case 'deathSave':
      return `${name} is dying.`
    case 'onDeck':
      return `${name} is next.`
    case 'attack':
      return `${name} attacks. ${due.action}: ${due.output}.`
  }
}

function actionOf(due: Due): { label: string; operation: AskedOperation } | null {
  const { fighter } = due
  switch (due.kind) {
    case 'save': {
      const { ability, dc, condition } = due
      return { label: 'Roll the save', operation: { type: 'save', targets: [fighter], ability, dc, ends: condition } }
    }
    case 'concentration':
      return {
        label: 'Roll the save',
        operation: { type: 'save', targets: [fighter], ability: 'con', dc: due.dc, concentration: true },
      }
    case 'deathSave':
      return { label: 'Roll a death save', operation: { type: 'deathSave', id: fighter } }
    default:
      return null
  }
}
