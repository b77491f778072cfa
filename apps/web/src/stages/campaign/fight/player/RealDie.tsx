import { type FormEvent } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { textOf } from '../../../../ui/form.ts'

type Props = {
  label: string
  action: string
  /** The roll waits for the connection already. */
  isWaiting: boolean
  roll: (rolled: number | null) => void
}

/** Rolls a d20, or takes the number that a real die shows. */
export function RealDie({ label, action, isWaiting, roll }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = Number(textOf(new FormData(event.currentTarget), 'rolled'))
    roll(typed >= 1 && typed <= 20 ? Math.trunc(typed) : null)
    event.currentTarget.reset()
  }
  return (
    <form onSubmit={submit} role="group" aria-label={label} className="flex gap-1.5">
      <input
        name="rolled"
        type="number"
        inputMode="numeric"
        min={1}
        max={20}
        aria-label={`${label}: the number on a real die, without the bonus`}
        placeholder="Real d20"
        className="input !min-h-11 !w-28 grow !px-2 !py-0"
      />
      <Button type="submit" look="primary" disabled={isWaiting} className="!px-3 text-sm">
        {action}
      </Button>
    </form>
  )
}
