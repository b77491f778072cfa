import type { ApiKey, TopicRight } from '@tablecast/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api, messageOf, newKey } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'
import { Switch } from '../../ui/switch.tsx'

/** Keys for programs: made, listed, revoked. A key is shown once. */
export function KeysDialog() {
  return (
    <Dialog
      title="API keys"
      trigger={
        <Button>
          <KeyRound size={16} aria-hidden="true" /> API keys
        </Button>
      }
    >
      <p className="text-soft mb-4 text-sm">
        Where the hub asks for a token, a program sends a key as <code>Authorization: Bearer …</code>, or as{' '}
        <code>token=</code> on its socket. It may do what the key says, and nothing else.
      </p>
      <CreateKey />
      <KeyList />
    </Dialog>
  )
}

function CreateKey() {
  const cache = useQueryClient()
  const [publish, setPublish] = useState(true)
  const [subscribe, setSubscribe] = useState(true)
  const create = useMutation({
    mutationFn: (wanted: { name: string; rights: TopicRight[] }) =>
      api.topics.createKey.mutate({ key: newKey(), ...wanted }),
    onSuccess: () => cache.invalidateQueries({ queryKey: queries.topics.keys.queryKey() }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    create.mutate({ name: textOf(form, 'name'), rights: [{ topic: textOf(form, 'topic').trim(), publish, subscribe }] })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label="What it is for" name="name" required maxLength={60} placeholder="The dice bot" />
      <Field
        label="Topic"
        name="topic"
        required
        maxLength={128}
        defaultValue="*"
        hint="A topic, or the beginning of some with * at the end"
      />
      <div className="flex flex-wrap gap-4">
        <Switch label="May publish" checked={publish} onChange={setPublish} />
        <Switch label="May subscribe" checked={subscribe} onChange={setSubscribe} />
      </div>
      <Problem text={create.error ? messageOf(create.error) : null} />
      <Button look="primary" type="submit" disabled={create.isPending || !(publish || subscribe)}>
        Make a key
      </Button>
      {create.data && (
        <div role="status" className="bg-raised rounded-lg p-3">
          <p className="text-sm font-semibold">Copy it now; it is not shown again.</p>
          <code className="text-sm break-all select-all">{create.data.secret}</code>
        </div>
      )}
    </form>
  )
}

function KeyList() {
  const { data, error } = useQuery(queries.topics.keys.queryOptions())
  return (
    <section aria-label="Your keys" className="mt-6">
      <h3 className="text-lg font-semibold">Your keys</h3>
      <Problem text={error ? messageOf(error) : null} />
      {data?.keys.length === 0 && <p className="text-soft text-sm">None yet.</p>}
      <ul className="mt-2 flex flex-col gap-2">
        {data?.keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </ul>
    </section>
  )
}

function KeyRow({ apiKey: { id, name, rights, revokedAt } }: { apiKey: ApiKey }) {
  const cache = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => api.topics.revokeKey.mutate({ key: newKey(), id }),
    onSettled: () => cache.invalidateQueries({ queryKey: queries.topics.keys.queryKey() }),
  })
  return (
    <li data-testid="api-key" className="border-line flex flex-wrap items-center gap-3 rounded-lg border px-3 py-2">
      <div className="min-w-0 grow">
        <p className={`font-semibold break-words ${revokedAt ? 'line-through' : ''}`}>{name}</p>
        <p className="text-soft text-xs break-all">
          {id} · {rights.map(described).join('; ')}
        </p>
      </div>
      {revokedAt ? (
        <span className="text-soft text-sm">Revoked</span>
      ) : (
        <Confirm
          title={`Revoke the key of ${name}?`}
          text="Programs that use it are cut off at once, for good."
          action="Revoke"
          danger
          trigger={<Button look="danger">Revoke</Button>}
          onConfirm={() => revoke.mutate()}
        />
      )}
    </li>
  )
}

const described = ({ topic, publish, subscribe }: TopicRight): string =>
  `${topic}: ${[publish && 'publish', subscribe && 'subscribe'].filter(Boolean).join(' and ')}`
