import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { messageOf, signInAs } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { useSession } from '../../auth/use-session.ts'
import { ForSomebody } from '../../auth/SignIn.tsx'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { StaleNotice } from '../../live/StaleNotice.tsx'
import { Button, ThemeButton } from '../../ui/button.tsx'
import { CHARTS_BY } from '../../ui/chart-looks.ts'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { type Alarm, alarmsOf } from './alarms.ts'
import { type Line, LiveChart } from './LiveChart.tsx'
import { type Measures, measuresOf } from './measures.ts'
import { OpsConnection, useOps } from './ops-connection.ts'
import { DependenciesTable, ErrorsTable, NodesTable, RoomsTable, SlowClientsTable } from './tables.tsx'
import { bytes, count, duration, span } from './units.ts'

const REFRESH_MS = 5_000

/** For who runs the server: how all nodes are. Names and numbers; nothing of what is said at a table comes here. */
export function OpsPage() {
  const isKnown = useSession() !== null
  useEffect(() => {
    document.title = 'Operations · Tablecast'
  }, [])
  useEffect(() => {
    if (!isKnown) return
    const connection = new OpsConnection()
    return () => connection.close()
  }, [isKnown])
  const { link, seq, heardAt, history } = useOps()
  const frame = history.at(-1)
  const isOut = !isKnown || link.kind === 'signed_out'
  const nodes = frame?.nodes.filter(({ state }) => state !== 'gone').length ?? 0

  return (
    <div className="min-h-dvh">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title="Operations"
        subtitle={frame ? `${nodes} ${nodes === 1 ? 'node' : 'nodes'}` : 'The nodes of this server'}
        isSticky
      >
        {!isOut && link.kind !== 'ended' && <ConnectionStatus link={link} seq={seq || null} heardAt={heardAt} />}
        <ThemeButton />
      </PageHeader>
      <main className="mx-auto max-w-[100rem] p-3 sm:p-5">
        {isOut ? (
          <SignIn />
        ) : link.kind === 'ended' ? (
          <NoOperator />
        ) : frame ? (
          <Board />
        ) : (
          <p className="text-soft p-12 text-center" role="status">
            {link.kind === 'connecting' || link.kind === 'live'
              ? 'Asking the nodes…'
              : 'The server can not be reached. As soon as it is back, its nodes appear here by themselves.'}
          </p>
        )}
      </main>
    </div>
  )
}

const connectionLines: readonly Line[] = [
  { name: 'tRPC', of: ({ trpc }) => trpc },
  { name: 'SSE', of: ({ sse }) => sse },
  { name: 'plain', of: ({ plain }) => plain },
  { name: 'Socket.IO', of: ({ socketio }) => socketio },
]
const eventLines: readonly Line[] = [
  { name: 'deliveries', of: ({ deliveries }) => deliveries },
  { name: 'events', of: ({ events }) => events },
]
const byteLines: readonly Line[] = [{ name: 'sent', of: ({ bytes: sent }) => sent }]
const deliveryLines: readonly Line[] = [
  { name: 'p99', of: ({ deliveryP99 }) => deliveryP99 },
  { name: 'p50', of: ({ deliveryP50 }) => deliveryP50 },
]
const fanOutLines: readonly Line[] = [{ name: 'p99', of: ({ fanOutP99 }) => fanOutP99 }]
const lagLines: readonly Line[] = [
  { name: 'most events behind', of: ({ lag }) => lag },
  { name: 'subscribers behind', of: ({ behind }) => behind },
]
const recoveryLines: readonly Line[] = [
  { name: 'reconnects', of: ({ reconnects }) => reconnects },
  { name: 'snapshots', of: ({ snapshots }) => snapshots },
  { name: 'dropped', of: ({ dropped }) => dropped },
]
const errorLines: readonly Line[] = [{ name: 'errors', of: ({ errors }) => errors }]

function Board() {
  const { link, history } = useOps()
  const [chosen, setChosen] = useState<string | null>(null)
  const asked = useQuery({ ...queries.ops.dependencies.queryOptions(), refetchInterval: REFRESH_MS })
  const frame = history.at(-1)
  if (!frame) return null
  const only = frame.nodes.some(({ nodeId }) => nodeId === chosen) ? chosen : null
  const measures = measuresOf(history, only)
  return (
    <div className="flex flex-col gap-4">
      <StaleNotice link={link} />
      <Alarms alarms={alarmsOf(frame, asked.data)} isLive={link.kind === 'live'} now={frame.at} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <NodesTable
            nodes={frame.nodes}
            cpu={only === null ? measures.cpu : measuresOf(history, null).cpu}
            here={frame.nodeId}
            now={frame.at}
          />
          <RoomsTable rooms={frame.rooms} />
        </div>
        <DependenciesTable
          node={asked.data?.node ?? null}
          dependencies={asked.data?.dependencies ?? []}
          now={frame.at}
          problem={asked.error ? messageOf(asked.error) : null}
        />
      </div>
      <Charts measures={measures}>
        {frame.nodes.length > 1 && (
          <NodeChoice
            nodes={frame.nodes.map(({ nodeId, name }) => [nodeId, `${name} (${nodeId})`])}
            chosen={only}
            onChoose={setChosen}
          />
        )}
      </Charts>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <SlowClientsTable slow={frame.slow} rooms={frame.rooms} now={frame.at} />
        <ErrorsTable errors={measures.errors} />
      </div>
    </div>
  )
}

function Charts({ measures: { moments }, children }: { measures: Measures; children: React.ReactNode }) {
  return (
    <section aria-label="The last five minutes">
      <div className="mb-2 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg font-semibold">The last five minutes</h2>
        {children}
      </div>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <LiveChart title="Connections" lines={connectionLines} moments={moments} format={count} />
        <LiveChart title="Events and deliveries per second" lines={eventLines} moments={moments} format={count} />
        <LiveChart title="Sent per second" lines={byteLines} moments={moments} format={bytes} />
        <LiveChart title="From commit to socket" lines={deliveryLines} moments={moments} format={duration} />
        <LiveChart title="Fan-out of one flush" lines={fanOutLines} moments={moments} format={duration} />
        <LiveChart title="Not handed out yet" lines={lagLines} moments={moments} format={count} />
        <LiveChart title="Recovery per second" lines={recoveryLines} moments={moments} format={count} />
        <LiveChart title="Errors per second" lines={errorLines} moments={moments} format={count} />
      </div>
      <p className="text-soft mt-1 text-right text-xs">
        <a className="inline-block py-1 underline" href={CHARTS_BY.href} target="_blank" rel="noreferrer">
          {CHARTS_BY.text}
        </a>
      </p>
    </section>
  )
}

type NodeChoiceProps = {
  nodes: readonly (readonly [id: string, name: string])[]
  chosen: string | null
  onChoose: (id: string | null) => void
}

function NodeChoice({ nodes, chosen, onChoose }: NodeChoiceProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <label htmlFor={id} className="text-soft">
        Of
      </label>
      <select
        id={id}
        className="input !w-auto min-w-0"
        value={chosen ?? ''}
        onChange={({ target }) => onChoose(target.value || null)}
      >
        <option value="">all nodes together</option>
        {nodes.map(([nodeId, name]) => (
          <option key={nodeId} value={nodeId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

/** What needs somebody; said aloud when it changes, and only then. */
function Alarms({ alarms, isLive, now }: { alarms: readonly Alarm[]; isLive: boolean; now: number }) {
  return (
    <>
      <div role="status" className="sr-only">
        {alarms.length > 0 ? alarms.map(({ text }) => text).join('. ') : isLive ? 'All is well' : ''}
      </div>
      {alarms.length > 0 ? (
        <ul aria-label="Alarms" className="panel !border-bad flex flex-col gap-1">
          {alarms.map(({ id, text, since }) => (
            <li key={id} className="text-bad flex gap-2 font-semibold">
              <TriangleAlert size={18} aria-hidden="true" className="mt-1 shrink-0" />
              <span>
                {text}
                {since !== null && <span className="text-soft text-sm font-normal"> for {span(now - since)}</span>}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        isLive && (
          <p className="text-good flex items-center gap-2 font-semibold">
            <CircleCheck size={18} aria-hidden="true" /> Every node answers, and everything that they need
          </p>
        )
      )}
    </>
  )
}

function SignIn() {
  const signIn = useMutation({ mutationFn: signInAs })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    signIn.mutate(textOf(new FormData(event.currentTarget), 'name'))
  }
  return (
    <div className="mx-auto max-w-md py-8 sm:py-16">
      <ForSomebody title="Operations" what="see how the nodes of this server are">
        <form className="panel flex flex-col gap-4" onSubmit={submit}>
          <h2 className="text-xl font-semibold">Who are you?</h2>
          <p className="text-soft text-sm">
            Operators see how the nodes of this server are: connections, speeds, rooms and what they need.
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

/** Signed in, but none of the operators. */
function NoOperator() {
  const session = useSession()
  return (
    <div className="mx-auto max-w-xl py-8 text-center sm:py-16">
      <h2 className="text-2xl font-semibold">This page is for operators</h2>
      <p className="text-soft mt-3">
        You are signed in as <span className="text-ink">{session?.name ?? 'somebody'}</span>. Whoever runs this server
        lets you in by adding your user id to its configuration and starting it again:
      </p>
      <pre className="panel mt-4 overflow-x-auto text-left text-sm" tabIndex={0} aria-label="Configuration">
        OPERATORS={session?.userId ?? ''}
      </pre>
      <p className="text-soft mt-3 text-sm">Several user ids are separated by commas.</p>
    </div>
  )
}
