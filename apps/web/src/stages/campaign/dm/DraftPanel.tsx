import { isAtWork, type NarratorTurn, startOf } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Check, Pencil, RefreshCw, Square, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { Markdown } from '../../../ui/markdown.tsx'
import { api, messageOf, newKey } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { isDmTurn } from '../../../live/narrating.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import { TurnProgress } from '../TurnProgress.tsx'

/** The narrator's draft, with the buttons to publish, edit, rewrite or discard it. */
export function DraftPanel({ roomId }: { roomId: string }) {
  const turn = useLive((state) => state.narrating)
  if (!isDmTurn(turn)) return null
  return (
    <Guard of={turn} instead={<AsWritten text={turn.text} />}>
      <Draft key={turn.id} roomId={roomId} turn={turn} />
    </Guard>
  )
}

function Draft({ roomId, turn }: { roomId: string; turn: NarratorTurn }) {
  const [edited, setEdited] = useState<string | null>(null)
  const [withPatch, setWithPatch] = useState(true)
  const [key] = useState(newKey)
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work() })
  const ofTurn = { roomId, turnId: turn.id }
  const isRunning = isAtWork(turn.phase)
  const hasText = turn.text.trim() !== ''
  const publish = () =>
    act.mutate(() =>
      api.narrator.publish.mutate({ ...ofTurn, key, withPatch, ...(edited === null ? {} : { text: edited }) }),
    )
  const again = () => act.mutate(() => api.narrator.regenerate.mutate({ ...ofTurn, key: newKey() }))
  const discard = () => act.mutate(() => api.narrator.discard.mutate({ ...ofTurn, key: newKey() }))
  const stop = () => act.mutate(() => api.narrator.cancel.mutate({ ...ofTurn, key: newKey() }))
  return (
    <section
      aria-label="Draft"
      data-testid="draft"
      className="border-line bg-raised arrive flex max-h-[65%] shrink-0 flex-col border-t"
    >
      <div className="min-h-0 overflow-y-auto px-3 pt-3" tabIndex={0} role="group" aria-label="What it wrote">
        <div className="mx-auto flex max-w-[42rem] flex-col gap-3 pb-2">
          <TurnProgress
            label="The narrator"
            phase={turn.phase}
            startedAt={turn.startedAt}
            estimateMs={turn.estimateMs}
          />
          <p className="text-soft text-sm break-words">
            {turn.answers
              ? `Answering ${turn.answers.author}: “${startOf(turn.answers.text, 120)}”`
              : `You asked: “${startOf(turn.message, 160)}”`}
          </p>
          <Problem text={turn.problem} />
          <Thoughts text={turn.reasoning ?? ''} />
          {edited !== null && !isRunning ? (
            <Editor text={edited} onChange={setEdited} />
          ) : (
            hasText && <Prose text={turn.text} />
          )}
          <Rolls turn={turn} />
          {turn.changes.length > 0 && (
            <div className="text-sm">
              <label className="flex min-h-9 items-center gap-2 font-semibold">
                <input
                  type="checkbox"
                  checked={withPatch}
                  onChange={(event) => setWithPatch(event.target.checked)}
                  className="accent-accent size-4"
                />
                With these changes
              </label>
              <ul data-testid="changes" className={`ml-6 list-disc ${withPatch ? '' : 'text-soft line-through'}`}>
                {turn.changes.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </div>
          )}
          {turn.notices.map((notice) => (
            <p key={notice} className="text-warn text-sm">
              {notice}
            </p>
          ))}
          <Problem text={act.error ? messageOf(act.error) : null} />
        </div>
      </div>
      <div className="border-line border-t px-3 py-2">
        <div className="mx-auto flex max-w-[42rem] flex-wrap gap-2 max-sm:[&>button]:px-2.5 max-sm:[&>button]:text-sm">
          {isRunning ? (
            <Button onClick={stop} disabled={act.isPending}>
              <Square size={15} aria-hidden="true" /> Stop
            </Button>
          ) : (
            <>
              {hasText && (
                <Button look="primary" onClick={publish} disabled={act.isPending || edited?.trim() === ''}>
                  <Check size={16} aria-hidden="true" /> Publish
                </Button>
              )}
              {hasText && (
                <Button
                  aria-pressed={edited !== null}
                  onClick={() => setEdited(edited === null ? turn.text : null)}
                  disabled={act.isPending}
                >
                  <Pencil size={15} aria-hidden="true" /> {edited === null ? 'Edit' : 'As it was'}
                </Button>
              )}
              <Button onClick={again} disabled={act.isPending}>
                <RefreshCw size={15} aria-hidden="true" /> Write again
              </Button>
              <Button look="quiet" className="!px-2" onClick={discard} disabled={act.isPending}>
                <Trash2 size={15} aria-hidden="true" /> Discard
              </Button>
            </>
          )}
        </div>
      </div>
    </section>
  )
}

function Editor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        The draft, as you want it
      </label>
      <textarea
        id={id}
        rows={6}
        maxLength={20_000}
        className="input resize-y"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

/** A model's thoughts, with LLM_REASONING=keep. */
function Thoughts({ text }: { text: string }) {
  if (text.trim() === '') return null
  return (
    <details className="text-soft text-sm">
      <summary className="flex min-h-9 cursor-pointer items-center">What the model thought (only you see this)</summary>
      <p data-testid="thoughts" className="[overflow-wrap:anywhere] whitespace-pre-wrap">
        {text.trim()}
      </p>
    </details>
  )
}

const Prose = ({ text }: { text: string }) => (
  <div data-testid="draft-text" className="prose-story">
    <Markdown text={text} />
  </div>
)

function Rolls({ turn: { rolls } }: { turn: NarratorTurn }) {
  if (rolls.length === 0) return null
  return (
    <div className="text-sm">
      <p className="font-semibold">It asks for</p>
      <ul className="ml-6 list-disc">
        {rolls.map(({ who, notation, why }) => (
          <li key={`${who}${notation}${why}`}>
            {who || 'someone'}: {notation}
            {why && `, ${why}`}
          </li>
        ))}
      </ul>
    </div>
  )
}
