import type { TopicsClient } from '@tablecast/topics-client'
import { useMutation } from '@tanstack/react-query'
import { Pause, Play, RefreshCw, Send, Trash2 } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { newUuid } from './uuid.ts'
import { clear, goOn, pause, useTopicsLive, watchTopic } from './topics-live.ts'

/** Publish into a topic, and watch it. */
export function TopicConsole({ client, topic }: { client: TopicsClient | null; topic: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Publisher client={client} topic={topic} />
      <Rate topic={topic} />
      <Watcher client={client} topic={topic} />
    </div>
  )
}

function Publisher({ client, topic }: { client: TopicsClient | null; topic: string }) {
  const id = useId()
  const [draft, setDraft] = useState('{"hello": "table"}')
  const [uuid, setUuid] = useState(newUuid)
  const wrong = problemOf(draft)
  const publish = useMutation({
    mutationFn: (payload: unknown) =>
      client?.publish(topic, payload, uuid) ?? Promise.reject(new Error('not connected')),
    onSuccess: () => setUuid(newUuid()),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrong) publish.mutate(JSON.parse(draft))
  }
  return (
    <form onSubmit={submit} aria-label="Publish" className="panel flex flex-col gap-3">
      <h2 className="text-lg font-semibold break-all">Publish in {topic}</h2>
      <div className="flex items-end gap-2">
        <Field label="Message id" value={uuid} readOnly className="min-w-0 grow" />
        <IconButton label="Make another id" onClick={() => setUuid(newUuid())}>
          <RefreshCw size={16} />
        </IconButton>
      </div>
      <div>
        <label htmlFor={id} className="text-soft mb-1 block text-sm">
          Payload, any JSON
        </label>
        <textarea
          id={id}
          rows={4}
          spellCheck={false}
          value={draft}
          aria-invalid={wrong !== null}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setDraft(event.target.value)}
          className="input resize-y font-mono !text-sm"
        />
        <p id={`${id}-problem`} className="text-bad text-xs empty:hidden">
          {wrong}
        </p>
      </div>
      <Problem text={publish.error ? publish.error.message : null} />
      <div className="flex items-center gap-3">
        <Button look="primary" type="submit" disabled={wrong !== null || publish.isPending || !client}>
          <Send size={16} aria-hidden="true" /> Publish
        </Button>
        <span role="status" className="text-good text-sm">
          {publish.isSuccess && !publish.isPending ? 'Taken by the hub' : ''}
        </span>
      </div>
    </form>
  )
}

/** Messages per second over the last minutes. */
function Rate({ topic }: { topic: string }) {
  const rates = useTopicsLive((state) => state.counted.get(topic)?.rates)
  if (!rates || rates.length < 2) return null
  return (
    <section aria-label="Rate" className="panel">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-lg font-semibold">Rate</h2>
        <p className="text-soft text-sm tabular-nums">
          {(rates.at(-1) ?? 0).toFixed(1)} per second now, {Math.max(...rates).toFixed(1)} at the most
        </p>
      </div>
      <Sparkline values={[0, ...rates]} className="mt-2 h-16 w-full" />
    </section>
  )
}

function Watcher({ client, topic }: { client: TopicsClient | null; topic: string }) {
  const [lastN, setLastN] = useState(10)
  const [filter, setFilter] = useState('')
  useEffect(() => (client ? watchTopic(client, topic, lastN) : undefined), [client, topic, lastN])
  const messages = useTopicsLive((state) => state.messages)
  const problem = useTopicsLive((state) => state.problem)
  const dropped = useTopicsLive((state) => state.dropped)
  const isPaused = useTopicsLive((state) => state.isPaused)
  const wanted = filter.trim().toLowerCase()
  const shown =
    wanted === '' ? messages : messages.filter(({ text, id }) => `${text} ${id}`.toLowerCase().includes(wanted))
  return (
    <section aria-label="Watch" className="panel flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <h2 className="min-w-0 grow text-lg font-semibold break-all">Watch {topic}</h2>
        <IconButton label={isPaused ? 'Go on' : 'Pause'} look="plain" onClick={isPaused ? goOn : pause}>
          {isPaused ? <Play size={16} /> : <Pause size={16} />}
        </IconButton>
        <IconButton label="Clear the list" look="plain" onClick={clear}>
          <Trash2 size={16} />
        </IconButton>
      </div>
      <div className="flex flex-wrap gap-3">
        <Field
          label="Filter"
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="min-w-40 grow"
        />
        <Field
          label="Replay the last"
          type="number"
          min={0}
          max={1_000}
          value={lastN}
          onChange={(event) => setLastN(Math.max(0, Math.floor(Number(event.target.value) || 0)))}
          className="w-32"
        />
      </div>
      <Problem text={problem} />
      {dropped > 0 && <p className="text-warn text-sm">{dropped} messages were dropped: this page was too slow.</p>}
      <div
        role="log"
        aria-label={`Messages in ${topic}`}
        aria-live="off"
        tabIndex={0}
        className="flex max-h-96 min-h-24 flex-col-reverse justify-end overflow-y-auto"
      >
        {shown.length === 0 && (
          <p className="text-soft text-sm italic">
            {messages.length > 0 ? 'Nothing fits the filter.' : 'Nothing yet.'}
          </p>
        )}
        <ol className="flex flex-col gap-2">
          {shown.map(({ id, ts, text }) => (
            <li key={id} data-testid="message" className="arrive bg-raised rounded-lg px-3 py-2">
              <p className="text-soft flex flex-wrap gap-x-3 text-xs">
                <time dateTime={ts}>{new Date(ts).toLocaleTimeString()}</time>
                <span className="break-all">{id}</span>
              </p>
              <pre className="text-sm break-all whitespace-pre-wrap">{text}</pre>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

function problemOf(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? `Not JSON: ${error.message}` : 'Not JSON'
  }
}
