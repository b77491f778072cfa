import type { NarratorMode } from '@tablecast/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { queries, queryClient } from '../../../queries.tsx'
import { Problem } from '../../../ui/field.tsx'

const modes: readonly (readonly [NarratorMode, string, string])[] = [
  ['scribe', 'The scribe', 'What you write is the story, at once. No model.'],
  [
    'draft',
    'A draft for you',
    'The model writes, you read it first: publish, change, or throw it away. It reads your notes; nothing reaches players before you publish.',
  ],
  [
    'auto',
    'Straight to the table',
    'Players read along while the model writes. It reads only what players know, so it can’t give away more.',
  ],
]

/** Chooses how the narrator writes for this table. */
export function NarratorSettings({ roomId }: { roomId: string }) {
  const { data, error, refetch } = useQuery(queries.narrator.status.queryOptions({ roomId }))
  // The choice is shown at once, until the server has answered.
  const [chosen, setChosen] = useState<NarratorMode | null>(null)
  const choose = useMutation({
    mutationFn: (mode: NarratorMode) => api.narrator.setMode.mutate({ roomId, key: newKey(), mode }),
    onSuccess: () => queryClient.invalidateQueries(queries.narrator.status.queryFilter({ roomId })),
    onError: () => refetch(),
    onSettled: () => setChosen(null),
  })
  const id = useId()
  if (!data) return <Problem text={error ? messageOf(error) : null} />
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-serif text-lg font-semibold">Who writes what you ask for?</legend>
      <Problem text={choose.error ? messageOf(choose.error) : null} />
      {modes.map(([mode, name, text]) => (
        <div key={mode} className="border-line bg-card has-checked:border-accent flex gap-3 rounded-xl border p-3">
          <input
            type="radio"
            id={`${id}-${mode}`}
            name="narrator"
            value={mode}
            checked={(chosen ?? data.mode) === mode}
            disabled={mode !== 'scribe' && data.model === null}
            aria-describedby={`${id}-${mode}-text`}
            onChange={() => {
              setChosen(mode)
              choose.mutate(mode)
            }}
            className="accent-accent mt-1 size-4 shrink-0"
          />
          <div>
            <label htmlFor={`${id}-${mode}`} className="block cursor-pointer font-semibold">
              {name}
            </label>
            <p id={`${id}-${mode}-text`} className="text-soft text-sm">
              {text}
            </p>
          </div>
        </div>
      ))}
      <p className="text-soft text-sm">
        {data.model === null
          ? 'No language model is set up here. The operator sets LLM_BASE_URL and LLM_MODEL.'
          : `Model: ${data.model}. Today ${data.tokensUsed.toLocaleString()} of ${data.tokensPerDay.toLocaleString()} tokens.`}
      </p>
      <p className="text-soft text-sm">Commands with a slash are carried out at once in every mode.</p>
    </fieldset>
  )
}
