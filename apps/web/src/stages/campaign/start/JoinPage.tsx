// Without React Query and other parts that load later: this is the first page on a player's phone.
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { api, messageOf, newKey } from '../../../api.ts'
import { asNamed } from '../../../auth/as-named.ts'
import { signInWithAccount } from '../../../auth/accounts.ts'
import { useSession } from '../../../auth/use-session.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, Problem } from '../../../ui/field.tsx'
import { KeepsNothing } from '../../../ui/keeps-nothing.tsx'
import { textOf } from '../../../ui/form.ts'
import { invitedRoom } from './invited-room.ts'
import { pathOf } from './room-path.ts'
import { takeFirstForm } from './take-first-form.ts'
import { useMustSignIn } from './use-must-sign-in.ts'

/** The page behind this one. It is loaded again when it is opened, if this fails. */
const loadTable = () => import('../player/PlayerPage.tsx').catch(() => null)

export function JoinPage() {
  const { code = '' } = useParams()
  const [, navigate] = useLocation()
  const session = useSession()
  const [problem, setProblem] = useState<string | null>(null)
  const [isJoining, setIsJoining] = useState(false)
  const mustSignIn = useMustSignIn() && !session
  const room = invitedRoom(code)
  const title = room === null ? 'You are invited to a table' : `You are invited to “${room}”`

  const join = async (name: string) => {
    setIsJoining(true)
    setProblem(null)
    try {
      const joined = await asNamed(name, () => api.rooms.join.mutate({ key: newKey(), code, name }))
      navigate(pathOf(joined), { replace: true })
    } catch (error) {
      setProblem(messageOf(error))
      setIsJoining(false)
    }
  }
  useEffect(() => void loadTable(), [])
  const isStarted = useRef(false)
  const form = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => {
    const first = takeFirstForm(form.current?.querySelector('input') ?? null)
    if (!first?.isSent) return
    isStarted.current = true
    void join(first.name)
  })
  // A person whom this browser already knows joins at once.
  useEffect(() => {
    if (!session || isStarted.current) return
    isStarted.current = true
    void join(session.name)
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    isStarted.current = true
    void join(textOf(new FormData(event.currentTarget), 'name'))
  }
  const isWaiting = isJoining || (session !== null && problem === null)
  if (mustSignIn)
    return (
      <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-4">
        <div className="panel flex flex-col items-start gap-4">
          <h1 className="text-2xl font-semibold">{title}</h1>
          <p>Sign in to take your seat.</p>
          <Button look="primary" onClick={() => signInWithAccount()}>
            Sign in
          </Button>
        </div>
      </main>
    )
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-4">
      <form ref={form} className="panel flex flex-col gap-4" onSubmit={submit}>
        <h1 className="text-2xl font-semibold">{title}</h1>
        <Field
          label="Your name"
          name="name"
          required
          maxLength={60}
          defaultValue={session?.name}
          autoComplete="nickname"
        />
        <KeepsNothing />
        <Problem text={problem} />
        <Button look="primary" type="submit" disabled={isWaiting}>
          {isWaiting ? 'Taking a seat…' : 'Join the table'}
        </Button>
        <Link to="/" className="text-soft text-center text-sm underline">
          To the start page
        </Link>
      </form>
    </main>
  )
}
