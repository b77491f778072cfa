import type { Roll as Rolled } from '@tablecast/contracts'
import { Dices } from 'lucide-react'
import { type RollPart, rollParts } from './roll-parts.ts'

/** A roll in the story: its dice, and its total. A natural 20 or 1 has a colour and a word. `isCompact`: in a list of rolls. */
export function Roll({ roll, isCompact = false }: { roll: Rolled; isCompact?: boolean }) {
  const parts = rollParts(roll)
  const natural = parts.find((part) => part.natural !== null)?.natural ?? null
  const look = natural === 20 ? 'ring-2 ring-good' : natural === 1 ? 'ring-2 ring-bad' : ''
  return (
    <p
      className={`bg-raised inline-flex flex-wrap items-center gap-2 rounded-lg px-3 py-1.5 text-sm ${look} ${isCompact ? '' : 'mt-2'}`}
    >
      <Dices size={16} aria-hidden="true" className="text-accent" />
      <span className="text-soft break-all">
        {parts.map((part, place) => (
          <Part key={place} {...part} />
        ))}
      </span>
      <strong className="text-base">{roll.total}</strong>
      {natural !== null && (
        <strong aria-hidden="true" className={natural === 20 ? 'text-good' : 'text-bad'}>
          Natural {natural}
        </strong>
      )}
    </p>
  )
}

function Part({ text, isDropped, natural }: RollPart) {
  if (isDropped) return <s>{text}</s>
  if (natural === null) return text
  return (
    <b title={`Natural ${natural}`} className={natural === 20 ? 'text-good' : 'text-bad'}>
      <span className="sr-only">natural </span>
      {text}
    </b>
  )
}
