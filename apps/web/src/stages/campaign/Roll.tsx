import type { Roll as Rolled } from '@tablecast/contracts'
import { Dices } from 'lucide-react'
import { type RollPart, rollParts } from './roll-parts.ts'

/** A roll in the story: its dice, and its total. */
export const Roll = ({ roll }: { roll: Rolled }) => (
  <p className="bg-raised mt-2 inline-flex flex-wrap items-center gap-2 rounded-lg px-3 py-1.5 text-sm">
    <Dices size={16} aria-hidden="true" className="text-accent" />
    <span className="text-soft break-all">
      {rollParts(roll).map((part, place) => (
        <Part key={place} {...part} />
      ))}
    </span>
    <strong className="text-base">{roll.total}</strong>
  </p>
)

function Part({ text, isDropped, natural }: RollPart) {
  if (isDropped) return <s className="opacity-80">{text}</s>
  if (natural === null) return text
  return (
    <b title={`Natural ${natural}`} className={natural === 20 ? 'text-good' : 'text-bad'}>
      <span className="sr-only">natural </span>
      {text}
    </b>
  )
}
