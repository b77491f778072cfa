import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { messageOf, signInAs } from '../../api.ts'
import { ForSomebody } from '../../auth/SignIn.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'

export function OperatorSignIn() {
  const signIn = useMutation({ mutationFn: signInAs })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    signIn.mutate(textOf(new FormData(event.currentTarget), 'name'))
  }
  return (
    <div className="mx-auto max-w-md py-8 sm:py-16">
      <ForSomebody title="Server status" what="see the status of this server">
        <form className="panel flex flex-col gap-4" onSubmit={submit}>
          <h2 className="text-xl font-semibold">Who are you?</h2>
          <p className="text-soft text-sm">
            Operators see the state of this server: connections, speed, rooms and the services that it needs.
          </p>
          <Field label="Your name" name="name" required maxLength={60} autoComplete="nickname" />
          <Problem text={signIn.error ? messageOf(signIn.error) : null} />
          <Button look="primary" type="submit" disabled={signIn.isPending}>
            {signIn.isPending ? 'Signing in…' : 'Go on'}
          </Button>
        </form>
      </ForSomebody>
    </div>
  )
}
