import { type FormEvent, useId, useState } from 'react'
import { messageOf } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Problem } from '../ui/field.tsx'
import { textOf } from '../ui/form.ts'
import { takeName } from './take-name.ts'

/** A person's own name, and the button that changes it everywhere. Mount it again when the name changes. */
export function NameForm({ name }: { name: string }) {
  const id = useId()
  const [typed, setTyped] = useState(name)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setIsBusy(true)
    setProblem(null)
    try {
      await takeName(textOf(new FormData(event.currentTarget), 'name'))
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setIsBusy(false)
    }
  }
  const isNew = typed.trim() !== '' && typed.trim() !== name
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-soft text-sm whitespace-nowrap">
          Your name
        </label>
        <input
          id={id}
          name="name"
          className="input min-w-0"
          required
          maxLength={60}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {isNew && (
          <Button look="primary" type="submit" disabled={isBusy}>
            Rename
          </Button>
        )}
      </div>
      {isNew && (
        <p className="text-soft mt-2 text-xs">What you have said so far keeps the name that you said it with.</p>
      )}
      <Problem text={problem} />
    </form>
  )
}
