import type { TopicSummary } from '@tablecast/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { api, messageOf, newKey, signInAs } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { useSession } from '../../auth/use-session.ts'
import { ForSomebody } from '../../auth/SignIn.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { StageHeader } from '../../ui/stage-header.tsx'
import { KeysDialog } from './KeysDialog.tsx'
import { TopicConsole } from './TopicConsole.tsx'
import { countTopics, openTopics, useTopicsLive } from './topics-live.ts'

const REFRESH_INTERVAL_MS = 2_000

/** Everybody on this page is at least a guest. */
export function TopicsPage() {
  const isSignedIn = useSession() !== null
  const [problem, setProblem] = useState<string | null>(null)
  const { data: auth } = useQuery(queries.auth.config.queryOptions())
  // Nobody becomes a guest before the server has said that it lets guests in.
  const mustSignIn = !isSignedIn && auth?.guests !== true
  useEffect(() => {
    document.title = 'Topics · Tablecast'
    if (isSignedIn || mustSignIn) return
    signInAs('Guest').catch((error: unknown) => setProblem(messageOf(error)))
  }, [isSignedIn, mustSignIn])
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 py-6 sm:px-8">
      <StageHeader />
      <main className="grow py-8">
        <h1 className="text-4xl font-semibold">Topics</h1>
        <p className="text-soft mt-3 max-w-2xl">
          Any program publishes and subscribes, over WebSocket and REST. Here you see what flows, and try it out.
        </p>
        <Problem text={mustSignIn ? null : problem} />
        {mustSignIn && auth && (
          <div className="mt-6 max-w-md">
            <ForSomebody what="see and use the topics">
              <span />
            </ForSomebody>
          </div>
        )}
        {isSignedIn && (
          <>
            <div className="mt-4">
              <KeysDialog />
            </div>
            <Board />
          </>
        )}
      </main>
    </div>
  )
}

function Board() {
  useEffect(() => openTopics(), [])
  const client = useTopicsLive((state) => state.client)
  const counted = useTopicsLive((state) => state.counted)
  const { data, error, dataUpdatedAt } = useQuery({
    ...queries.topics.list.queryOptions(),
    refetchInterval: REFRESH_INTERVAL_MS,
  })
  useEffect(() => {
    if (data) countTopics(data.topics, dataUpdatedAt)
  }, [data, dataUpdatedAt])
  const [chosen, setChosen] = useState<string | null>(null)
  const topics = data?.topics ?? []
  const selected = topics.some(({ name }) => name === chosen) ? chosen : null
  return (
    <div className="mt-8 grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <CreateTopic onCreated={setChosen} />
        <Problem text={error ? messageOf(error) : null} />
        {data && topics.length === 0 && <p className="text-soft">There is no topic yet. Make the first one.</p>}
        <ul className="flex flex-col gap-2">
          {topics.map((topic) => (
            <TopicRow
              key={topic.name}
              topic={topic}
              rates={counted.get(topic.name)?.rates ?? []}
              isChosen={topic.name === selected}
              onChoose={() => setChosen(topic.name)}
            />
          ))}
        </ul>
      </div>
      {selected ? (
        <TopicConsole key={selected} client={client} topic={selected} />
      ) : (
        <p className="text-soft border-line rounded-2xl border border-dashed p-8 text-center">
          Choose a topic to publish in it and to watch it.
        </p>
      )}
    </div>
  )
}

function CreateTopic({ onCreated }: { onCreated: (topic: string) => void }) {
  const form = useRef<HTMLFormElement>(null)
  const cache = useQueryClient()
  const create = useMutation({
    mutationFn: (topic: string) => api.topics.create.mutate({ key: newKey(), topic }),
    async onSuccess({ topic }) {
      form.current?.reset()
      await cache.invalidateQueries({ queryKey: queries.topics.list.queryKey() })
      onCreated(topic)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    create.mutate(textOf(new FormData(event.currentTarget), 'topic').trim())
  }
  return (
    <form ref={form} onSubmit={submit} className="panel flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label="New topic"
          name="topic"
          required
          maxLength={128}
          pattern="[A-Za-z0-9][A-Za-z0-9._:\-]*"
          title="Letters, digits, . _ : and -, beginning with a letter or digit"
          placeholder="orders"
          className="min-w-40 grow"
        />
        <Button look="primary" type="submit" disabled={create.isPending}>
          Create
        </Button>
      </div>
      <Problem text={create.error ? messageOf(create.error) : null} />
    </form>
  )
}

type RowProps = { topic: TopicSummary; rates: readonly number[]; isChosen: boolean; onChoose: () => void }

function TopicRow({ topic, rates, isChosen, onChoose }: RowProps) {
  const cache = useQueryClient()
  const { name, messages, subscribers, dropped, mine } = topic
  const remove = useMutation({
    mutationFn: () => api.topics.remove.mutate({ key: newKey(), topic: name }),
    onSettled: () => cache.invalidateQueries({ queryKey: queries.topics.list.queryKey() }),
  })
  const rate = rates.at(-1) ?? 0
  return (
    <li
      data-testid="topic"
      className={`bg-card flex items-center gap-2 rounded-xl border p-2 transition ${isChosen ? 'border-accent' : 'border-line'}`}
    >
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        className="flex min-h-11 min-w-0 grow flex-wrap items-center gap-x-4 gap-y-1 rounded-lg px-2 text-left"
      >
        <span className="min-w-0 grow basis-32 font-semibold break-all">{name}</span>
        <Sparkline values={rates.length > 1 ? rates : [0, 0]} className="h-8 w-24" />
        <span className="text-soft w-full text-xs tabular-nums">
          {rate.toFixed(1)}/s · {messages} messages · {subscribers} {subscribers === 1 ? 'subscriber' : 'subscribers'}
          {dropped > 0 && <span className="text-warn"> · {dropped} dropped</span>}
        </span>
      </button>
      {mine && (
        <Confirm
          title={`Delete ${name}?`}
          text="Its subscribers are disconnected, and its messages are deleted."
          action="Delete"
          danger
          trigger={
            <IconButton label={`Delete ${name}`}>
              <Trash2 size={16} />
            </IconButton>
          }
          onConfirm={() => remove.mutate()}
        />
      )}
    </li>
  )
}
