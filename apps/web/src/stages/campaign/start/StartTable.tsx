import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useLocation } from 'wouter'
import { api, messageOf, newKey } from '../../../api.ts'
import { asNamed } from '../../../auth/as-named.ts'
import { useSession } from '../../../auth/use-session.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'
import { pathOf } from './room-path.ts'

export function StartTable() {
  const [, navigate] = useLocation()
  const name = useSession()?.name
  const start = useMutation({
    mutationFn: ({ table, name }: { table: string; name: string }) =>
      asNamed(name, () => api.rooms.create.mutate({ key: newKey(), name: table })),
    onSuccess: (room) => navigate(pathOf(room)),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start.mutate({ table: textOf(form, 'table'), name: textOf(form, 'name') })
  }
  return (
    <form className="panel flex flex-col gap-4" onSubmit={submit}>
      <h2 className="text-xl font-semibold">Start a table</h2>
      <Field label="Name of the table" name="table" required maxLength={60} placeholder="Thursday night" />
      <Field
        label="Your name"
        name="name"
        required
        maxLength={60}
        defaultValue={name}
        key={name}
        autoComplete="nickname"
      />
      <Problem text={start.error ? messageOf(start.error) : null} />
      <Button look="primary" type="submit" disabled={start.isPending}>
        {start.isPending ? 'Setting the table…' : 'Start as DM'}
      </Button>
    </form>
  )
}
