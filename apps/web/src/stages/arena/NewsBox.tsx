import { useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { api, messageOf, newKey, asSomebody } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/field.tsx'

const MAX_NEWS = 4_000
const examples = [
  'Birds are government drones that recharge on power lines.',
  'Scientists confirm: coffee makes plants remember names.',
  'A secret bank pays everyone who shares this before midnight!',
]

/** The game master's box. The words stay in it until the server has them. */
export function NewsBox({ sessionId, round, waiting }: { sessionId: string; round: number; waiting: boolean }) {
  const id = useId()
  const [draft, setDraft] = useState('')
  const [key, setKey] = useState(newKey)
  const feed = useMutation({
    mutationFn: (content: string) =>
      asSomebody('Game master', () => api.arena.submitNews.mutate({ key, sessionId, content })),
    onSuccess: () => {
      setDraft('')
      setKey(newKey())
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (draft.trim()) feed.mutate(draft.trim())
  }
  return (
    <form
      onSubmit={submit}
      aria-label="Feed the arena"
      className={`panel order-2 flex flex-col gap-3 ${waiting ? '!border-accent' : ''}`}
    >
      <label htmlFor={id} className="font-semibold">
        {waiting ? `The arena waits for your news (round ${round + 1})` : 'The next piece of news'}
      </label>
      <textarea
        id={id}
        rows={3}
        maxLength={MAX_NEWS}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        placeholder="Something that is not true, as it would be shared"
        className="input resize-y"
      />
      <div className="flex flex-wrap gap-2">
        {examples.map((example) => (
          <Button key={example} look="plain" className="!min-h-9 text-left !text-xs" onClick={() => setDraft(example)}>
            {example.split(' ').slice(0, 4).join(' ')}…
          </Button>
        ))}
      </div>
      <Problem text={feed.error ? messageOf(feed.error) : null} />
      <Button look="primary" type="submit" disabled={feed.isPending || draft.trim() === ''}>
        <Send size={16} aria-hidden="true" /> {feed.isPending ? 'Sending…' : 'Feed it'}
      </Button>
      {!waiting && <p className="text-soft text-xs">A round is being played; what you feed now comes next.</p>}
    </form>
  )
}
