import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { api, asSomebody, messageOf, newKey } from '../../../api.ts'
import { useSession } from '../../../auth/use-session.ts'
import { ForSomebody } from '../../../auth/SignIn.tsx'
import { Button } from '../../../ui/button.tsx'
import { Field, Problem } from '../../../ui/field.tsx'
import { KeepsNothing } from '../../../ui/keeps-nothing.tsx'
import { textOf } from '../../../ui/form.ts'
import { pathOf } from './room-path.ts'

export function JoinPage() {
  const { code = '' } = useParams()
  const [, navigate] = useLocation()
  const session = useSession()
  const join = useMutation({
    mutationFn: (name: string) => asSomebody(name, () => api.rooms.join.mutate({ key: newKey(), code, name })),
    onSuccess: (room) => navigate(pathOf(room), { replace: true }),
  })
  // A person whom this browser already knows joins at once.
  const { mutate } = join
  const isStarted = useRef(false)
  useEffect(() => {
    if (!session || isStarted.current) return
    isStarted.current = true
    mutate(session.name)
  }, [session, mutate])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    isStarted.current = true
    join.mutate(textOf(new FormData(event.currentTarget), 'name'))
  }
  const isWaiting = join.isPending || (session !== null && !join.error)
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-4">
      <ForSomebody level="h1" title="You are invited to a table" what="take your seat">
        <form className="panel flex flex-col gap-4" onSubmit={submit}>
          <h1 className="text-2xl font-semibold">You are invited to a table</h1>
          <Field
            label="Your name"
            name="name"
            required
            maxLength={60}
            defaultValue={session?.name}
            autoComplete="nickname"
          />
          <KeepsNothing />
          <Problem text={join.error ? messageOf(join.error) : null} />
          <Button look="primary" type="submit" disabled={isWaiting}>
            {isWaiting ? 'Taking a seat…' : 'Join the table'}
          </Button>
          <Link to="/" className="text-soft text-center text-sm underline">
            To the start page
          </Link>
        </form>
      </ForSomebody>
    </main>
  )
}
