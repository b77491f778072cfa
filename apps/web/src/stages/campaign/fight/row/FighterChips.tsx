import type { Character } from '@tablecast/contracts'
import { conditions as ofTheRules } from '@tablecast/rules/conditions'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFight } from '../fight-context.ts'
import { untilInShort, untilInWords } from '../until-words.ts'

/** Conditions, concentration, waiting and uses. A tap ends, enters or spends each. */
export function FighterChips({ fighter }: { fighter: Character }) {
  const { id, name, conditions, durations, concentration, waiting, uses } = fighter
  const { state, operate } = useFight()
  return (
    <>
      {conditions.map((condition) => {
        const until = durations?.find((one) => one.condition === condition)?.until
        const does = ofTheRules.find((one) => one.name === condition)?.does
        const title = [does, until && `Lasts ${untilInWords(until, state)}.`].filter(Boolean).join(' ')
        return (
          <Chip
            key={condition}
            label={`${condition}${until ? ` · ${untilInShort(until, state.turn.round)}` : ''} of ${name}: end it`}
            title={title}
            look="text-warn border-warn"
            press={() => void operate({ type: 'removeCondition', targets: [id], condition })}
          >
            {condition}
            {until && <span className="opacity-85"> · {untilInShort(until, state.turn.round)}</span>}
            <X size={13} aria-hidden="true" />
          </Chip>
        )
      })}
      {concentration && (
        <Chip
          label={`Concentration of ${name} on ${concentration.on}: end it`}
          title="Concentrates"
          look="text-accent border-accent"
          press={() => void operate({ type: 'concentrate', id, on: null })}
        >
          <span aria-hidden="true">◎</span> {concentration.on}
          <X size={13} aria-hidden="true" />
        </Chip>
      )}
      {waiting && (
        <Chip
          label={`${waiting === 'ready' ? 'Ready: act' : 'Delays: act now'}, ${name}`}
          title={waiting === 'ready' ? 'Has an action ready' : 'Waits for a later moment'}
          look="text-ink border-ink"
          press={() => void operate({ type: 'enterTurn', id })}
        >
          {waiting === 'ready' ? 'Ready: act' : 'Delays: act now'}
        </Chip>
      )}
      {uses?.map((use) => (
        <Chip
          key={use.key}
          label={`${use.name} ${use.left}/${use.most} of ${name}: use one`}
          title={use.name}
          look="text-soft border-line"
          isDisabled={use.left === 0}
          press={() => void operate({ type: 'use', id, key: use.key })}
        >
          {use.name} {use.left}/{use.most}
        </Chip>
      ))}
    </>
  )
}

type ChipProps = {
  label: string
  title: string
  look: string
  isDisabled?: boolean
  press: () => void
  children: ReactNode
}

const Chip = ({ label, title, look, isDisabled = false, press, children }: ChipProps) => (
  <button
    type="button"
    aria-label={label}
    title={title}
    disabled={isDisabled}
    onClick={press}
    className={`inline-flex min-h-6 items-center gap-1 rounded-full border px-2 text-xs disabled:opacity-60 ${look}`}
  >
    {children}
  </button>
)
