import { Refusal } from '@tablecast/rules/refusal'
import { type FormEvent, useId, useRef, useState } from 'react'
import { type Save, typedOperation } from './area-damage.ts'
import { useFight } from './fight-context.ts'

type Props = {
  label: string
  targets: readonly string[]
  /** A save that was chosen beside the box. */
  save?: Save | null
  placeholder?: string
  className?: string
  /** The keys find the box by this name: a fighter's id, or `many`. */
  box: string
}

/** Takes `7`, `+5`, `2d6+3 fire`, `half`, `temp 5`. Enter applies it. */
export function DamageBox({ label, targets, save = null, placeholder = '7, +5', className = '', box }: Props) {
  const { operate, lastEntry, keepEntry } = useFight()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const isSending = useRef(false)
  const problemId = useId()
  const apply = async (event: FormEvent) => {
    event.preventDefault()
    if (isSending.current || text.trim() === '') return
    if (targets.length === 0) {
      setProblem('Choose fighters first.')
      return
    }
    try {
      const { operation, entry } = typedOperation(text, targets, lastEntry(), save)
      isSending.current = true
      // The text stays until the server has taken it.
      if (await operate(operation)) {
        setText('')
        keepEntry(entry)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setProblem(error.message)
    } finally {
      isSending.current = false
    }
  }
  return (
    <form onSubmit={(event) => void apply(event)} className={`relative ${className}`}>
      <input
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem ? problemId : undefined}
        data-damage={box}
        autoComplete="off"
        enterKeyHint="done"
        maxLength={80}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setProblem(null)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
        className="input !min-h-9 !px-2 !py-0 text-sm"
      />
      {problem && (
        <p
          id={problemId}
          role="alert"
          className="bg-raised border-bad text-bad absolute top-full right-0 z-20 mt-1 w-56 rounded-lg border p-2 text-sm shadow-xl"
        >
          {problem}
        </p>
      )}
    </form>
  )
}
