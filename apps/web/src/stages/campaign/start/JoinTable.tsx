import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../../../ui/button.tsx'
import { Field, Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'

export function JoinTable() {
  const [, navigate] = useLocation()
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = textOf(new FormData(event.currentTarget), 'code')
      .replace(/^.*\/join\//, '')
      .trim()
    if (/^[\w-]{8,100}$/.test(code)) navigate(`/join/${code}`)
    else setProblem('Paste the whole link or code that the DM gave you.')
  }
  return (
    <form className="panel flex flex-col gap-4" onSubmit={submit}>
      <h2 className="text-xl font-semibold">Join a table</h2>
      <Field label="Invite link or code" name="code" required hint="Your DM finds it under Invite." />
      <Problem text={problem} />
      <Button type="submit">Join</Button>
    </form>
  )
}
